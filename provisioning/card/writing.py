"""Writes a card so that it is right or does not start at all.

1. Zeros over the first bytes (partition table), and the last ones (GPT's copy of a former table).
2. The image but for its first bytes.
3. Everything is read back past all caches, and compared.
4. The enrolment file onto the FAT partition, and read back.
5. The first bytes, and of them the first sector last. Before it no board finds a partition.
"""

import hashlib
from pathlib import Path

from provisioning.card.fat import Fat
from provisioning.card.image import CHUNK, Image, Shown, chunks
from provisioning.card.partitions import SECTOR
from provisioning.card.target import Target, opened
from provisioning.card.words import size as in_words
from provisioning.errors import ProvisioningError

ENROLMENT = "enrolment.toml"
"""Its name on the card."""


def write(image: Image, device: Path, enrolment: bytes | None, shown: Shown) -> None:
    """Write ``image`` and an enrolment file to ``device``, and prove that both are there.

    Raises:
        ProvisioningError: too small, in use, pulled out, worn, stopped, or the image changed.
            The card then has no partition table.
    """
    try:
        _write(image, device, enrolment, shown)
    except KeyboardInterrupt:
        raise ProvisioningError(
            f"{device}: stopped; nothing starts from it, write it anew"
        ) from None


def check_room(image: Image, device: Path, size: int) -> None:
    """See to it that a device of ``size`` bytes holds an image.

    Raises:
        ProvisioningError: it doesn't.
    """
    if size < image.size:
        raise ProvisioningError(
            f"{device}: holds {in_words(size)}, and the image takes"
            f" {in_words(image.size)}; take a larger card"
        )


def _write(image: Image, device: Path, enrolment: bytes | None, shown: Shown) -> None:
    with opened(device) as card:
        check_room(image, device, card.size)
        _forget(card, image)
        head = _write_body(card, image, shown)
        card.flush()
        _compare(card, image, head, shown)
        if enrolment is not None:
            _enrol(card, image, enrolment)
        _begin(card, head)
        card.reread_table()


def _forget(card: Target, image: Image) -> None:
    card.write(0, bytes(_head_length(image)))
    last = max(image.size, card.size - _head_length(image))
    card.write(last, bytes(card.size - last))
    card.flush()


def _head_length(image: Image) -> int:
    return min(image.table.start, CHUNK)


def _write_body(card: Target, image: Image, shown: Shown) -> bytes:
    """Write all but the first bytes, and return them."""
    shown.begin("writing", image.size)
    offset, length, head = 0, _head_length(image), b""
    for (chunk, _position), digest in zip(chunks(image.path), image.digests, strict=False):
        if hashlib.sha256(chunk).digest() != digest:
            break
        if not offset:
            head = chunk[:length]
            chunk = bytes(length) + chunk[length:]
        card.write(offset, chunk)
        offset += len(chunk)
        shown.move(len(chunk))
    if offset != image.size:
        raise ProvisioningError(f"{image.path}: changed while it was read; write the card anew")
    shown.end()
    return head


def _compare(card: Target, image: Image, head: bytes, shown: Shown) -> None:
    """Compare all of the card with the image; in place of ``head`` there must be zeros."""
    shown.begin("reading back", image.size)
    for number, digest in enumerate(image.digests):
        offset = number * CHUNK
        there = card.read(offset, min(CHUNK, image.size - offset))
        if not number:
            if any(there[: len(head)]):
                raise _differs(card.path, 0)
            there = head + there[len(head) :]
        if hashlib.sha256(there).digest() != digest:
            raise _differs(card.path, offset)
        shown.move(len(there))
    shown.end()


def _begin(card: Target, head: bytes) -> None:
    for first, data in ((SECTOR, head[SECTOR:]), (0, head[:SECTOR])):
        card.write(first, data)
        card.flush()
    if card.read(0, len(head)) != head:
        card.write(0, bytes(SECTOR))
        raise _differs(card.path, 0)


def _enrol(card: Target, image: Image, content: bytes) -> None:
    fat = Fat(card.path, image.table.fat)
    fat.put(ENROLMENT, content)
    card.forget()
    if fat.get(ENROLMENT, len(content) + 1) != content:
        raise ProvisioningError(
            f"{card.path}: {ENROLMENT} does not go onto the FAT partition; it is full, or it or the"
            " card is damaged. Nothing starts from the card"
        )


def _differs(device: Path, offset: int) -> ProvisioningError:
    return ProvisioningError(
        f"{device}: what is read back at {in_words(offset)} is not what was written; the card is"
        " worn out, or smaller than it says. Nothing starts from it: throw it away"
    )

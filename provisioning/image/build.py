"""From nothing to an image: base, root, card, papers."""

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.image import base, cache, card, manifest, program, root, sbom
from provisioning.programs import call
from wire.files import write_atomic

Step = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Order:
    """What is wanted.

    Attributes:
        out: folder that gets the image's files.
        mirrors: where Debian's packages come from, if a base has to be made.
        refresh: whether to make a new base although there is one.
        key: private key that signs the manifest; None leaves it unsigned.
    """

    out: Path
    mirrors: base.Mirrors
    refresh: bool = False
    key: ec.EllipticCurvePrivateKey | None = None


def build(order: Order, step: Step) -> None:
    """Make the image; each part of the work runs within ``step``.

    Raises:
        ProvisioningError: what is missing, or what failed.
    """
    order.out.mkdir(parents=True, exist_ok=True)
    with cache.alone(step) as work:
        kept = base.path()
        if order.refresh or not kept.exists():
            with step("Debian base, by emulation"):
                base.make(kept, work, order.mirrors)
        status = _make_parts(kept, work, step)
        with step("Card image, compressed"):
            card.assemble(work)
            _deliver(work, order.out)
        with step("Bill of materials, manifest"):
            _papers(order, kept, status)


def epoch() -> int:
    """Return the date of the image's files: SOURCE_DATE_EPOCH, else that of the last commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or call("git", "log", "-1", "--format=%ct", folder=program.SOURCE))


def _make_parts(kept: Path, work: Path, step: Step) -> dict[str, str]:
    tree, dated = work / "root", epoch()
    with step("Root: base unpacked"):
        root.unpack(kept, tree)
    debs = sbom.debian(tree / "var/lib/dpkg/status")
    with step("Root: program, units, kernel"):
        root.furnish(tree, work, kept.parent, {"SOURCE_DATE_EPOCH": str(dated)})
    with step("Root: squashfs"):
        root.squash(tree, work / "root.squashfs", dated)
    with step("Boot and data partitions"):
        card.boot(tree, work, dated)
        card.data(work, dated)
    return debs


def names() -> tuple[str, str, str]:
    """Return the names of card image, root and bill of materials."""
    stem = f"hailong-terminal-{program.version()}"
    return f"{stem}.img.zst", f"{stem}.squashfs", f"{stem}.cdx.json"


def _deliver(work: Path, out: Path) -> None:
    image, squashed, _ = names()
    call("zstd", "--quiet", "--force", "-T0", "-9", work / "card.img", "-o", out / image)
    shutil.copyfile(work / "root.squashfs", out / squashed)


def _papers(order: Order, kept: Path, debs: dict[str, str]) -> None:
    dated = epoch()
    bill = sbom.document(program.version(), dated, debs, program.LOCK)
    write_atomic(order.out / names()[2], bill.encode())
    notes = {name: manifest.note(order.out / name) for name in names()}
    image = names()[0]
    # As sha256sum writes it; whoever writes a card looks for it.
    listed = f"{notes[image].sha256}  {image}\n"
    write_atomic(order.out / f"{image}.sha256", listed.encode())
    made = manifest.Manifest(
        version=program.version(),
        epoch=dated,
        base_sha256=manifest.note(kept).sha256,
        files=notes,
        debian=debs,
        python=sbom.python(program.LOCK),
    )
    manifest.write(order.out, made)
    if order.key:
        manifest.sign(order.out, order.key)

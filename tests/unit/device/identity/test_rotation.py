"""Changing the key: at the real enrolment server, and cut short between any two steps."""

import os
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from device.identity import rotation
from device.identity.enrol import present_certificate
from device.identity.est import EstError
from device.identity.files import IdentityFiles
from device.journal import inspection, writer
from device.journal.opening import Opened, open_journal, signer
from device.journal.writer import Journal
from device.remote.keychange import KeyChanger
from tests.fakes.journals import everything, rating
from tests.fakes.left_open import closed_later
from tests.fakes.ports import free_ports
from tests.unit.device.identity.conftest import Newcomer
from wire import codec, keys
from wire.envelope import kid_of_token, payload_of, seal
from wire.records import KeyChange


class Terminal:
    """A terminal with a journal; each start settles first, as the process does."""

    def __init__(self, newcomer: Newcomer) -> None:
        self.newcomer = newcomer
        self.files = newcomer.files
        self.data = newcomer.files.folder.parent
        self.start()

    def start(self) -> Opened:
        rotation.settle(self.files, signer(self.data))
        key = self.files.load_or_make_key()
        opened = open_journal(self.data, self.newcomer.id, key, self.newcomer.clock)
        self.journal: Journal = closed_later(opened.journal)
        self.changer = KeyChanger(self.files, self.newcomer.id, self.journal)
        return opened

    def certify(self) -> None:
        """The uplink's part."""
        fleet = self.files.read_fleet()
        assert fleet is not None
        rotation.certify_next(self.files, fleet, self.newcomer.clock)

    def signers(self) -> list[str]:
        """Who signed each record, in order."""
        return [kid_of_token(entry.token) for entry in everything(self.data)]

    def changes(self) -> list[str]:
        bodies = [codec.decode(payload_of(e.token)).body for e in everything(self.data)]
        return [body.x for body in bodies if isinstance(body, KeyChange)]

    def verified(self) -> list[str]:
        said: list[str] = []
        code = inspection.verify(self.data, self.newcomer.id, said.append)
        return said if code == 0 else [*said, "BROKEN"]


@pytest.fixture
def terminal(newcomer: Newcomer) -> Terminal:
    newcomer.enrol()
    return Terminal(newcomer)


def kid(files: IdentityFiles) -> str:
    return keys.kid_of(files.load_or_make_key())


def test_the_chain_goes_on_with_the_next_key_and_every_signature_is_checked(
    terminal: Terminal,
) -> None:
    old = kid(terminal.files)
    terminal.journal.append(rating())
    terminal.certify()
    assert terminal.files.next_key.stat().st_mode & 0o777 == 0o600
    assert terminal.changer.turn()
    new = kid(terminal.files)
    terminal.journal.append(rating())
    assert terminal.signers() == [old, old, old, new]
    assert not terminal.files.next_key.exists()
    assert not terminal.files.next_certificate.exists()
    key = terminal.files.load_or_make_key()
    assert present_certificate(terminal.files, key, terminal.newcomer.id) is not None
    assert terminal.verified()[-1] == "every record proves itself"
    assert not any("by another key" in line for line in terminal.verified())


def test_after_a_change_the_same_chain_is_opened_again(terminal: Terminal) -> None:
    terminal.certify()
    terminal.changer.turn()
    chain = terminal.journal.head().chain
    terminal.journal.close()
    assert terminal.start().how == "ready"
    assert terminal.journal.head().chain == chain


def test_a_key_can_be_changed_again_and_again(terminal: Terminal) -> None:
    for _ in range(3):
        terminal.certify()
        assert terminal.changer.turn()
        terminal.journal.append(rating())
    assert len(set(terminal.signers())) == 4
    assert terminal.verified()[-1] == "every record proves itself"


def test_a_bad_signature_in_the_name_of_a_former_key_is_found(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def badly_sealed(payload: bytes, key: OKPKey) -> bytes:
        good, other = seal(payload, key), seal(b"{}", key)
        return good.rpartition(b".")[0] + b"." + other.rpartition(b".")[2]

    with monkeypatch.context() as forger:
        forger.setattr(writer, "seal", badly_sealed)
        terminal.journal.append(rating())
    terminal.certify()
    terminal.changer.turn()
    said = terminal.verified()
    assert said[-1] == "BROKEN"
    assert any("record 2 of chain" in line and "signature is wrong" in line for line in said)


def test_a_key_that_the_chain_never_changed_to_is_found(terminal: Terminal) -> None:
    terminal.journal.append(rating())
    terminal.files.keep_former(keys.generate())
    terminal.journal._key = keys.generate()
    terminal.files.keep_former(terminal.journal._key)
    terminal.journal.append(rating())
    assert any("did not change to" in line for line in terminal.verified())


def cut_at(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the power go before the rename number ``after`` of the change."""
    calls = iter(range(99))
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if next(calls) == after:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            terminal.changer.turn()


# Renames of the change in their order: former.json, next.key, next.crt.
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_power_cut_between_any_two_steps_after_the_record_finishes_the_change(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    old = kid(terminal.files)
    terminal.certify()
    next_kid = keys.kid_of(keys.load_private(terminal.files.next_key.read_bytes()))
    cut_at(terminal, monkeypatch, after)
    terminal.journal.close()
    assert terminal.start().how == "ready"
    assert kid(terminal.files) == next_kid
    assert not terminal.changer.turn()
    terminal.journal.append(rating())
    assert terminal.signers() == [old, old, next_kid]
    key = terminal.files.load_or_make_key()
    assert present_certificate(terminal.files, key, terminal.newcomer.id) is not None
    assert terminal.verified()[-1] == "every record proves itself"
    assert len(terminal.changes()) == 1


def test_a_power_cut_before_the_record_changes_nothing_and_it_is_taken_up_again(
    terminal: Terminal,
) -> None:
    old = kid(terminal.files)
    terminal.certify()
    terminal.journal.close()
    assert terminal.start().how == "ready"
    assert kid(terminal.files) == old
    assert terminal.changer.turn()
    assert kid(terminal.files) != old
    assert terminal.verified()[-1] == "every record proves itself"


def test_a_power_cut_between_key_and_certificate_uses_the_same_key_again(
    terminal: Terminal,
) -> None:
    made = keys.kid_of(terminal.files.load_or_make_next_key())
    assert rotation.is_begun(terminal.files)
    assert not terminal.changer.turn()
    terminal.certify()
    assert not rotation.is_begun(terminal.files)
    terminal.certify()
    assert terminal.changer.turn()
    assert kid(terminal.files) == made


def test_an_answer_of_the_server_that_got_lost_costs_nothing(terminal: Terminal) -> None:
    terminal.certify()
    terminal.files.next_certificate.unlink()
    terminal.certify()
    assert terminal.changer.turn()


def test_a_server_that_is_away_leaves_everything_as_it_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = kid(terminal.files)
    away = terminal.files.fleet.read_text().replace(
        str(terminal.newcomer.fleet.est.port), str(free_ports(1)[0])
    )
    terminal.files.fleet.write_text(away)
    with pytest.raises(EstError):
        terminal.certify()
    assert not terminal.changer.turn()
    assert kid(terminal.files) == old


def test_a_next_certificate_that_does_not_fit_is_dropped(terminal: Terminal) -> None:
    old = kid(terminal.files)
    terminal.files.load_or_make_next_key()
    terminal.files.write_next_certificate(terminal.files.certificate.read_bytes())
    assert not terminal.changer.turn()
    assert not terminal.files.next_key.exists()
    assert not terminal.files.next_certificate.exists()
    assert (kid(terminal.files), terminal.changes()) == (old, [])


def test_a_disk_that_refuses_is_tried_again_and_the_record_written_once(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.certify()

    def full(*_args: object, **_more: object) -> int:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(os, "open", full)
        assert not terminal.changer.turn()
    terminal.journal.append(rating())
    assert terminal.changer.turn()
    assert len(terminal.changes()) == 1
    assert terminal.verified()[-1] == "every record proves itself"


def test_damage_after_a_change_is_mended_with_the_new_key(terminal: Terminal) -> None:
    for _ in range(5):
        terminal.journal.append(rating())
    terminal.certify()
    terminal.changer.turn()
    for _ in range(5):
        terminal.journal.append(rating())
    terminal.journal.close()
    path = terminal.data / "journal" / "journal.db"
    content = bytearray(path.read_bytes())
    content[:100] = b"\0" * 100
    path.write_bytes(content)
    opened = terminal.start()
    assert (opened.how, opened.rescued) == ("damage", 12)
    assert terminal.verified()[-1] == "every record proves itself"

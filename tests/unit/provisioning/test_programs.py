"""Programs of the system: quiet when they succeed, told with their last words when they fail."""

from pathlib import Path

import pytest

from provisioning.errors import ProvisioningError
from provisioning.programs import beginning, call, missing


def test_a_program_that_is_missing_is_told_with_what_installs_it() -> None:
    with pytest.raises(ProvisioningError, match="tools/system-packages image"):
        call("no-such-program")


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(ProvisioningError, match=r"sh failed \(exit code 3\):\n  no mirror"):
        call("sh", "-c", "echo no mirror >&2; exit 3", log=log)
    assert log.read_text() == "no mirror\n"


def test_what_it_printed_before_it_failed_is_not_told() -> None:
    """Half of an enrolment file that was read from a card holds a token."""
    with pytest.raises(ProvisioningError) as failed:
        call("sh", "-c", "echo token; echo the card is gone >&2; exit 1")
    assert str(failed.value) == "sh failed (exit code 1):\n  the card is gone"
    with pytest.raises(ProvisioningError, match="no space"):
        call("sh", "-c", "echo no space; exit 1")


def test_what_it_prints_is_returned_and_what_it_is_given_read() -> None:
    assert call("cat", given=b"\xff\n") == b"\xff\n"


def test_a_program_that_prints_without_end_is_ended() -> None:
    assert beginning("yes", most=5) == b"y\ny\ny"
    assert beginning("echo", "word", most=5) == b"word\n"
    assert beginning("echo", "word", most=9) == b"word\n"
    with pytest.raises(ProvisioningError, match=r"sh failed \(exit code 1\):\n  no card$"):
        beginning("sh", "-c", "echo token; echo no card >&2; exit 1", most=9)
    with pytest.raises(ProvisioningError, match="the program no-such-program is missing"):
        beginning("no-such-program", most=9)


def test_what_a_technician_lacks_is_told_by_its_package() -> None:
    assert "apt-get install mtools" in str(missing("mcopy"))

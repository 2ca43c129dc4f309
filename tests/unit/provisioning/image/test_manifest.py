"""The papers of an image: a copy that was cut off, changed or signed by another is refused."""

from pathlib import Path

import pytest

from provisioning import cli
from provisioning.errors import ProvisioningError
from provisioning.image import manifest
from provisioning.image.manifest import Manifest, note
from provisioning.pki import files
from tests.unit.provisioning.image.signers import Signer


@pytest.fixture
def image(tmp_path: Path) -> Path:
    folder = tmp_path / "image"
    folder.mkdir()
    (folder / "card.img.zst").write_bytes(b"card" * 1000)
    notes = {"card.img.zst": note(folder / "card.img.zst")}
    manifest.write(folder, Manifest("0.1.0", 1, "00", notes, {"iwd": "3"}, {"cffi": "2"}))
    return folder


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path, "update")


def verify(image: Path, *words: str) -> int:
    return cli.main(["image", "verify", str(image), *words])


def test_an_image_that_was_signed_and_copied_whole_is_good(
    image: Path, signer: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest.sign(image, files.read_key(signer.key))
    assert verify(image, "--certificate", str(signer.certificate)) == 0
    assert "signature: good" in capsys.readouterr().out


def test_openssl_takes_the_signature_too(image: Path, signer: Signer) -> None:
    manifest.sign(image, files.read_key(signer.key))
    assert signer.openssl_takes(image / manifest.NAME, image / manifest.SIGNATURE)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"card" * 999, "cut off: 3996 bytes instead of 4000"),
        (b"card" * 1001, "too long"),
        (b"cord" * 1000, "damaged or was changed"),
        (None, "missing"),
    ],
)
def test_a_file_that_is_not_as_it_was_made_is_named(
    image: Path, content: bytes | None, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (image / "card.img.zst").unlink()
    if content is not None:
        (image / "card.img.zst").write_bytes(content)
    assert verify(image, "--unsigned") == 1
    said = capsys.readouterr().err
    assert word in said
    assert "card.img.zst" in said


def test_a_signature_of_another_key_is_refused(
    image: Path, signer: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest.sign(image, files.read_key(signer.key))
    other = Signer(tmp_path, "other")
    assert verify(image, "--certificate", str(other.certificate)) == 1
    assert "was not signed with the key of" in capsys.readouterr().err


def test_a_manifest_that_was_changed_afterwards_is_refused(image: Path, signer: Signer) -> None:
    manifest.sign(image, files.read_key(signer.key))
    text = (image / manifest.NAME).read_text()
    (image / manifest.NAME).write_text(text.replace("0.1.0", "0.2.0"))
    with pytest.raises(ProvisioningError, match="changed"):
        manifest.check_signature(image, signer.certificate)


def test_an_image_that_nobody_signed_is_refused_unless_that_is_asked_for(
    image: Path, signer: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(image, "--certificate", str(signer.certificate)) == 1
    assert "was not signed" in capsys.readouterr().err
    assert verify(image, "--unsigned") == 0
    assert "signature: not looked at" in capsys.readouterr().out


def test_a_new_manifest_takes_the_old_signature_away(image: Path, signer: Signer) -> None:
    manifest.sign(image, files.read_key(signer.key))
    manifest.write(image, Manifest("0.2.0", 1, "00", {}, {}, {}))
    assert not (image / manifest.SIGNATURE).exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"a": {}}}', '{"files": [1]}'])
def test_a_damaged_manifest_is_said_to_be_damaged(image: Path, text: str) -> None:
    (image / manifest.NAME).write_text(text)
    with pytest.raises(ProvisioningError, match="damaged"):
        manifest.check_files(image)


def test_a_folder_without_manifest_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match=r"manifest\.json is missing"):
        manifest.check_files(tmp_path)


@pytest.mark.parametrize("words", [["build"], ["bundle", ".", "--certificate", "update.crt"]])
def test_a_locked_key_is_opened_before_anything_is_made(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    key, secret = tmp_path / "update.key", tmp_path / "secret"
    files.write_key(key, files.new_key(), b"six words that nobody guesses")
    secret.write_text("six words that somebody made up")
    secret.chmod(0o600)
    begun = [*words, "--key", str(key), "--passphrase-file", str(secret)]
    assert cli.main(["image", *begun]) == 1
    assert f"{key}: this is not its passphrase" in capsys.readouterr().err


def test_a_file_that_is_no_certificate_is_named(image: Path, signer: Signer) -> None:
    with pytest.raises(ProvisioningError, match="not a certificate"):
        manifest.check_signature(image, signer.key)


@pytest.mark.parametrize("missing", [manifest.NAME, "update.crt"])
def test_papers_that_are_not_there_are_one_clear_error(
    image: Path, signer: Signer, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    manifest.sign(image, files.read_key(signer.key))
    for folder in (image, signer.certificate.parent):
        (folder / missing).unlink(missing_ok=True)
    assert verify(image, "--certificate", str(signer.certificate)) == 1
    said = capsys.readouterr().err
    assert missing in said
    assert len(said.splitlines()) == 1

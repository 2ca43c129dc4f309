"""The root side with the real RAUC: bundles that are good, and bundles that are not."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest

from device.core.updating import OLDER
from device.updates import root
from device.updates.folder import Request, UpdateFolder
from device.updates.rauc import Rauc, RaucError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, files
from tests.fakes.rauc import NOBODY, RealRauc, bundle

NOW = datetime.now(UTC)


def fleet(folder: Path) -> FleetLayout:
    layout = FleetLayout(folder)
    authority.create(layout, "Test", NOW)
    return layout


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> FleetLayout:
    return fleet(tmp_path_factory.mktemp("fleet"))


class Machine:
    """A machine with the real RAUC, and the folder through which it is asked."""

    def __init__(self, path: Path, layout: FleetLayout, stack: ExitStack) -> None:
        (path / "rauc").mkdir()
        (path / "update").mkdir()
        self.real = RealRauc(path / "rauc", layout.root_certificate, stack)
        self.folder = UpdateFolder(path / "update")
        self.boot = 0

    def ask(self, do: str, version: str = "1.1.0") -> str:
        """Have the root side do something; return what went wrong."""
        self.folder.write_request(Request("r", do, version))  # type: ignore[arg-type]
        self.run_root()
        state = self.folder.read_state()
        assert state is not None
        return state.error

    def run_root(self) -> None:
        """Do what the root side's unit does."""
        root.apply(self.folder, self.real.rauc, f"boot-{self.boot}", self.real.image())

    def start(self) -> None:
        """Start the machine again."""
        self.boot += 1
        self.real.start_machine()
        self.run_root()

    def is_on_trial(self) -> bool:
        state = self.folder.read_state()
        assert state is not None
        return state.trial


@pytest.fixture
def machine(tmp_path: Path, layout: FleetLayout) -> Iterator[Machine]:
    with ExitStack() as stack:
        yield Machine(tmp_path, layout, stack)


def test_a_good_bundle_is_installed_tried_and_confirmed(
    machine: Machine, layout: FleetLayout
) -> None:
    bundle(machine.folder.bundle, layout, "1.1.0")
    assert machine.ask("install") == ""
    assert machine.real.image() == "1.0.0", "nothing changes before a start"
    machine.start()
    assert (machine.real.image(), machine.is_on_trial()) == ("1.1.0", True)
    assert machine.ask("confirm") == ""
    assert not machine.is_on_trial()
    machine.start()
    assert (machine.real.image(), machine.is_on_trial()) == ("1.1.0", False)


def test_what_is_not_confirmed_is_gone_after_the_next_start_and_can_be_tried_again(
    machine: Machine, layout: FleetLayout
) -> None:
    bundle(machine.folder.bundle, layout, "1.1.0")
    machine.ask("install")
    machine.start()
    machine.start()
    assert (machine.real.image(), machine.is_on_trial()) == ("1.0.0", False)
    assert machine.ask("try") == ""
    machine.start()
    assert (machine.real.image(), machine.is_on_trial()) == ("1.1.0", True)


def refusal(machine: Machine) -> str:
    """Return why what lies in the folder is not installed."""
    error = machine.ask("install")
    assert error
    machine.start()
    assert machine.real.image() == "1.0.0"
    return error


def test_a_bundle_that_another_fleet_signed_is_refused(
    machine: Machine, layout: FleetLayout, tmp_path: Path
) -> None:
    stranger = fleet(tmp_path / "stranger")
    bundle(machine.folder.bundle, layout, "1.1.0", signer=stranger)
    assert "signature verification failed" in refusal(machine)


def test_a_bundle_that_the_issuing_authority_had_signed_is_refused(
    machine: Machine, layout: FleetLayout, tmp_path: Path
) -> None:
    """Who breaks into the server gets its issuing CA, and must get no terminal by it."""
    thief = FleetLayout(tmp_path / "thief")
    files.make_directory(thief.pki)
    key = files.new_key()
    issuing = authority.load_issuing(layout)
    forged = certificates.issue_update(issuing, key.public_key(), NOW)
    files.write_certificates(thief.update_certificate, [forged])
    files.write_key(thief.update_key, key)
    chain = layout.issuing_certificate
    bundle(machine.folder.bundle, layout, "1.1.0", signer=thief, intermediate=chain)
    assert "unsuitable certificate purpose" in refusal(machine)


def test_a_server_certificate_signs_no_bundle(
    machine: Machine, layout: FleetLayout, tmp_path: Path
) -> None:
    server = FleetLayout(tmp_path / "server")
    authority.write_server(layout, authority.load_issuing(layout), ["localhost"], NOW)
    files.make_directory(server.pki)
    server.update_certificate.write_bytes(layout.server_certificate.read_bytes())
    server.update_key.write_bytes(layout.server_key.read_bytes())
    chain = layout.issuing_certificate
    bundle(machine.folder.bundle, layout, "1.1.0", signer=server, intermediate=chain)
    assert "unsuitable certificate purpose" in refusal(machine)


def test_a_bundle_for_another_machine_is_refused(machine: Machine, layout: FleetLayout) -> None:
    bundle(machine.folder.bundle, layout, "1.1.0", compatible="toaster")
    assert "ompatible" in refusal(machine)


@pytest.mark.parametrize("keep", [0.99, 0.5, 0.0])
def test_a_truncated_bundle_is_refused(machine: Machine, layout: FleetLayout, keep: float) -> None:
    path = bundle(machine.folder.bundle, layout, "1.1.0")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert refusal(machine)


def test_a_bundle_with_one_wrong_byte_is_refused(machine: Machine, layout: FleetLayout) -> None:
    path = bundle(machine.folder.bundle, layout, "1.1.0")
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    assert "signature verification failed" in refusal(machine)


def test_a_bundle_that_is_another_version_than_the_fleet_said_is_refused(
    machine: Machine, layout: FleetLayout
) -> None:
    bundle(machine.folder.bundle, layout, "0.9.0")
    assert refusal(machine) == "the bundle is version 0.9.0, not 1.1.0"


def test_a_bundle_older_than_the_image_that_runs_is_refused(
    machine: Machine, layout: FleetLayout
) -> None:
    """It was signed once, and so it would be installed again with all of its faults."""
    bundle(machine.folder.bundle, layout, "0.9.9")
    assert machine.ask("install", "0.9.9") == OLDER
    assert (machine.real.folder / "B.img").read_bytes().startswith(b"1.0.0")


def test_nobody_is_sent_back_to_the_image_before_by_having_it_tried(
    machine: Machine, layout: FleetLayout
) -> None:
    for version in ("1.1.0", "1.2.0"):
        bundle(machine.folder.bundle, layout, version)
        machine.ask("install", version)
        machine.start()
        machine.ask("confirm", version)
        rmtree(machine.folder.bundle.with_suffix(".content"))
        machine.folder.bundle.unlink()
    assert machine.ask("try", "1.1.0") == OLDER
    assert machine.ask("try", "1.2.0") == "the other slot does not hold version 1.2.0"
    machine.start()
    assert (machine.real.image(), machine.is_on_trial()) == ("1.2.0", False)


def test_what_rauc_never_wrote_is_not_tried(machine: Machine) -> None:
    assert machine.ask("try") == "the other slot does not hold version 1.1.0"


def test_where_there_is_no_rauc_that_is_said() -> None:
    with pytest.raises(RaucError, match="rauc cannot be run: No such file"):
        Rauc(("/nowhere/rauc",)).slots()


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"booted": "A", "slots": []}'])
def test_an_answer_that_says_nothing_is_an_error(tmp_path: Path, said: str) -> None:
    program = tmp_path / "rauc"
    program.write_text(f"#!/bin/sh\necho '{said}'\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(RaucError):
        Rauc((str(program),)).slots()


def test_on_the_images_bus_rauc_takes_orders_from_root_alone(machine: Machine) -> None:
    """Its own rules let everybody install, and mark slots: then the root side could be left out."""
    assert machine.real.obeys()
    assert not machine.real.obeys(user=NOBODY)

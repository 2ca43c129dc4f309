"""A real RAUC on slots that are files, with a boot loader that is a script, on a bus of its own.

The kernel under the tests may lack the device mapper, which RAUC needs to *install* a bundle of the
format verity; so these are plain ones. The image's own test installs a verity bundle.
"""

import subprocess
import textwrap
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from device.updates.rauc import Rauc
from provisioning import image
from provisioning.layout import FleetLayout
from tests.fakes.wait import eventually

_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
<allow send_type="method_call"/><allow receive_type="method_call"/>
<allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>
</policy><include>{policy}</include></busconfig>
"""
_POLICY = Path(image.__file__).parent / "files/etc/dbus-1/system.d/hailong-rauc.conf"
NOBODY = 65534
_LOADER = """\
#!/bin/sh
# The rules of a boot loader that tries a slot once: see systemd/README.md.
cd {folder}/loader || exit 1
case "$1" in
get-primary) cat next 2>/dev/null || cat kept ;;
set-primary) [ "$2" = "$(cat kept)" ] && rm -f next || echo "$2" >next ;;
get-state) [ "$2" = "$(cat kept)" ] && echo good || echo bad ;;
set-state) [ "$3" != good ] || {{ echo "$2" >kept; rm -f next; }} ;;
*) exit 1 ;;
esac
"""
_SYSTEM = """\
[system]
compatible={compatible}
bootloader=custom
{more}
statusfile={folder}/status.raucs
mountprefix={folder}/mnt
[handlers]
bootloader-custom-backend={folder}/boot-slots
[keyring]
path={root}
check-purpose=codesign
[slot.rootfs.0]
device={folder}/A.img
type=raw
bootname=A
[slot.rootfs.1]
device={folder}/B.img
type=raw
bootname=B
"""
COMPATIBLE = "hailong-terminal"


def bundle(
    path: Path,
    layout: FleetLayout,
    version: str,
    compatible: str = COMPATIBLE,
    form: str = "plain",
    signer: FleetLayout | None = None,
    intermediate: Path | None = None,
) -> Path:
    """Make a signed bundle whose image is its version, and return its path."""
    content = path.with_suffix(".content")
    content.mkdir()
    # Noise, as it can't be packed smaller: a verity bundle has a least size.
    image = f"{version}\0".encode() + Random(version).randbytes(65_536)
    (content / "rootfs.img").write_bytes(image)
    manifest = f"""\
        [update]
        compatible={compatible}
        version={version}
        [bundle]
        format={form}
        [image.rootfs]
        filename=rootfs.img
        """
    (content / "manifest.raucm").write_text(textwrap.dedent(manifest), "utf-8")
    by = signer or layout
    words: list[str | Path] = [
        "rauc",
        "bundle",
        "--cert",
        by.update_certificate,
        "--key",
        by.update_key,
    ]
    words += [] if intermediate is None else ["--intermediate", intermediate]
    subprocess.run([*words, content, path], check=True, capture_output=True)
    return path


class RealRauc:
    """RAUC's service for one machine; `start_machine` is what a start of the machine does.

    Args:
        folder: for slots, boot loader and configuration.
        root: the fleet's root certificate.
        stack: ends what was started.
        program: RAUC, with the words that start it.
        more: a line of its configuration's part ``[system]``.

    Attributes:
        rauc: the adapter under test, which calls the real program.
    """

    def __init__(
        self,
        folder: Path,
        root: Path,
        stack: ExitStack,
        program: Sequence[str] = ("rauc",),
        more: str = "",
    ) -> None:
        self.folder = folder
        for name in ("loader", "mnt"):
            (folder / name).mkdir()
        (folder / "loader" / "kept").write_text("A\n", "utf-8")
        for slot in "AB":
            (folder / f"{slot}.img").write_bytes(b"1.0.0".ljust(131_072, b"\0"))
        loader = folder / "boot-slots"
        loader.write_text(_LOADER.format(folder=folder), "utf-8")
        loader.chmod(0o755)
        system = _SYSTEM.format(folder=folder, root=root, more=more, compatible=COMPATIBLE)
        (folder / "system.conf").write_text(system, "utf-8")
        bus = Path(stack.enter_context(TemporaryDirectory(prefix="hailong-bus-")))
        bus.chmod(0o755)  # as a system's: open to every user
        self._socket = bus / "socket"
        self._env = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._socket}",
        }
        (folder / "bus.conf").write_text(_BUS.format(socket=self._socket, policy=_POLICY), "utf-8")
        self._start(stack, "dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork")
        eventually(self._socket.exists, what="the bus")
        self._service: subprocess.Popen[bytes] | None = None
        stack.callback(self._end_service)
        # The address is of this machine's bus alone, so the adapter's own words stay as they are.
        words = [f"{name}={value}" for name, value in self._env.items()]
        self._program = *program, f"--conf={folder / 'system.conf'}"
        self.rauc = Rauc(("env", *words, *self._program))
        self.booted = "A"
        self.start_machine()

    def image(self) -> str:
        """Return what the slot that runs holds."""
        return (self.folder / f"{self.booted}.img").read_bytes().partition(b"\0")[0].decode()

    def start_machine(self) -> None:
        """Start what is to be tried, once, else what is kept; and RAUC's service with it."""
        self._end_service()
        tried, kept = (self.folder / "loader" / name for name in ("next", "kept"))
        self.booted = (tried if tried.exists() else kept).read_text("utf-8").strip()
        tried.unlink(missing_ok=True)
        words = [*self._program, "service", f"--override-boot-slot={self.booted}"]
        log = (self.folder / "service.log").open("ab")
        with log:
            self._service = subprocess.Popen(words, env=self._env, stdout=log, stderr=log)
        eventually(self.obeys, what="rauc's service")

    def obeys(self, user: int = 0) -> bool:
        """Say whether it does what that user asks of it over the bus."""
        words = ["rauc", "status"]
        asked = subprocess.run(words, env=self._env, user=user, capture_output=True)
        return asked.returncode == 0

    def _start(self, stack: ExitStack, *words: str) -> None:
        process = subprocess.Popen(words, env=self._env, stdout=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)

    def _end_service(self) -> None:
        if self._service is not None:
            self._service.terminate()
            self._service.wait()
            self._service = None

"""The initrd: busybox, drivers, and the two programs in ``initrd/``. Made in seconds, natively."""

import gzip
import lzma
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.image import cpio

_HERE = Path(__file__).parent / "initrd"
_BUSYBOX = "usr/bin/busybox"


def make(root: Path, modules: Path) -> bytes:
    """Return the initrd for the kernel whose ``modules`` lie in ``root``.

    Modules are unpacked: busybox loads them one by one, in the order in which they need each
    other, and knows neither xz nor dependencies.

    Raises:
        ProvisioningError: a driver of the list is neither a module nor in the kernel.
    """
    wanted = [line for line in (_HERE / "modules.txt").read_text().split("\n") if _is_name(line)]
    entries = [cpio.folder("bin"), cpio.folder("modules")]
    entries.append(cpio.program("init", (_HERE / "init").read_bytes()))
    entries.append(cpio.program("bin/end-trial", (_HERE / "end-trial").read_bytes()))
    entries.append(cpio.program("bin/busybox", (root / _BUSYBOX).read_bytes()))
    entries.append(cpio.link("bin/sh", "busybox"))
    order = load_order(wanted, modules)
    names = [_name(path) + ".ko" for path in order]
    entries += [
        cpio.file(f"modules/{name}", _unpacked(modules / path))
        for name, path in zip(names, order, strict=True)
    ]
    entries.append(cpio.file("modules/order", "".join(f"{name}\n" for name in names).encode()))
    return gzip.compress(cpio.archive(entries), mtime=0)


def load_order(wanted: list[str], modules: Path) -> list[str]:
    """Return the paths of the modules, each after those that it needs.

    Raises:
        ProvisioningError: a name that the kernel doesn't know.
    """
    needs = _needs(modules)
    paths = {_name(path): path for path in needs}
    builtin = {_name(line) for line in (modules / "modules.builtin").read_text().splitlines()}
    order: dict[str, None] = {}
    for name in (name.replace("-", "_") for name in wanted):
        if name in paths:
            # modules.dep names all that is needed, the nearest first.
            order.update(dict.fromkeys([*reversed(needs[paths[name]]), paths[name]]))
        elif name not in builtin:
            raise ProvisioningError(f"the kernel has no driver {name} (initrd/modules.txt)")
    return list(order)


def _needs(modules: Path) -> dict[str, list[str]]:
    lines = (modules / "modules.dep").read_text().splitlines()
    pairs = (line.partition(":") for line in lines)
    return {path: needed.split() for path, _, needed in pairs}


def _name(path: str) -> str:
    return path.rpartition("/")[2].partition(".ko")[0].replace("-", "_")


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def _is_name(line: str) -> bool:
    return bool(line) and not line.startswith("#")

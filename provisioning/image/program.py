"""Our program for the terminal: wheels from the lock by hash, and ours, under /opt/hailong.

Wheels for arm64 are unpacked on the build machine, so nothing is compiled and no package of
Python's runs its own code. A terminal holds ``device`` and ``wire`` and nothing of the server.
"""

import hashlib
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.programs import call

# The checkout that the image is made from: its lock, units and source.
SOURCE = Path(__file__).resolve().parents[2]
LOCK = SOURCE / "requirements" / "terminal.txt"
PYTHON = "3.13"
_PLATFORM = "aarch64-manylinux_2_40"
# Large, and of use to nobody on a terminal; compiling them takes minutes.
_LEFT_OUT = ("bin", ".lock", "pygame/tests", "pygame/examples", "pygame/docs")
_OURS = ("device/", "wire/", "hailong-")
_HOME = Path("opt/hailong")
_SITE = _HOME / "lib" / f"python{PYTHON}" / "site-packages"
_VENV = f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {PYTHON}\n"
_START = """\
#!/opt/hailong/bin/python3
import sys

from device.cli import main

sys.exit(main())
"""


def version() -> str:
    """Return Hailong's version, as the image and its bundles name it."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def install(root: Path, work: Path, kept: Path, environment: dict[str, str]) -> None:
    """Put the program into the tree at ``root``, byte-compiled.

    Args:
        root: the tree; it has Python.
        work: for files in between.
        kept: folder where the compiled packages of the lock are kept for the next image.
        environment: variables for the programs that are called.

    Raises:
        ProvisioningError: no checkout, a wheel that isn't there for arm64, or a wrong hash.
    """
    if not LOCK.exists():
        raise ProvisioningError(
            f"{LOCK} is missing: the image is built in a checkout of Hailong's source"
        )
    site = root / _SITE
    site.mkdir(parents=True)
    _packages(root, work, kept, environment)
    with zipfile.ZipFile(_wheel(work, environment)) as wheel:
        wheel.extractall(site, [name for name in wheel.namelist() if name.startswith(_OURS)])
    _start(root)
    _compile(root, *(f"/{_SITE}/{name}" for name in ("device", "wire")))


def _packages(root: Path, work: Path, kept: Path, environment: dict[str, str]) -> None:
    """Lay out what the lock names; compiled by emulation once, since that takes minutes."""
    recipe = "\n".join([LOCK.read_text(), PYTHON, _PLATFORM, *_LEFT_OUT])
    archive = kept / f"packages-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}.tar"
    site = root / _SITE
    if not archive.exists():
        _from_lock(site, environment)
        _compile(root, f"/{_SITE}")
        unfinished = work / archive.name
        call("tar", "--create", "--file", unfinished, "--sort=name", "--directory", site, ".")
        unfinished.replace(archive)
    else:
        call("tar", "--extract", "--file", archive, "--directory", site)


def _from_lock(site: Path, environment: dict[str, str]) -> None:
    call(
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"),
        *("--no-deps", "--only-binary", ":all:", "--link-mode", "copy"),
        *("--python-platform", _PLATFORM, "--python-version", PYTHON),
        *("--target", site, "--requirement", LOCK),
        environment=environment,
    )
    for name in _LEFT_OUT:
        path = site / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _wheel(work: Path, environment: dict[str, str]) -> Path:
    folder = work / "wheel"
    call(
        *(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder),
        environment=environment,
        folder=SOURCE,
    )
    return next(folder.glob("hailong-*.whl"))


def _start(root: Path) -> None:
    programs = root / _HOME / "bin"
    programs.mkdir()
    (root / _HOME / "pyvenv.cfg").write_text(_VENV)
    (programs / "python3").symlink_to(f"/usr/bin/python{PYTHON}")
    start = programs / "hailong-terminal"
    start.write_text(_START)
    start.chmod(0o755)


def _compile(root: Path, *folders: str) -> None:
    """Compile by the terminal's own Python, under emulation: byte code is of one minor version."""
    call(
        *("chroot", root, f"/usr/bin/python{PYTHON}", "-m", "compileall", "-q"),
        *("--invalidation-mode", "unchecked-hash", *folders),
        environment={"PYTHONHASHSEED": "0"},
    )

"""Programs, files, users and directories of a machine: there, and as this version has them."""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from provisioning.finding import Finding, good, note, wrong
from provisioning.server import install, payload
from provisioning.server.install import inside
from provisioning.server.payload import ROLES, Role

AGAIN = "run: hailong-provision server install"
_MAKE = (
    "python3 -m venv /opt/hailong && /opt/hailong/bin/pip install … ;"
    " see provisioning/server/README.md"
)


def installed(root: Path) -> list[str]:
    """Return the names of the roles that were installed under a root."""
    return [
        name
        for name, role in ROLES.items()
        if all((root / item.target).exists() for item in payload.items(role))
    ]


def programs(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Look for what the units start."""
    folder = inside(root, payload.PROGRAMS)
    wanted = list(dict.fromkeys(name for role in roles for name in role.programs))
    missing = [name for name in wanted if not _runs(folder / name)]
    for name in missing:
        yield wrong("programs", f"{folder / name}: is not there or can't be run", _MAKE)
    if not missing:
        yield good("programs", f"{', '.join(wanted)} are in {folder}")


def files(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Compare what is installed with what this version brings."""
    planned = install.plan(root, roles)
    for one in planned:
        if one.state == "new":
            yield wrong("files", f"{one.target}: is not there", AGAIN)
        elif one.state == "changed":
            yield note(
                "files",
                f"{one.target}: is not that of this version",
                f"{AGAIN}, which keeps a copy; changes of your own belong into systemctl edit",
            )
    if all(one.state == "same" for one in planned):
        yield good("files", f"{len(planned)} files are those of this version")


def users(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Look for the user of each role."""
    known = _users(root)
    for role in roles:
        if role.user not in known:
            yield wrong("users", f"{role.user}: there is no such user", AGAIN)
        elif not known[role.user][1].endswith(("nologin", "false")):
            yield wrong(
                "users", f"{role.user}: can sign in", f"usermod -s /usr/sbin/nologin {role.user}"
            )
        else:
            yield good("users", f"{role.user} is there and can't sign in")


def directories(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Compare owner and mode of each directory with what tmpfiles.d says."""
    known = _users(root)
    for role in roles:
        for path, mode in _wanted(role):
            yield _directory(inside(root, path), mode, role.user, known)


def _directory(path: Path, mode: int, user: str, known: dict[str, tuple[int, str]]) -> Finding:
    try:
        found = path.stat()
    except OSError as error:
        return wrong("directories", f"{path}: {error.strerror}", AGAIN)
    if stat.S_IMODE(found.st_mode) != mode:
        said = f"{path}: its mode is {stat.S_IMODE(found.st_mode):o}, not {mode:o}"
        return wrong("directories", said, f"chmod {mode:o} {path}")
    if found.st_uid != known.get(user, (-1, ""))[0]:
        return wrong("directories", f"{path}: is not {user}'s", f"chown -R {user}: {path}")
    return good("directories", f"{path}: {user}'s alone")


def _wanted(role: Role) -> Iterator[tuple[PurePosixPath, int]]:
    for item in payload.items(role):
        if item.target.parent.name != "tmpfiles.d":
            continue
        for line in item.source.read_text("utf-8").splitlines():
            words = line.split()
            if words[:1] == ["d"]:
                yield PurePosixPath(words[1]), int(words[2], 8)


def _users(root: Path) -> dict[str, tuple[int, str]]:
    try:
        lines = (root / "etc/passwd").read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return {}
    fields = [line.split(":") for line in lines if line.count(":") == 6]
    return {name: (int(uid), shell) for name, _, uid, _, _, _, shell in fields}


def _runs(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & stat.S_IXOTH)

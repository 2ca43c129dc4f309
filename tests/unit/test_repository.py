"""The repository itself: what must and must not lie in it, and papers that must not go stale."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements/terminal.txt",
    "requirements/server.txt",
    "requirements/development.txt",
    "requirements/tls.txt",
    "fleet_server/web/package-lock.json",
    "tests/checkers/package-lock.json",
)
SECRETS = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{40}"  # a key in PEM
    r'|"d":\s*"[A-Za-z0-9_-]{40,}"'  # a private JWK
    r"|\bS[UA][A-Z2-7]{56}\b"  # an nkey seed
)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def tracked(*patterns: str) -> list[Path]:
    """List the files under git that match, and exist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "sha256:" in text or "sha512-" in text
    assert re.search(r"https?:|--index|--find-links|resolved", text) is None


def test_every_locked_python_package_has_a_hash() -> None:
    for name in LOCKS[:4]:
        text = (ROOT / name).read_text(encoding="utf-8")
        for entry in re.split(r"\n(?=[a-z0-9])", text):
            if not entry.startswith("#"):
                assert "--hash=sha256:" in entry, f"{name}: {entry.splitlines()[0]}"


def test_every_package_from_npm_has_a_hash() -> None:
    for name in LOCKS[4:]:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count('"integrity"') == text.count('"node_modules/')


def test_no_private_key_lies_in_the_repository() -> None:
    for path in tracked():
        if path == Path(__file__):
            continue
        found = SECRETS.search(path.read_bytes().decode("utf-8", "replace"))
        # The published test vectors are signed by keys made for them, and say so by their place.
        assert found is None or "vectors" in path.parts, f"{path} holds a private key"


def test_nothing_that_is_made_lies_in_the_repository() -> None:
    assert tracked("*.mo", "*.pyc", "*.db", "fleet_server/web/static/vendor/*") == []


def test_every_relative_link_of_the_papers_resolves() -> None:
    for paper in tracked("*.md"):
        for target in LINK.findall(paper.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:|#", target):
                continue
            there = paper.parent / target.split("#")[0]
            assert there.exists(), f"{paper.relative_to(ROOT)} points to {target}, which is not"


def test_every_make_target_that_the_papers_name_exists() -> None:
    known = targets()
    for paper in tracked("*.md"):
        for groups in re.findall(r"`make ([a-z][a-z-]*)", paper.read_text(encoding="utf-8")):
            assert groups in known, f"{paper.relative_to(ROOT)} names make {groups}"


def test_every_make_target_for_people_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    for name in set(phony[1].split()) - {"system-test"}:
        assert re.search(rf"^{name}:.*## \S", makefile, re.MULTILINE), f"make {name} has no text"


def test_the_changelog_has_a_place_for_what_is_coming() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_folder_of_the_sources_says_what_lives_in_it() -> None:
    for package in ("wire", "device", "fleet_server", "provisioning"):
        assert (ROOT / package / "README.md").is_file(), f"{package}/README.md is missing"


def source_folders() -> list[Path]:
    packages = ("wire", "device", "fleet_server", "provisioning")
    sources = tracked(*(f"{package}/*.py" for package in packages))
    return sorted({path.parent for path in sources})


def paper_of(folder: Path) -> Path:
    """Return the README that tells of a folder: its own, or that of the nearest one above."""
    own = folder / "README.md"
    return own if own.exists() else paper_of(folder.parent)


@pytest.mark.parametrize("folder", source_folders(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_readme_names_the_files_or_the_folder_that_it_tells_of(folder: Path) -> None:
    paper = paper_of(folder)
    text = paper.read_text(encoding="utf-8")
    own = paper.parent == folder
    sources = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    names = sources if own else {f"{folder.name}/"}
    assert {name for name in names if not re.search(rf"(?<![\w/]){name}", text)} == set()


def test_every_source_file_that_a_readme_names_is_there() -> None:
    known = [f"/{path.relative_to(ROOT)}" for path in tracked("*.py")]
    for paper in tracked("*README.md"):
        for name in re.findall(r"`([\w./-]+\.py)`", paper.read_text(encoding="utf-8")):
            there = (paper.parent / name).exists() or any(one.endswith(f"/{name}") for one in known)
            assert there, f"{paper.relative_to(ROOT)} names {name}, which is not"


def suppressions_without_a_reason(path: Path) -> list[str]:
    """List the lines that suppress a rule, with no reason behind it nor in a comment above."""
    found, above = [], ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        rule = re.search(r"#\s*(?:noqa|type: ignore)(?:\[[\w, -]+\]|:\s*[A-Z]+\d+)?(.*)$", line)
        if rule and len(rule[1].strip(" -#")) < 6 and not above.startswith("#"):
            found.append(f"{path.relative_to(ROOT)}:{number}")
        above = line.strip()
    return found


def test_every_suppressed_rule_says_why() -> None:
    sources = [path for path in tracked("*.py") if "tests" not in path.relative_to(ROOT).parts]
    assert [line for path in sources for line in suppressions_without_a_reason(path)] == []


def test_the_console_scripts_point_at_functions_that_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name, place in project["project"]["scripts"].items():
        module, _, function = place.partition(":")
        source = ROOT / (module.replace(".", "/") + ".py")
        assert source.is_file(), f"{name} starts {module}, which is not"
        assert re.search(rf"^def {function}\(", source.read_text(encoding="utf-8"), re.MULTILINE)

"""What a check of a fleet or of its machine finds, and how it is shown."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["good", "note", "wrong"]
_WORDS = {"good": "good ", "note": "note ", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at.
        state: how it is.
        said: in plain words.
        advice: what to do; empty where there is nothing to do.
    """

    check: str
    state: State
    said: str
    advice: str = ""


def good(check: str, said: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(check, "good", said)


def note(check: str, said: str, advice: str) -> Finding:
    """Return something worth knowing."""
    return Finding(check, "note", said, advice)


def wrong(check: str, said: str, advice: str) -> Finding:
    """Return that something is wrong."""
    return Finding(check, "wrong", said, advice)


def report(findings: Iterable[Finding], *, as_json: bool) -> int:
    """Print each finding as it comes, or all as JSON; return 1 if anything is wrong."""
    found = []
    for finding in findings:
        found.append(finding)
        if not as_json:
            print(f"{_WORDS[finding.state]}  {finding.check}: {finding.said}", flush=True)  # noqa: T201 - what a command prints
            if finding.advice:
                print(f"       -> {finding.advice}", flush=True)  # noqa: T201 - the same
    bad = sum(finding.state == "wrong" for finding in found)
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))  # noqa: T201 - the same
    else:
        print(f"{bad} things are wrong." if bad else "Nothing is wrong.")  # noqa: T201 - the same
    return 1 if bad else 0

"""Terminals of the office: how they are, what is the matter, which image they have."""

from typing import Any

from fleet_server.store import places
from fleet_server.store.models import (
    Chain,
    EnrolmentToken,
    Matter,
    Rollout,
    RolloutTerminal,
    TerminalKey,
    TerminalStatus,
    UpdateBundle,
)
from tests.fakes.office.counters import terminal_id
from tests.fakes.office.moment import DAY_MS, HOUR_MS, MINUTE_MS
from tests.fakes.office.visits import rate


def add(now: int) -> None:
    """Add keys and the last states: four well, one lost with waiting records, one silent."""
    states: list[dict[str, Any]] = [
        {},
        {},
        {"state": "lost", "waiting": 23, "oldest_waiting_at": now - 52 * MINUTE_MS},
        {"clock": "holdover"},
        {"last_seen": now - 17 * MINUTE_MS},
        {"clock": "unset"},
    ]
    for index, given in enumerate(states):
        ago = 52 * MINUTE_MS if given.get("state") == "lost" else 21_000
        usual: dict[str, Any] = {
            "state": "ready",
            "state_at": now - 3 * HOUR_MS if ago == 21_000 else now - ago,
            "last_seen": now - ago,
            "boot": f"{index + 10:032x}",
            "connection": 3 + index,
            "waiting": 0,
            "clock": "synced",
            "firmware": "0.1.0",
            "health": {
                "cpu_celsius": 48.5,
                "disk_free_mib": 5120,
                "terminal": {"state": "idle"},
            },
        }
        TerminalStatus.create(terminal=terminal_id(index), **(usual | given))
        TerminalKey.create(
            kid=f"kid-{index}",
            terminal=terminal_id(index),
            x="x",
            certificate_pem="-",
            serial=f"{index:x}",
            not_after=now + 300 * DAY_MS,
            enrolled_at=now - 39 * DAY_MS,
        )
    places.add_terminal("kho-01", None, now - HOUR_MS, unit=2)
    EnrolmentToken.create(terminal="kho-01", token_sha256="t", expires_at=now + DAY_MS)


def matters(now: int) -> None:
    """Add a fork, a stuck button, and a new chain that somebody has closed."""
    Matter.create(
        kind="fork",
        subject="1",
        terminal=terminal_id(4),
        chain_id=f"{4:032x}",
        seq=12,
        opened_at=now - 26 * HOUR_MS,
        details={"branch": 1, "records": 3},
    )
    Matter.create(
        kind="fault",
        subject="2",
        terminal=terminal_id(2),
        opened_at=now - 70 * MINUTE_MS,
        details={"what": "button_stuck", "details": "unsatisfied"},
    )
    Matter.create(
        kind="new_chain",
        subject="3",
        terminal=terminal_id(0),
        opened_at=now - 39 * DAY_MS,
        details={"reason": "first"},
        closed_at=now - 38 * DAY_MS,
        closed_by="admin@hailong.example",
    )
    rate(Chain.get(Chain.id == 5), 4, None, now - HOUR_MS, "satisfied")
    rate(Chain.get(Chain.id == 5), 4, "Q3-02-2", now - HOUR_MS, "satisfied", contested=True)


def images(now: int) -> None:
    """Add two images: one that was rolled out to Quận 3, and one whose rollout was stopped."""
    for version, sha256, ago in (("1.3.0", "3a" * 32, 30), ("1.4.0", "4b" * 32, 2)):
        UpdateBundle.create(
            sha256=sha256, version=version, size=163_000_000, added_by="command:root",
            added_at=now - ago * DAY_MS, removed_at=None,
        )  # fmt: skip
    said = {"kind": "failed", "few": 1, "many": 2, "others": 0}
    for sha256, unit, state, ring, rings, ago, ended, reason in (
        ("3a" * 32, 2, "done", 1, 1, 29, now - 27 * DAY_MS, {}),
        ("4b" * 32, 1, "stopped", 1, 2, 1, None, said),
    ):
        Rollout.create(
            bundle=sha256, unit=unit, state=state, ring=ring, rings=rings, automatic=True,
            soak_ms=DAY_MS, ring_at=now - ago * DAY_MS, begun_at=now - ago * DAY_MS,
            begun_by="person:technician@hailong.example", ended_at=ended, reason=reason,
        )  # fmt: skip
    for rollout, terminal, ring, became, stage, reason in (
        (1, "q3-01-t1", 1, "confirmed", "confirmed", ""),
        (1, "q3-02-t1", 1, "refused", "", "this machine has no slots for updates"),
        (2, "p1-01-t1", 1, "failed", "fallen_back", "fell back: the new image did not start"),
        (2, "p1-02-t1", 1, "asked", "verified", ""),
        (2, "p1-03-t1", 2, "waiting", "", ""),
    ):
        RolloutTerminal.create(
            rollout=rollout, terminal=terminal, ring=ring, state=became, stage=stage,
            reason=reason, command=None, asked_at=None, changed_at=now - DAY_MS,
            was_ill=False,
        )  # fmt: skip

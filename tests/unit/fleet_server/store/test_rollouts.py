"""Rollouts as jobs drives them and people change them, over a database."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from fleet_server.store import audit_log, bundles, commands, places, rolling, rollouts, status
from fleet_server.store.bundles import BundleError
from fleet_server.store.database import writing
from fleet_server.store.models import Terminal
from fleet_server.store.rolling import RolloutError, Wish
from fleet_server.store.rollouts import Line
from fleet_server.updates.drive import AGAIN_MS, drive
from wire.up import Health, State

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE = 60_000
NOW = 1_795_336_200_000
SHA = "ab" * 32
NAMES = [f"t-{n}" for n in range(1, 7)]


@pytest.fixture(autouse=True)
def office(fleet: None) -> None:
    with writing():
        places.add_unit("U", "Unit")
        for number, name in enumerate(NAMES, 1):
            places.add_counter(f"C{number}", "Counter", 1)
            places.add_terminal(name, number, 0)
    bundles.add(SHA, "1.1.0", 1000, "command:root", NOW)
    for name in NAMES:
        says(name)


def says(name: str, stage: str = "", *, state: str = "ready", ill: bool = False) -> None:
    """Let a terminal say how it is, and how far its update is."""
    update = {"update": {"version": "1.1.0", "state": stage, "reason": ""}} if stage else {}
    details = {"image": "1.0.0", "terminal": {"out_of_service": ill}, **update}
    report = Health(NOW, 1, "0" * 32, "synced", "1", 0, None, "0" * 32, 1, details)
    with writing():
        status.presence(name, State(state, "0" * 32, 1, NOW), NOW)  # type: ignore[arg-type]
        status.health(name, report, "2026-11-22", NOW)
        status.keep([status.Contact(name)], NOW)


def gets(name: str, now: int = NOW) -> int:
    """Give a terminal the command that is meant for it last, and return its number."""
    last = commands.history(name, 1)[0]
    [wish] = [one for one in commands.due(now) if one.id == last.id]
    with writing():
        n = status.issue_number(name, now)
        commands.sealed(wish, n, "token")
        commands.published([wish], now)
    return n


def answers(name: str, outcome: str, details: str | None = None, now: int = NOW) -> None:
    """Let a terminal answer the command that is meant for it last."""
    n = gets(name, now)
    with writing():
        assert commands.answered(name, n, outcome, details, now)


def begun(
    rings: Sequence[int] = (1, 2, 2, 2, 2, 2), *, automatic: bool = True, ill: Sequence[str] = ()
) -> int:
    """Begin a rollout of some rings, each terminal's in the order of their names."""
    by_name = dict(zip(NAMES, rings, strict=False))
    return rolling.begin(Wish(SHA, 1, by_name, ill, automatic, MINUTE), "person:lan", NOW)


def line(number: int) -> Line:
    found = rollouts.find(number)
    assert found is not None
    return found


def states(number: int) -> list[str]:
    return [one.state for one in rollouts.members(number)]


def asked() -> list[str]:
    """Return the terminals that were given an update."""
    return [name for name in NAMES if any(c.arguments for c in commands.history(name, 9))]


def actions() -> list[str]:
    entries = sorted(audit_log.newest(50), key=lambda entry: entry.id)
    return [one.action for one in entries if one.action.startswith("rollout.")]


def test_a_good_image_comes_to_the_first_ring_and_then_to_the_others() -> None:
    number = begun()
    drive(NOW, ZONE)
    assert (states(number), asked()) == (["asked", *["waiting"] * 5], ["t-1"])
    assert commands.history("t-1", 1)[0].arguments == {
        "version": "1.1.0", "sha256": SHA, "size": 1000,
    }  # fmt: skip
    says("t-1", "downloading")
    drive(NOW + MINUTE, ZONE)
    assert rollouts.members(number)[0].stage == "downloading"
    answers("t-1", "done", now=NOW + 2 * MINUTE)
    drive(NOW + 2 * MINUTE, ZONE)
    assert (states(number)[0], line(number).ring) == ("confirmed", 1)
    drive(NOW + 3 * MINUTE, ZONE)
    assert line(number).ring == 2
    drive(NOW + 4 * MINUTE, ZONE)
    assert asked() == NAMES
    for name in NAMES[1:]:
        answers(name, "done", now=NOW + 5 * MINUTE)
    drive(NOW + 5 * MINUTE, ZONE)
    drive(NOW + 6 * MINUTE, ZONE)
    assert line(number).state == "done"
    assert line(number).ended_at is not None
    assert actions() == ["rollout.begin", "rollout.next", "rollout.done"]


def test_a_bad_image_stops_in_the_first_ring_and_comes_to_nobody_else() -> None:
    number = begun((1, 1, 2, 2, 2, 2))
    drive(NOW, ZONE)
    answers("t-1", "failed", "fell back: the new image did not start")
    drive(NOW + MINUTE, ZONE)
    stopped = line(number)
    assert (stopped.state, stopped.ended_at) == ("stopped", None)
    assert dict(stopped.reason) == {"kind": "failed", "few": 1, "many": 2, "others": 0}
    assert [one.arguments for one in commands.history("t-2", 1)] == [{}], "it is to let it be"
    assert rollouts.members(number)[0].reason.startswith("fell back")
    drive(NOW + 2 * MINUTE, ZONE)
    assert asked() == ["t-1", "t-2"]
    assert not rollouts.offers("t-2", SHA)
    assert [one.id for one in rollouts.stopped()] == [number]


def test_what_becomes_of_terminals_is_noted_after_a_stop_too() -> None:
    number = begun((1, 1, 1, 2, 2, 2))
    drive(NOW, ZONE)
    second, third = gets("t-2"), gets("t-3")
    answers("t-1", "failed", "fell back: the new image did not start")
    drive(NOW + MINUTE, ZONE)
    assert line(number).state == "stopped"
    with writing():
        fallen = "fell back: the new image drew no screen"
        commands.answered("t-2", second, "failed", fallen, NOW)
        commands.answered("t-3", third, "refused", "the fleet took it back", NOW)
    drive(NOW + 2 * MINUTE, ZONE)
    assert states(number)[:3] == ["failed", "failed", "refused"]
    assert rollouts.members(number)[1].reason == fallen
    assert (line(number).state, asked()) == ("stopped", NAMES[:3])
    rolling.resume(line(number), (), "person:lan", NOW + 3 * MINUTE)
    drive(NOW + 3 * MINUTE, ZONE)
    assert states(number)[:3] == ["asked"] * 3, "who was told to let it be is asked again"


def test_terminals_that_fall_ill_after_it_stop_it() -> None:
    number = begun((1, 1, 2, 2, 2, 2))
    drive(NOW, ZONE)
    for name in ("t-1", "t-2"):
        answers(name, "done")
        says(name, "confirmed", ill=True)
    drive(NOW + MINUTE, ZONE)
    assert dict(line(number).reason) == {"kind": "worse", "few": 2, "many": 2, "others": 0}


def test_what_ails_everybody_stops_nothing() -> None:
    number = begun((1, 1, 2, 2, 2, 2))
    drive(NOW, ZONE)
    for name in ("t-1", "t-2"):
        answers(name, "done")
    for name in NAMES:
        says(name, ill=True)
    drive(NOW + MINUTE, ZONE)
    assert line(number).state == "running"


def test_who_is_away_is_asked_once_they_are_there() -> None:
    says("t-1", state="lost")
    number = begun()
    drive(NOW, ZONE)
    assert asked() == []
    says("t-1")
    drive(NOW + MINUTE, ZONE)
    assert states(number)[0] == "asked"


def test_who_missed_the_command_gets_it_again_and_who_has_it_does_not() -> None:
    begun((1, 1, 2, 2, 2, 2))
    drive(NOW, ZONE)
    says("t-2", "downloading")
    drive(NOW + AGAIN_MS - 1, ZONE)
    assert len(commands.history("t-1", 9)) == 1
    drive(NOW + AGAIN_MS, ZONE)
    assert [len(commands.history(name, 9)) for name in ("t-1", "t-2")] == [2, 1]


def test_two_jobs_processes_ask_a_terminal_once() -> None:
    number = begun()
    before = rollouts.members(number)[0]
    for _ in range(2):
        with writing():
            rolling.ask(line(number), before, NOW)
    assert len(commands.history("t-1", 9)) == 1


def test_without_being_told_to_the_next_ring_waits_for_a_person() -> None:
    number = begun(automatic=False)
    drive(NOW, ZONE)
    answers("t-1", "done")
    drive(NOW + 100 * MINUTE, ZONE)
    drive(NOW + 101 * MINUTE, ZONE)
    assert (line(number).ring, asked()) == (1, ["t-1"])
    rolling.next_ring(line(number), {"t-2"}, "person:lan", NOW + 102 * MINUTE)
    drive(NOW + 103 * MINUTE, ZONE)
    assert asked() == NAMES
    assert [one.was_ill for one in rollouts.members(number)] == [False, True, *[False] * 4]
    with pytest.raises(RolloutError):
        rolling.next_ring(line(number), set(), "person:lan", NOW)


def test_a_pause_asks_nobody_else_and_gives_out_what_was_asked_for() -> None:
    number = begun((1, 1, 2, 2, 2, 2))
    says("t-2", state="lost")
    drive(NOW, ZONE)
    rolling.pause(line(number), "person:lan", NOW)
    says("t-2")
    drive(NOW + MINUTE, ZONE)
    assert asked() == ["t-1"]
    assert rollouts.offers("t-1", SHA)
    rolling.resume(line(number), set(), "person:lan", NOW)
    drive(NOW + 2 * MINUTE, ZONE)
    assert asked() == ["t-1", "t-2"]


def test_a_person_may_go_on_after_a_stop_and_the_failed_are_asked_once_more() -> None:
    number = begun((1, 1, 2, 2, 2, 2))
    drive(NOW, ZONE)
    answers("t-1", "failed", "fell back: x")
    drive(NOW + MINUTE, ZONE)
    rolling.resume(line(number), {"t-1"}, "person:lan", NOW + MINUTE)
    assert states(number)[:2] == ["waiting", "asked"]
    drive(NOW + 2 * MINUTE, ZONE)
    assert states(number)[:2] == ["asked", "asked"]
    assert line(number).state == "running"


def test_what_has_ended_goes_on_no_more() -> None:
    number = begun()
    drive(NOW, ZONE)
    rolling.end(line(number), "person:lan", NOW)
    assert dict(line(number).reason) == {"kind": "person", "by": "person:lan"}
    for deed in (rolling.pause, rolling.end):
        with pytest.raises(RolloutError):
            deed(line(number), "person:lan", NOW)
    with pytest.raises(RolloutError):
        rolling.resume(line(number), set(), "person:lan", NOW)
    assert [one.arguments for one in commands.history("t-1", 1)] == [{}]


def test_a_terminal_is_in_one_rollout_at_a_time() -> None:
    begun()
    with pytest.raises(RolloutError, match="another rollout"):
        begun()
    with pytest.raises(RolloutError, match="no terminals"):
        rolling.begin(Wish(SHA, 1, {}, (), True, 0), "person:lan", NOW)
    with pytest.raises(RolloutError, match="not there"):
        rolling.begin(Wish("cd" * 32, 1, {"t-6": 1}, (), True, 0), "person:lan", NOW)


def test_a_bundle_is_given_out_to_who_was_asked_for_it_and_to_nobody_else() -> None:
    begun()
    assert not rollouts.offers("t-1", SHA), "it was not asked yet"
    drive(NOW, ZONE)
    assert rollouts.offers("t-1", SHA)
    assert not rollouts.offers("t-1", "cd" * 32)
    assert not rollouts.offers("t-2", SHA)
    answers("t-1", "done")
    drive(NOW + MINUTE, ZONE)
    assert not rollouts.offers("t-1", SHA), "it has it"


def test_a_bundle_that_is_rolled_out_stays_and_a_version_means_one_content() -> None:
    with pytest.raises(BundleError, match="other content"):
        bundles.add("cd" * 32, "1.1.0", 1000, "command:root", NOW)
    bundles.add(SHA, "1.1.0", 1000, "command:root", NOW)
    number = begun()
    with pytest.raises(BundleError, match="being rolled out"):
        bundles.remove(SHA, "command:root", NOW)
    rolling.end(line(number), "person:lan", NOW)
    bundles.remove(SHA, "command:root", NOW)
    assert bundles.listed() == []
    assert line(number).version == "1.1.0", "what was stays to be read"
    bundles.add(SHA, "1.1.0", 1000, "command:root", NOW)
    assert [one.version for one in bundles.listed()] == ["1.1.0"]


def test_a_terminal_that_was_retired_is_neither_asked_nor_waited_for() -> None:
    number = begun()
    Terminal.update(retired_at=NOW).where(Terminal.id == "t-1").execute()
    drive(NOW, ZONE)
    assert asked() == []
    drive(NOW + 2 * MINUTE, ZONE)
    assert line(number).ring == 2

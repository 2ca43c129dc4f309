"""How an update goes on, step by step (device/core/updating.py)."""

from dataclasses import replace

import pytest

from device.core.updating import OLDER, RESERVE, SILENT, action_of, step, withdraw
from device.core.updating_state import Facts, Patience, State, Update
from wire.commands import Bundle

OLD, NEW = "1.0.0", "1.1.0"
BUNDLE = Bundle(NEW, "ab" * 32, 1000)
PATIENCE = Patience(
    draw_ms=600, receipt_ms=7_200, unheard_ms=86_400, compare_ms=1_800, install_ms=3_600,
    reboot_ms=300,
)  # fmt: skip
ON_OLD = Facts("boot-1", 100, OLD, trial=False, free=RESERVE + 1000, at=5_000, quiet=True)
ON_NEW = Facts("boot-2", 100, NEW, trial=True, drawn=True, read=True)


def at(state: State, **more: object) -> Update:
    """Return an update that is in this state since ``up`` 0 of the first boot."""
    return replace(Update(1, BUNDLE), state=state, boot="boot-1", **more)  # type: ignore[arg-type]


def on_new(state: State, **more: object) -> Update:
    """Return an update whose new image runs, in this state since ``up`` 0 of its boot."""
    return replace(at(state, trials=1), boot="boot-2", **more)  # type: ignore[arg-type]


def after(update: Update, facts: Facts) -> Update:
    return step(update, facts, PATIENCE)


# ---- before anything is installed ----


def test_a_wish_is_fetched_when_there_is_room() -> None:
    update = after(Update(1, BUNDLE), ON_OLD)
    assert (update.state, action_of(update, ON_OLD)) == ("downloading", "download")


def test_a_wish_waits_until_the_root_side_has_spoken() -> None:
    update = Update(1, BUNDLE)
    assert after(update, replace(ON_OLD, trial=None)) is update
    assert action_of(update, ON_OLD) is None


@pytest.mark.parametrize(
    ("facts", "state", "reason"),
    [
        (replace(ON_OLD, trial=None, settled=True), "refused", "no slots for updates"),
        (replace(ON_OLD, image=NEW), "confirmed", "it runs already"),
        (replace(ON_OLD, image="1.10.0"), "refused", OLDER),
        (replace(ON_OLD, free=RESERVE), "refused", "the disk has 64 MiB free, 64 are needed"),
    ],
)
def test_what_cannot_or_need_not_be_installed_ends_at_once(
    facts: Facts, state: State, reason: str
) -> None:
    update = after(Update(1, BUNDLE), facts)
    assert update.state == state
    assert reason in update.reason
    assert update.is_over


def test_an_update_waits_until_the_one_before_is_settled() -> None:
    update = Update(1, BUNDLE)
    assert after(update, replace(ON_OLD, trial=True)) is update


@pytest.mark.parametrize("state", ["asked", "downloading", "verified"])
def test_what_is_not_installed_by_its_deadline_expires(state: State) -> None:
    update = replace(at(state), bundle=replace(BUNDLE, deadline=4_999))
    assert after(update, ON_OLD).state == "expired"
    assert after(update, replace(ON_OLD, at=None)).state != "expired", "a clock that is not known"


def test_a_download_goes_on_until_it_is_good() -> None:
    update = at("downloading")
    assert after(update, ON_OLD) is update
    assert after(update, replace(ON_OLD, fetched="good")).state == "verified"
    given_up = after(update, replace(ON_OLD, fetched="the disk is full"))
    assert (given_up.state, given_up.reason) == ("refused", "the disk is full")


def test_a_verified_bundle_waits_for_a_quiet_time() -> None:
    update = at("verified")
    assert after(update, replace(ON_OLD, quiet=False)) is update
    begun = after(update, ON_OLD)
    assert (begun.state, action_of(begun, ON_OLD)) == ("installing", "install")


def test_a_verified_bundle_waits_for_its_time() -> None:
    update = replace(at("verified"), bundle=replace(BUNDLE, not_before=5_001))
    assert after(update, ON_OLD) is update
    assert after(update, replace(ON_OLD, at=None)) is update, "a clock that is not known"
    assert after(update, replace(ON_OLD, at=5_001)).state == "installing"


def test_the_fleet_may_take_it_back() -> None:
    assert withdraw(at("verified")).reason == "the fleet took it back"


# ---- installing, and starting the new image ----


@pytest.mark.parametrize("state", ["installing", "again"])
def test_what_root_answered_is_installed(state: State) -> None:
    update = at(state)
    assert after(update, ON_OLD) is update
    assert after(update, replace(ON_OLD, answer="")).state == "installed"
    failed = after(update, replace(ON_OLD, answer="signature is wrong"))
    assert (failed.state, failed.reason) == ("failed", "signature is wrong")
    assert after(update, replace(ON_OLD, up=3_600)).reason == "the update service did not answer"


@pytest.mark.parametrize("state", ["installing", "again"])
def test_after_a_power_cut_root_is_asked_anew(state: State) -> None:
    update = at(state)
    asked = after(update, replace(ON_OLD, boot="boot-9", answer=""))
    assert (asked.state, asked.boot) == (state, "boot-9")
    assert asked.request != update.request


def test_an_installed_image_is_started_at_a_quiet_time() -> None:
    update = at("installed")
    assert after(update, replace(ON_OLD, quiet=False)) is update
    leaving = after(update, replace(ON_OLD, receipt=True))
    assert (leaving.state, leaving.heard) == ("rebooting", True)
    assert action_of(leaving, ON_OLD) == "reboot"


def test_after_a_power_cut_an_installed_image_is_made_the_next_once_more() -> None:
    later = replace(ON_OLD, boot="boot-9")
    update = after(at("installed"), later)
    assert (update.state, action_of(update, later)) == ("again", "try")


def test_a_machine_that_does_not_start_again_is_given_up() -> None:
    update = at("rebooting")
    assert after(update, ON_OLD) is update
    assert after(update, replace(ON_OLD, up=300)).reason == "the machine was not started again"


@pytest.mark.parametrize("state", ["installing", "again", "installed", "rebooting", "comparing"])
def test_wherever_power_went_a_new_image_that_runs_is_on_trial(state: State) -> None:
    update = after(at(state), ON_NEW)
    assert (update.state, update.trials, update.boot, update.since) == ("trial", 1, "boot-2", 100)


# ---- the trial ----


def test_an_image_that_drew_read_and_got_a_receipt_is_confirmed() -> None:
    update = on_new("trial")
    assert after(update, ON_NEW) is update
    confirming = after(update, replace(ON_NEW, receipt=True))
    assert (confirming.state, action_of(confirming, ON_NEW)) == ("confirming", "confirm")
    assert after(confirming, ON_NEW) is confirming
    assert after(confirming, replace(ON_NEW, trial=False)).state == "confirmed"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(ON_NEW, drawn=False, receipt=True), "the new image drew no screen"),
        (replace(ON_NEW, read=False, receipt=True), "the new image did not read its buttons"),
        (replace(ON_NEW, trial=None, receipt=True), "the new image's update service said nothing"),
    ],
)
def test_an_image_that_lacks_something_gives_way_in_time(facts: Facts, reason: str) -> None:
    update = on_new("trial")
    assert after(update, replace(facts, up=599)) is update
    leaving = after(update, replace(facts, up=600))
    assert (leaving.state, leaving.reason) == ("giving_way", reason)
    assert action_of(leaving, facts) == "reboot"
    assert after(leaving, replace(facts, up=9_999)) is leaving
    back = after(leaving, replace(ON_OLD, boot="boot-3"))
    assert (back.state, back.reason) == ("fallen_back", reason)


def test_a_confirmation_that_fails_is_asked_for_again() -> None:
    update = on_new("confirming")
    again = after(update, replace(ON_NEW, answer="disk"))
    assert (again.state, again.request != update.request) == ("confirming", True)
    assert after(update, replace(ON_NEW, up=3_600)).since == 3_600


def test_the_machine_may_start_the_new_image_again_by_itself() -> None:
    update = after(on_new("giving_way", reason="x"), replace(ON_NEW, boot="boot-3"))
    assert (update.state, update.trials, update.reason) == ("trial", 2, "")


# ---- a receipt that stays out ----


def test_without_a_receipt_a_trial_only_lasts_longer() -> None:
    update = on_new("trial", heard=True)
    assert after(update, replace(ON_NEW, up=7_199, quiet=True)) is update
    assert after(update, replace(ON_NEW, up=7_200)) is update, "somebody is being served"
    comparing = after(update, replace(ON_NEW, up=7_200, quiet=True))
    assert (comparing.state, action_of(comparing, ON_NEW)) == ("comparing", "reboot")
    assert after(comparing, ON_NEW) is comparing


def test_where_the_former_image_got_none_either_it_lasts_longer_still() -> None:
    update = on_new("trial")
    assert after(update, replace(ON_NEW, up=86_399, quiet=True)) is update
    assert after(update, replace(ON_NEW, up=86_400, quiet=True)).state == "comparing"


def compared(trials: int) -> Update:
    """Return an update whose former image has just been started to compare."""
    back = replace(ON_OLD, boot="boot-3")
    update = after(on_new("comparing", trials=trials), back)
    assert action_of(update, back) is None
    return update


def test_a_server_that_is_away_rolls_nothing_back() -> None:
    update = compared(trials=2)
    silent = replace(ON_OLD, boot="boot-3", up=90_000)
    assert after(update, silent) is update
    again = after(update, replace(silent, receipt=True))
    assert (again.state, again.trials) == ("again", 1), "that trial does not count"


def test_a_receipt_for_the_former_image_gives_the_new_one_one_more_trial() -> None:
    heard = replace(ON_OLD, boot="boot-3", up=1_800, receipt=True)
    assert after(compared(trials=1), heard).state == "again"
    over = after(compared(trials=2), heard)
    assert (over.state, over.reason) == (
        "fallen_back",
        "the new image got no receipt, the former one does",
    )


# ---- trials that end unasked ----


@pytest.mark.parametrize(
    ("state", "trials", "reason"),
    [
        ("rebooting", 0, "the new image did not start"),
        ("trial", 1, "the new image ended before it could be confirmed"),
        ("confirming", 1, "the new image could not be confirmed"),
    ],
)
def test_a_trial_that_ended_unasked_is_tried_once_more(
    state: State, trials: int, reason: str
) -> None:
    back = replace(ON_OLD, boot="boot-3")
    assert after(at(state, trials=trials), back).state == "again"
    over = after(at(state, trials=trials + 1), back)
    assert (over.state, over.reason) == ("fallen_back", reason)


def test_nothing_follows_once_it_is_over_or_as_long_as_root_is_silent() -> None:
    for update in (at("confirmed"), at("fallen_back")):
        assert after(update, ON_OLD) is update
        assert action_of(update, ON_OLD) is None
    waiting = at("rebooting")
    assert after(waiting, replace(ON_OLD, boot="boot-3", trial=None)) is waiting


@pytest.mark.parametrize("state", ["giving_way", "rebooting", "comparing", "installing", "again"])
def test_a_machine_that_came_back_does_nothing_before_its_root_side_has_spoken(
    state: State,
) -> None:
    """Else it would be started again, and again: the uplink is often there first."""
    silent = replace(ON_OLD, boot="boot-3", trial=None)
    waiting = after(on_new(state), silent)
    assert action_of(waiting, silent) is None


@pytest.mark.parametrize("state", ["asked", "giving_way", "rebooting", "installing"])
def test_a_root_side_that_stays_silent_is_asked_to_look(state: State) -> None:
    silent = replace(ON_OLD, boot="boot-3", trial=None, up=60_000)
    assert action_of(on_new(state), silent) == "look"
    assert action_of(on_new("fallen_back"), silent) is None


@pytest.mark.parametrize(
    ("state", "end"), [("giving_way", ("fallen_back", "x")), ("again", ("failed", SILENT))]
)
def test_a_root_side_that_stays_silent_for_good_is_the_end(
    state: State, end: tuple[State, str]
) -> None:
    silent = replace(ON_OLD, boot="boot-3", trial=None, up=3_599)
    update = on_new(state, reason="x")
    assert after(update, silent) is update
    ended = after(update, replace(silent, up=3_600))
    assert (ended.state, ended.reason) == end

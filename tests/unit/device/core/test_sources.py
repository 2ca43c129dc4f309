"""What several sources tell of one counter (device/core/sources.py), rule by rule."""

from dataclasses import replace
from typing import Any

import pytest

from device.core.sources import LONGEST_MS, RECENT_MS, SKEW_MS, judge
from device.core.told import (
    MOST_ENTRIES,
    MOST_VISITS,
    Heard,
    Moment,
    Verdict,
    Word,
    before_the_start,
)
from wire.records import Ticket, TicketEvent, TicketOrigin

SECOND, MINUTE = 1_000, 60_000
TOLD: tuple[TicketEvent, ...] = ("called", "recalled", "closed")


class Story:
    """A counter that hears words, each a second after the one before."""

    def __init__(
        self,
        seen: Ticket | None = None,
        order: tuple[TicketOrigin, ...] = ("server", "lan", "scanner"),
        up: int = 10_000_000,
    ) -> None:
        self.heard = before_the_start(seen, up)
        self.order = order
        self.up = up
        self.opened: list[str] = []
        self.fresh = 0

    def hear(self, word: Word, said: int | None = -1) -> Verdict:
        """Let a word be judged; it was said just now unless the test says otherwise."""
        moment = Moment(self.up, self.up if said == -1 else said)
        self.heard, verdict = judge(self.heard, word, moment, self.order)
        if verdict.why == "news" and verdict.word and verdict.word.event == "called":
            self.opened.append(str(verdict.visit))
        self.up += SECOND
        return verdict

    def tell(
        self,
        origin: TicketOrigin,
        event: TicketEvent,
        ticket: str,
        visit: str | None,
        said: int | None = -1,
        day: str | None = None,
    ) -> Verdict:
        self.fresh += 1
        fresh = f"{origin}-{self.fresh}"
        return self.hear(Word(origin, "Q1", "Q1", ticket, event, visit, fresh, day=day), said)

    def server(self, event: TicketEvent, ticket: str, visit: str, **more: Any) -> Verdict:
        return self.tell("server", event, ticket, visit, **more)

    def lan(
        self, event: TicketEvent, ticket: str, visit: str | None = None, **more: Any
    ) -> Verdict:
        return self.tell("lan", event, ticket, visit, **more)

    def nobody(self, origin: TicketOrigin = "server") -> Verdict:
        return self.hear(Word(origin, "", ""))

    @property
    def ended(self) -> str | None:
        known = self.heard.visit(self.heard.current)
        assert known is not None
        return known.ended


@pytest.fixture
def story() -> Story:
    return Story()


# ---- rules 1 to 4 ----


def test_a_source_that_is_not_configured_is_not_heard() -> None:
    story = Story(order=("server",))
    assert story.lan("called", "A1") == Verdict("off")
    assert story.heard == Heard()


def test_a_new_ticket_of_any_source_is_news(story: Story) -> None:
    assert story.server("called", "A1", "v1").visit == "v1"
    assert story.lan("called", "A2").visit == "lan-2"
    assert story.opened == ["v1", "lan-2"]


def test_nobody_served_ends_the_visit_that_the_source_told_of(story: Story) -> None:
    assert story.nobody().why == "repeat"
    story.server("called", "A1", "v1")
    assert story.nobody().why == "news"
    assert story.nobody().why == "repeat"
    assert story.server("called", "A1", "v1").why == "news"


def test_nobody_served_does_not_end_a_visit_that_another_source_opened(story: Story) -> None:
    story.server("called", "A1", "v1")
    story.lan("called", "A2")
    assert story.nobody().why == "repeat"
    assert story.ended is None


def test_a_visit_id_means_one_number(story: Story) -> None:
    story.lan("called", "A1", "x")
    assert story.lan("called", "B7", "x") == Verdict("conflict", "x")


def test_the_same_said_again_is_nothing_new(story: Story) -> None:
    story.server("called", "A1", "v1")
    assert story.server("called", "A1", "v1") == Verdict("repeat", "v1")
    assert [story.lan("called", "a-001").why, story.lan("called", "A1").why] == ["echo", "repeat"]
    assert story.opened == ["v1"]


def test_a_server_that_signs_its_ticket_anew_does_not_open_what_another_closed(
    story: Story,
) -> None:
    story.server("called", "A1", "v1")
    story.lan("closed", "A1")
    assert story.server("called", "A1", "v1").why == "repeat"
    assert story.ended == "closed"


def test_a_recall_counts_each_time(story: Story) -> None:
    story.lan("called", "A1")
    assert [story.lan("recalled", "A1").why for _ in range(2)] == ["news", "news"]


# ---- rule 5: echoes ----


@pytest.mark.parametrize("delay", [0, 60_000])
def test_the_slower_source_is_an_echo_whichever_it_is(delay: int) -> None:
    either: list[TicketOrigin] = ["lan", "server"]
    for first in either:
        story = Story()
        for event in TOLD:
            words: list[tuple[TicketOrigin, str, str | None]] = [
                ("lan", "A017", None),
                ("server", "a-17", "v"),
            ]
            one, other = words if first == "lan" else reversed(words)
            assert story.tell(one[0], event, *one[1:]).why == "news"
            story.up += delay
            assert story.tell(other[0], event, *other[1:]).why == "echo"
        assert len(story.opened) == 1


def test_an_echo_keeps_the_visit_of_the_one_who_was_first(story: Story) -> None:
    visit = story.lan("called", "A017").visit
    assert story.server("called", "A17", "v1") == Verdict("echo", visit)
    closed = story.server("closed", "A17", "v1")
    assert closed.word is not None
    assert (closed.visit, closed.word.visit, closed.word.ticket) == (visit, visit, "A017")


def test_a_source_far_behind_reads_the_whole_story_and_opens_nothing(story: Story) -> None:
    for number in ("A1", "A2", "A3"):
        story.lan("called", number)
        story.lan("closed", number)
    opened = list(story.opened)
    for number in ("A1", "A2", "A3"):
        assert story.server("called", number, f"v-{number}").why == "echo"
        assert story.server("closed", number, f"v-{number}").why == "echo"
    assert story.opened == opened


def test_what_a_slower_source_leaves_out_is_passed_over(story: Story) -> None:
    for event in TOLD:
        story.lan(event, "A1")
    assert story.server("closed", "A1", "v1").why == "echo"


def test_a_source_may_be_ahead_with_one_event_and_behind_with_another(story: Story) -> None:
    visit = story.lan("called", "A1").visit
    assert story.server("recalled", "A1", "v1") == replace(
        Verdict("news", visit), word=Word("server", "Q1", "Q1", "A1", "recalled", visit, "server-2")
    )
    assert story.server("called", "A1", "v1") == Verdict("repeat", visit)
    assert story.lan("recalled", "A1").why == "echo"


def test_a_number_that_comes_back_on_the_same_day_is_another_visit(story: Story) -> None:
    story.lan("called", "A1")
    story.lan("closed", "A1")
    story.up += RECENT_MS + 5 * SECOND
    assert story.server("called", "A1", "v2").visit == "v2"
    assert story.lan("called", "A1") == Verdict("echo", "v2")


def test_an_outage_in_the_middle_of_a_serving_makes_no_second_visit(story: Story) -> None:
    story.lan("called", "A1")
    story.up += 40 * MINUTE
    assert story.server("called", "A1", "v1").why == "echo"


def test_the_current_visit_of_yesterday_is_not_todays(story: Story) -> None:
    story.lan("called", "A1", day="2026-11-22")
    assert story.server("called", "A1", "v1", day="2026-11-23").visit == "v1"
    story.up += LONGEST_MS
    assert story.lan("called", "A1").visit == "lan-3"


def test_a_source_with_an_id_of_its_own_for_a_visit_means_another_by_another_id(
    story: Story,
) -> None:
    story.server("called", "A1", "v1")
    assert story.server("called", "A1", "v2").visit == "v2"


def test_without_the_time_an_old_ticket_is_taken_for_the_one_that_was_told(story: Story) -> None:
    story.lan("called", "A1")
    story.lan("called", "A2")
    story.up += 3_600_000
    assert story.server("called", "A1", "v1", said=None).why == "echo"


# ---- rule 6: numbers without an id ----


def test_what_is_told_of_a_number_is_about_its_newest_visit(story: Story) -> None:
    story.server("called", "A1", "v1")
    assert story.lan("closed", "A1").visit == "v1"


@pytest.mark.parametrize("event", ["recalled", "closed", "no_show", "transferred"])
def test_a_number_that_nobody_called_is_unknown(story: Story, event: TicketEvent) -> None:
    assert story.lan(event, "A1") == Verdict("unknown")


@pytest.mark.parametrize(
    ("ended", "anew"), [("closed", True), ("transferred", True), ("no_show", False)]
)
def test_called_again_begins_a_visit_only_if_the_last_is_over(
    story: Story, ended: TicketEvent, anew: bool
) -> None:
    first = story.lan("called", "A1").visit
    story.lan(ended, "A1")
    again = story.lan("called", "A1")
    assert (again.why, again.visit != first) == ("news", anew)


def test_an_event_with_an_id_of_its_own_begins_that_visit(story: Story) -> None:
    assert story.lan("closed", "A1", "x").why == "news"
    assert (story.heard.current, story.ended) == ("x", "closed")
    assert story.lan("transferred", "A2", "y").why == "behind"
    assert story.heard.current == "x"


# ---- rule 7: what ended meanwhile ----


def test_a_late_beginning_does_not_open_what_another_source_has_ended(story: Story) -> None:
    assert story.server("closed", "A1", "v1").why == "news"
    assert story.lan("called", "A1") == Verdict("late", "v1")
    assert story.lan("closed", "A1") == Verdict("echo", "v1")
    assert story.lan("called", "A1").why == "news"


def test_a_late_beginning_does_not_open_what_was_first_heard_of_as_gone(story: Story) -> None:
    story.lan("called", "A1")
    story.lan("closed", "A1")
    assert story.server("transferred", "A2", "v2").why == "behind"
    assert story.lan("called", "A2") == Verdict("late", "v2")
    assert story.lan("transferred", "A2") == Verdict("echo", "v2")


def test_what_was_told_by_another_is_no_second_visit_though_an_older_one_comes_between(
    story: Story,
) -> None:
    story.server("called", "A2", "v2")
    story.server("closed", "A2", "v2")
    assert story.lan("called", "A1").why == "news"
    assert story.lan("closed", "A1").why == "news"
    assert story.lan("called", "A2") == Verdict("late", "v2")
    assert story.lan("closed", "A2") == Verdict("repeat", "v2")
    assert story.lan("called", "A2").why == "news"


def test_a_late_recall_does_not_open_what_another_source_has_ended(story: Story) -> None:
    visit = story.lan("called", "A1").visit
    story.server("no_show", "A1", "v1")
    assert story.lan("recalled", "A1") == Verdict("late", visit)
    story.up += RECENT_MS
    assert story.lan("recalled", "A1").why == "news"


# ---- rule 8: after an outage ----


def test_what_the_server_said_before_the_outage_does_not_displace_what_others_said_since(
    story: Story,
) -> None:
    story.lan("called", "A20")
    old = story.up - 2 * 3_600_000
    assert story.server("called", "A7", "v7", said=old) == Verdict("late")
    assert story.server("called", "A21", "v21").why == "news"


def test_clocks_may_differ_a_little(story: Story) -> None:
    story.lan("called", "A20")
    assert story.server("called", "A21", "v21", said=story.up - SKEW_MS).why == "news"


def test_without_the_time_a_ticket_is_believed_to_be_new(story: Story) -> None:
    story.lan("called", "A20")
    assert story.server("called", "A21", "v21", said=None).why == "news"


def test_a_source_is_never_late_after_itself(story: Story) -> None:
    story.server("called", "A1", "v1")
    assert story.server("called", "A2", "v2", said=0).why == "news"


def test_in_the_same_millisecond_the_better_source_wins() -> None:
    cases: list[tuple[TicketOrigin, TicketOrigin, str]]
    cases = [("server", "lan", "late"), ("lan", "server", "news")]
    for first, second, why in cases:
        story = Story()
        now = story.up
        story.tell(first, "called", "A1", "one", said=now)
        assert story.tell(second, "called", "A2", "two", said=now).why == why


def test_whoever_is_no_longer_configured_has_no_rank() -> None:
    story = Story()
    now = story.up
    story.server("called", "A1", "v1", said=now)
    story.order = ("lan",)
    assert story.lan("called", "A2", said=now).why == "news"


# ---- rules 9 and 10: going on and going back ----


def test_a_visit_ends_once(story: Story) -> None:
    story.lan("called", "A1")
    assert story.lan("closed", "A1").why == "news"
    assert story.server("closed", "A1", "v").why == "echo"
    assert story.lan("no_show", "A1").why == "news"


def test_an_ended_visit_can_be_recalled(story: Story) -> None:
    first = story.lan("called", "A1").visit
    story.lan("no_show", "A1")
    verdict = story.lan("recalled", "A1")
    assert (verdict.why, verdict.visit, story.ended) == ("news", first, None)


def test_a_clerk_may_go_back_to_an_earlier_ticket(story: Story) -> None:
    first = story.lan("called", "A1").visit
    story.lan("called", "A2")
    assert story.lan("recalled", "A1").visit == first
    assert story.heard.current == first


def test_a_source_that_knows_nothing_of_the_newer_ticket_can_call_its_own_again(
    story: Story,
) -> None:
    story.server("called", "A1", "v1")
    story.lan("called", "S-001")
    assert story.server("recalled", "A1", "v1").why == "news"


def test_a_late_recall_of_a_ticket_that_others_left_behind_is_ignored(story: Story) -> None:
    story.lan("called", "A1")
    story.server("called", "A1", "v1")
    story.server("called", "A2", "v2")
    assert story.lan("recalled", "A1") == Verdict("late", story.opened[0])
    assert story.lan("called", "A2").why == "echo"
    assert story.lan("recalled", "A1").why == "news"


def test_the_end_of_an_earlier_ticket_is_recorded_and_changes_nothing(story: Story) -> None:
    first = story.server("called", "A1", "v1").visit
    story.server("called", "A2", "v2")
    story.lan("called", "A1")
    verdict = story.lan("closed", "A1")
    assert (verdict.why, verdict.visit, story.heard.current) == ("behind", first, "v2")
    assert story.lan("called", "A2").why == "echo"
    assert story.server("closed", "A1", "v1").why == "repeat"
    assert story.ended is None


# ---- the start ----


def seen(event: TicketEvent = "called", source: TicketOrigin = "lan") -> Ticket:
    return Ticket("Q1", "v1", "A1", event, source, "2026-11-22")


def test_after_a_restart_the_journals_newest_ticket_is_opened_without_a_second_record() -> None:
    sources: list[TicketOrigin] = ["server", "lan"]
    for source in sources:
        story = Story(seen(source=source))
        verdict = story.tell(source, "called", "A1", "v1")
        assert (verdict.why, verdict.told, verdict.visit) == ("news", True, "v1")
        assert story.tell(source, "called", "A1", "v1").why == "repeat"


def test_after_a_restart_another_event_of_that_ticket_is_recorded() -> None:
    verdict = Story(seen()).lan("closed", "A1")
    assert (verdict.why, verdict.told, verdict.visit) == ("news", False, "v1")
    verdict = Story(seen("recalled")).server("called", "A1", "v1")
    assert (verdict.why, verdict.told) == ("news", False)


def test_after_a_restart_a_ticket_is_not_late_for_what_is_only_in_the_journal() -> None:
    story = Story(seen())
    story.up = 100
    assert story.server("called", "A2", "v2", said=-1_000_000).why == "news"


@pytest.mark.parametrize("event", ["called", "recalled"])
def test_after_a_restart_a_number_alone_means_the_journals_ticket_however_long_the_machine_is_up(
    event: TicketEvent,
) -> None:
    story = Story(seen(event), up=30 * LONGEST_MS)
    woken = story.lan(event, "A1", "v1")
    assert (woken.why, woken.told) == ("news", True)
    assert story.lan("called", "A1").visit == "v1"
    assert Story(seen(event), up=30 * LONGEST_MS).lan("called", "A1").visit == "v1"


def test_before_the_first_ticket_record_nothing_is_known() -> None:
    assert before_the_start(None, 0) == Heard()


# ---- bounds ----


def test_only_the_newest_are_remembered(story: Story) -> None:
    for number in range(MOST_VISITS + MOST_ENTRIES):
        story.lan("called", f"A{number}")
        story.lan("recalled", f"A{number}")
    assert len(story.heard.visits) == MOST_VISITS
    assert len(story.heard.story) == MOST_ENTRIES
    assert story.heard.read == {"lan": MOST_ENTRIES}
    assert story.lan("closed", "A0").why == "unknown"
    assert story.server("called", f"A{number}", "v").why == "echo"


def test_a_forgotten_visit_is_no_repetition(story: Story) -> None:
    story.server("called", "A0", "v0")
    for number in range(1, MOST_VISITS + 1):
        story.lan("called", f"A{number}")
    assert story.server("called", "A0", "v0").why == "news"


def test_a_word_without_letter_or_digit_stands_for_itself() -> None:
    assert replace(Word("lan", "Q1", "Q1"), ticket="--").number == "--"

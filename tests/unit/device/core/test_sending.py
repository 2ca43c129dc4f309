"""The rules of sending, one by one."""

from dataclasses import replace

import pytest

from device.core.sending import FULL, WINDOW, step
from device.core.sending_words import (
    STALLED,
    Action,
    Chain,
    Connected,
    Disconnected,
    Event,
    HelloWanted,
    JournalRead,
    KeepReceipt,
    MarkFork,
    Moment,
    Pace,
    ReceiptCame,
    RunSent,
    SendHello,
    Sending,
    SendRun,
    Tick,
    Unreadable,
)

A, B = "a" * 32, "b" * 32


class Line:
    """A state and a clock; every hello gets a new nonce."""

    def __init__(self, *chains: Chain) -> None:
        self.state = Sending(chains=chains)
        self.up = 1000
        self.nonces = 0
        self.jitter = 0.5

    def __call__(self, event: Event) -> list[Action]:
        self.nonces += 1
        moment = Moment(self.up, f"n{self.nonces}", self.jitter)
        self.state, actions = step(self.state, event, moment)
        return list(actions)

    def chain(self, name: str = A) -> Chain:
        return next(chain for chain in self.state.chains if chain.chain == name)

    def receipt(
        self, seq: int, *, fresh: bool = True, ours: bool = True, **more: object
    ) -> list[Action]:
        chain = str(more.pop("chain", A))
        n = more.pop("n", self.chain(chain).n + 1)
        nonce = self.state.nonce if fresh else "old"
        return self(ReceiptCame(chain, n, seq, nonce, ours, **more))  # type: ignore[arg-type]


def connected(newest: int = 3, held: int = 0) -> Line:
    line = Line(Chain(A, newest, held=held, next=held + 1))
    line(Connected())
    line(RunSent(A, newest))
    return line


# ---- 1: connecting ----


def test_nothing_is_sent_without_a_connection() -> None:
    line = Line()
    assert line(JournalRead(((A, 5),))) == []
    assert line(Tick()) == []


def test_on_connecting_a_hello_goes_before_the_first_run() -> None:
    line = Line(Chain(A, 3, held=1, next=2))
    assert line(Connected()) == [SendHello("n1"), SendRun(A, 2, FULL)]


def test_on_connecting_again_everything_not_held_is_sent_again() -> None:
    line = connected(3, held=1)
    line(Disconnected())
    assert line.state.nonce is None
    assert line(Connected())[-1] == SendRun(A, 2, FULL)


def test_what_earlier_receipts_said_is_taken_up_with_the_journal() -> None:
    line = Line()
    line(JournalRead(((A, 9), (B, 2)), ((A, 7, 4),)))
    assert (line.chain().n, line.chain().held) == (7, 4)
    assert line(Connected())[-1] == SendRun(A, 5, FULL)


def test_an_empty_journal_says_hello_and_waits_for_nothing() -> None:
    line = Line()
    assert line(Connected()) == [SendHello("n1")]
    assert line.state.deadline is None


# ---- 2: receipts that do nothing ----


def test_a_receipt_of_an_unknown_chain_does_nothing() -> None:
    line = connected()
    before = line.state
    assert line(ReceiptCame(B, 9, 1, before.nonce, ours=False)) == []
    assert line.state == before


@pytest.mark.parametrize("n", [4, 5])
def test_a_receipt_that_is_not_newer_than_the_last_does_nothing(n: int) -> None:
    line = connected()
    line.receipt(2, n=5)
    before = line.state
    assert line.receipt(1, n=n) == []
    assert line.state == before


# ---- 3: fresh receipts ----


def test_a_fresh_receipt_sets_what_is_held() -> None:
    line = connected()
    assert line.receipt(3) == [KeepReceipt()]
    assert line.chain().held == 3
    assert line.chain().done
    assert line.state.deadline is None


def test_a_fresh_receipt_that_says_less_goes_back_and_sends_again() -> None:
    line = connected(3)
    line.receipt(3)
    assert line.receipt(0) == [KeepReceipt(), SendRun(A, 1, FULL)]
    assert line.chain().held == 0


# ---- 4: forks ----


def test_a_fresh_receipt_with_a_head_that_is_not_ours_reveals_a_fork() -> None:
    line = connected(3, held=1)
    assert line.receipt(3, ours=False) == [MarkFork(A), SendRun(A, 2, FULL)]


def test_the_own_branch_is_sent_and_a_hello_is_its_fence() -> None:
    line = connected(3, held=1)
    line.receipt(3, ours=False)
    assert line(RunSent(A, 3)) == [SendHello(str(line.state.nonce))]
    assert not line.chain().done
    assert line.receipt(3, ours=False) == [MarkFork(A)]
    assert line.chain().done


def test_a_fence_does_not_hold_where_the_server_missed_something() -> None:
    line = connected(9, held=1)
    line.receipt(3, ours=False, apart=8)
    line(RunSent(A, 9))
    assert line.receipt(3, fresh=False, ours=False, resend=True) == [SendRun(A, 2, FULL)]
    line(RunSent(A, 9))
    assert line.receipt(3, fresh=False, ours=False, resend=True) == []
    assert line.receipt(3, ours=False, apart=9) == [MarkFork(A)]
    assert line.chain().done


def test_a_fresh_resend_goes_back_once_on_a_forked_chain_too() -> None:
    line = connected(9, held=1)
    line.receipt(3, ours=False, apart=8)
    assert line.receipt(3, ours=False, apart=8, resend=True)[-1] == SendRun(A, 2, FULL)
    line(RunSent(A, 9))
    assert line.receipt(3, ours=False, apart=8, resend=True) == [MarkFork(A)]
    assert not line.chain().done


def test_a_server_that_was_put_back_gets_the_branch_again() -> None:
    line = connected(9, held=1)
    line.receipt(5, ours=False)
    line(RunSent(A, 9))
    line.receipt(5, ours=False)
    assert line.chain().done
    assert line.receipt(4, ours=False)[-1] == SendRun(A, 2, FULL)


def test_another_record_where_one_was_agreed_on_has_everything_sent_again() -> None:
    line = connected(9, held=6)
    assert line.receipt(5, ours=False)[-1] == SendRun(A, 1, FULL)


def test_a_long_branch_is_judged_window_by_window() -> None:
    line = Line(Chain(A, 100, held=10, next=11))
    line(Connected())
    line.receipt(50, ours=False)
    for last in (20, 30, 40):
        assert line(RunSent(A, last)) == [SendRun(A, last + 1, FULL)]
    assert line(RunSent(A, 50)) == [SendHello(str(line.state.nonce))]
    assert line.receipt(50, ours=False) == [MarkFork(A), SendRun(A, 51, FULL)]


def test_an_answer_to_an_earlier_run_is_not_taken_for_the_fences() -> None:
    line = connected(3, held=1)
    line.receipt(3, ours=False)
    line.state = replace(line.state, chains=(replace(line.chain(), next=4),))
    line.receipt(3, ours=False)
    assert not line.chain().done


def test_a_branch_that_the_server_holds_apart_is_done_at_once() -> None:
    line = connected(3, held=1)
    assert line.receipt(3, ours=False, apart=3) == [MarkFork(A)]
    assert line.chain().done


def test_what_is_held_apart_is_not_sent_again() -> None:
    line = connected(9, held=1)
    assert line.receipt(3, ours=False, apart=6)[-1] == SendRun(A, 7, FULL)


def test_records_of_a_revoked_key_are_done_when_they_are_held_apart() -> None:
    line = connected(9, held=1)
    assert line.receipt(1, apart=9) == [KeepReceipt()]
    assert line.chain().done
    assert line(JournalRead(((A, 10),))) == [SendRun(A, 10, FULL)]


def test_a_journal_that_is_only_behind_has_nothing_to_send() -> None:
    line = connected(3, held=3)
    assert line.receipt(9, ours=False) == [MarkFork(A)]
    assert line.chain().done


def test_records_written_to_a_forked_chain_are_sent_too() -> None:
    line = connected(3, held=3)
    line.receipt(9, ours=False)
    assert line(JournalRead(((A, 4),))) == [SendRun(A, 4, FULL)]


def test_after_a_fork_the_new_chain_is_announced_and_sent() -> None:
    line = connected(3, held=3)
    line.receipt(9, ours=False)
    actions = line(JournalRead(((A, 3), (B, 2))))
    assert actions == [SendHello(str(line.state.nonce)), SendRun(B, 1, FULL)]


# ---- 5: receipts without the current nonce ----


def test_an_old_receipt_moves_forward_where_its_head_is_ours() -> None:
    line = connected(3)
    assert line.receipt(2, fresh=False) == [KeepReceipt()]
    assert line.chain().held == 2


@pytest.mark.parametrize(("seq", "ours"), [(1, True), (3, False), (9, False)])
def test_an_old_receipt_never_moves_back_nor_reveals_a_fork(seq: int, ours: bool) -> None:
    line = connected(3)
    line.receipt(2)
    before = line.chain()
    assert line.receipt(seq, fresh=False, ours=ours) == []
    assert line.chain() == before


def test_a_doubtful_receipt_right_after_a_hello_is_asked_about_later() -> None:
    line = connected(3)
    line.receipt(3)
    assert line.receipt(1, fresh=False) == []
    assert line.state.due == 1000 + Pace().ask_ms
    line.up += Pace().ask_ms - 1
    assert line(Tick()) == []
    line.up += 1
    assert line(Tick()) == [SendHello(f"n{line.nonces}")]
    assert line.state.ask_at is None


def test_a_doubtful_receipt_makes_the_terminal_ask() -> None:
    line = connected(3)
    line.receipt(3)
    line.up += Pace().ask_ms
    assert line.receipt(1, fresh=False) == [SendHello(f"n{line.nonces}")]
    assert line.receipt(1) == [KeepReceipt(), SendRun(A, 2, FULL)]


def test_a_receipt_with_no_nonce_is_never_fresh() -> None:
    line = connected(3)
    line(Disconnected())
    assert line.state.nonce is None
    assert line(ReceiptCame(A, 1, 9, None, ours=False)) == []


# ---- 6: resend ----


def test_resend_goes_back_once_for_each_position() -> None:
    line = connected(9)
    assert line.receipt(2, resend=True) == [KeepReceipt(), SendRun(A, 3, FULL)]
    line(RunSent(A, 9))
    assert line.receipt(2, resend=True) == [KeepReceipt()]
    assert line.receipt(4, resend=True) == [KeepReceipt(), SendRun(A, 5, FULL)]


# ---- 7: order and window ----


def test_the_oldest_chain_goes_first_until_the_server_holds_it() -> None:
    line = Line(Chain(A, 2), Chain(B, 2))
    assert line(Connected())[-1] == SendRun(A, 1, FULL)
    assert line(RunSent(A, 2)) == []
    assert line.receipt(2) == [KeepReceipt(), SendRun(B, 1, FULL)]


def test_only_a_few_runs_are_in_flight() -> None:
    line = Line(Chain(A, 100))
    line(Connected())
    sent = [line(RunSent(A, 10 * (number + 1))) for number in range(WINDOW)]
    assert sent[:-1] == [[SendRun(A, 10 * (n + 1) + 1, FULL)] for n in range(WINDOW - 1)]
    assert sent[-1] == []
    assert line.receipt(10) == [KeepReceipt(), SendRun(A, 41, FULL)]


def test_a_new_record_is_sent_at_once() -> None:
    line = connected(3)
    line.receipt(3)
    assert line(JournalRead(((A, 4),))) == [SendRun(A, 4, FULL)]


def test_a_report_of_a_run_that_was_taken_back_does_nothing() -> None:
    line = connected(3)
    before = line.state
    assert line(RunSent(A, 2)) == []
    assert line(RunSent(B, 2)) == []
    assert line.state == before


# ---- 8: time-outs ----


def test_without_a_receipt_in_time_one_record_and_a_hello_probe_the_way() -> None:
    line = connected(9)
    line.up += Pace().receipt_ms
    assert line(Tick()) == [SendHello(f"n{line.nonces}"), SendRun(A, 1, 1)]
    assert line(RunSent(A, 1)) == []


def test_probes_back_off_with_jitter_up_to_the_cap() -> None:
    line = connected(9)
    waits = []
    for _ in range(6):
        line.up = line.state.deadline or 0
        line(Tick())
        waits.append((line.state.deadline or 0) - line.up)
    assert waits == [20_000, 30_000, 40_000, 40_000, 40_000, 40_000]


def test_a_receipt_opens_the_way_again() -> None:
    line = connected(9)
    line.up += Pace().receipt_ms
    line(Tick())
    assert line.receipt(1)[-1] == SendRun(A, 2, FULL)
    assert (line.state.failures, line.state.probing) == (0, False)


def test_progress_begins_the_waiting_anew() -> None:
    line = Line(Chain(A, 20))
    line(Connected())
    line(RunSent(A, 10))
    line(RunSent(A, 20))
    line.up += 9_000
    line.receipt(10)
    line.up += 9_000
    assert line(Tick()) == []


# ---- 9: what cannot be sent ----


def test_an_unreadable_record_ends_its_chain_and_the_next_chain_goes_on() -> None:
    line = Line(Chain(A, 5, held=2, next=3), Chain(B, 1))
    line(Connected())
    assert line(Unreadable(A, 3)) == [SendRun(B, 1, FULL)]
    assert line(Unreadable("c" * 32, 3)) == [SendRun(B, 1, FULL)]


def test_what_comes_before_an_unreadable_record_is_sent() -> None:
    line = Line(Chain(A, 5))
    line(Connected())
    assert line(Unreadable(A, 3)) == [SendRun(A, 1, FULL)]
    line(RunSent(A, 2))
    line.receipt(2)
    assert line.chain().done


def stalled_line() -> Line:
    line = Line(Chain(A, 5), Chain(B, 1))
    line(Connected())
    for _ in range(STALLED):
        line(RunSent(A, 5))
        line.receipt(0)
        line.up = line.state.deadline or 0
        actions = line(Tick())
        if actions[-1] == SendRun(A, 1, 1):
            line(RunSent(A, 1))
            line.receipt(0)
    return line


def test_a_chain_that_the_server_takes_nothing_of_lets_the_next_one_go() -> None:
    line = stalled_line()
    assert line.chain(A).done
    assert line.receipt(0, chain=B)[-1] == SendRun(B, 1, FULL)


def test_a_stalled_chain_is_tried_again_after_a_new_record() -> None:
    line = stalled_line()
    line.receipt(0, chain=B)
    assert line(JournalRead(((A, 6), (B, 1))))[-1] == SendRun(A, 1, FULL)


def test_a_stalled_chain_is_tried_again_with_the_daily_hello() -> None:
    line = stalled_line()
    line(RunSent(B, 1))
    line.receipt(1, chain=B)
    line.up += Pace().hello_ms
    assert line(Tick())[-1] == SendRun(A, 1, FULL)


# ---- 10: hellos ----


def test_a_hello_goes_out_once_a_day() -> None:
    line = connected(3)
    line.receipt(3)
    line.up += Pace().hello_ms - 1
    assert line(Tick()) == []
    line.up += 1
    assert line(Tick()) == [SendHello(f"n{line.nonces}")]


def test_a_hello_goes_out_when_the_server_asks() -> None:
    line = connected(3)
    line.receipt(3)
    assert line(HelloWanted()) == [SendHello(f"n{line.nonces}")]
    line(Disconnected())
    assert line(HelloWanted()) == []


def test_a_chain_that_is_gone_from_the_journal_is_forgotten() -> None:
    line = Line(Chain(A, 2), Chain(B, 2))
    line(JournalRead(((B, 2),)))
    assert [chain.chain for chain in line.state.chains] == [B]

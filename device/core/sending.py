"""Which records to send, and what a receipt moves: a pure state machine (WIRE.md section 4).

Times are ``up`` milliseconds. Randomness comes in with the moment: a nonce that may be used, and a
fraction for jitter. The rules:

1. Nothing is sent without a connection. On connecting everything goes back to what the server is
   known to hold, and a *hello* with a fresh nonce asks what it holds.
2. A receipt of an unknown chain, or whose ``n`` is not above the last one's for its chain, does
   nothing.
3. A receipt with the current nonce whose head stands in the journal sets what the server holds,
   forward or back.
   What it names as held *apart* (disputed) counts as held too, for sending: the server has it.
4. A receipt with the current nonce whose head does *not* stand in the journal reveals a fork: the
   finding is marked for the terminal, which begins a new chain. What this journal holds beyond the
   last agreed position is still sent, so that the server can hold it apart. What of it the server
   knew already it does not say; so a hello serves as a fence: its answer comes after the server
   has judged all that was sent before. If it names less than it did, it was put back: again.
5. Any other receipt moves forward only, and only if its head stands in the journal. If it says
   less, or something else, the server is asked with a hello, not more often than `Pace.ask_ms`.
6. ``resend`` goes back to what is held, once for each position.
7. Oldest chain first, until the server holds all of it; at most `WINDOW` runs in flight.
8. No progress in time: back to what is held, a hello and one single record as a probe, with
   exponential back-off and jitter, until a receipt comes.
9. What cannot be read (a gap, a broken record) ends what can be sent of its chain. A chain that
   the server answers for without taking anything, `STALLED` times, lets the next one go first
   until the next connection, daily hello or new record.
10. A hello once a day, when the journal has begun a new chain, and when the server asks for one.
"""

from __future__ import annotations

from dataclasses import replace

from device.core.backoff import backoff_ms
from device.core.sending_chain import back, in_vain, missed, moved, parted
from device.core.sending_words import (
    STALLED,
    Chain,
    Connected,
    Disconnected,
    Event,
    HelloWanted,
    JournalRead,
    KeepReceipt,
    MarkFork,
    Moment,
    ReceiptCame,
    RunSent,
    SendHello,
    Sending,
    SendRun,
    Step,
    Unreadable,
)

WINDOW = 4
"""Runs in flight."""
PROBE = 1
"""Records sent, and runs in flight, while nothing is heard."""
FULL = 140
"""Records to read for a run; of the smallest ones 64 KiB hold about so many."""


def step(state: Sending, event: Event, moment: Moment) -> Step:
    """Return the state after ``event`` and what to do, in order."""
    state, actions = _apply(state, event, moment)
    state, run = _next_run(state, moment)
    return state, actions + run


def _apply(state: Sending, event: Event, moment: Moment) -> Step:
    match event:
        case Connected():
            return _connected(state, moment)
        case Disconnected():
            return replace(state, connected=False, nonce=None, ask_at=None, deadline=None), ()
        case JournalRead():
            return _journal_read(state, event, moment)
        case RunSent():
            return _run_sent(state, event, moment)
        case Unreadable():
            return _change(state, event.chain, end=event.seq), ()
        case ReceiptCame():
            return _receipt_came(state, event, moment)
        case HelloWanted():
            return _hello(state, moment) if state.connected else (state, ())
        case _:
            return _tick(state, moment)


def _connected(state: Sending, moment: Moment) -> Step:
    """Rule 1."""
    chains = tuple(replace(back(chain), fruitless=0, end=None) for chain in state.chains)
    return _hello(replace(state, connected=True, chains=chains, probing=False), moment)


def _journal_read(state: Sending, event: JournalRead, moment: Moment) -> Step:
    """Take up new records and chains; rule 10."""
    known = {chain.chain: chain for chain in state.chains}
    earlier = {chain: (n, held) for chain, n, held in event.receipts}
    chains = []
    for chain_id, newest in event.newest:
        n, held = earlier.get(chain_id, (-1, 0))
        chain = known.get(chain_id) or Chain(chain_id, newest, held=held, next=held + 1, n=n)
        if newest != chain.newest:
            tries = min(chain.fruitless, STALLED - 1)
            chain = replace(chain, newest=newest, fruitless=tries)
        chains.append(chain)
    begun = any(chain.chain not in known for chain in chains)
    state = replace(state, chains=tuple(chains))
    return _hello(state, moment) if begun and state.connected else (state, ())


def _run_sent(state: Sending, event: RunSent, moment: Moment) -> Step:
    chain = _find(state, event.chain)
    if chain is None or event.last < chain.next:
        return state, ()
    sent = replace(chain, next=event.last + 1, runs=(*chain.runs, event.last))
    state = _awaiting(_put(state, sent), moment)
    if chain.forked and (event.last >= chain.last or len(sent.runs) >= WINDOW):
        return _hello(state, moment)
    return state, ()


def _receipt_came(state: Sending, event: ReceiptCame, moment: Moment) -> Step:
    """Rules 2 to 6."""
    chain = _find(state, event.chain)
    if chain is None or event.n <= chain.n:
        return state, ()
    if event.nonce is not None and event.nonce == state.nonce:
        return _fresh(state, chain, event, moment)
    if not event.ours or event.seq < chain.held:
        if chain.forked and event.resend:
            state = _put(state, missed(replace(chain, n=event.n), event))
        return _ask(state, moment)
    state = _put(state, moved(chain, event, chain.reached))
    return _heard(state, moment), (KeepReceipt(),)


def _fresh(state: Sending, chain: Chain, event: ReceiptCame, moment: Moment) -> Step:
    """Rules 3 and 4."""
    if event.ours:
        agreed = replace(chain, forked=False, seen=0, fence=0, judged=0, answered=True)
        state = _put(state, moved(agreed, event, chain.reached))
        return _heard(state, moment), (KeepReceipt(),)
    state = _put(state, parted(chain, event))
    return _heard(state, moment), (MarkFork(chain.chain),)


def _tick(state: Sending, moment: Moment) -> Step:
    """Rules 8 and 10."""
    if not state.connected:
        return state, ()
    if state.deadline is not None and moment.up >= state.deadline:
        chains = tuple(in_vain(chain) for chain in state.chains)
        failures = state.failures + 1
        return _hello(replace(state, chains=chains, failures=failures, probing=True), moment)
    if state.ask_at is not None and moment.up >= state.ask_at:
        return _hello(state, moment)
    if moment.up - state.hello_at >= state.pace.hello_ms:
        chains = tuple(replace(chain, fruitless=0) for chain in state.chains)
        return _hello(replace(state, chains=chains), moment)
    return state, ()


def _ask(state: Sending, moment: Moment) -> Step:
    """Rule 5."""
    if not state.connected:
        return state, ()
    at = state.hello_at + state.pace.ask_ms
    return _hello(state, moment) if moment.up >= at else (replace(state, ask_at=at), ())


def _hello(state: Sending, moment: Moment) -> Step:
    chains = tuple(
        replace(chain, answered=False, fence=chain.next - 1 if chain.forked else 0)
        for chain in state.chains
    )
    asked = replace(state, chains=chains, nonce=moment.nonce, hello_at=moment.up, ask_at=None)
    if not chains:
        return asked, (SendHello(moment.nonce),)
    return _awaiting(replace(asked, deadline=None), moment), (SendHello(moment.nonce),)


def _heard(state: Sending, moment: Moment) -> Sending:
    """A receipt moved something: the way is open, and the waiting begins anew."""
    waiting = any(chain.runs and not chain.done for chain in state.chains)
    state = replace(state, failures=0, probing=False, deadline=None)
    return _awaiting(state, moment) if waiting else state


def _awaiting(state: Sending, moment: Moment) -> Sending:
    if state.deadline is not None:
        return state
    pace = state.pace
    more = backoff_ms(state.failures, moment.jitter, pace.receipt_ms, pace.cap_ms)
    return replace(state, deadline=moment.up + pace.receipt_ms + (more if state.failures else 0))


def _next_run(state: Sending, moment: Moment) -> Step:
    """Rules 7 and 8."""
    if not state.connected:
        return state, ()
    chain = next((chain for chain in state.chains if not chain.done), None)
    window = PROBE if state.probing else WINDOW
    if chain is None or len(chain.runs) >= window or chain.next > chain.last:
        return state, ()
    limit = PROBE if state.probing else FULL
    return _awaiting(state, moment), (SendRun(chain.chain, chain.next, limit),)


def _find(state: Sending, chain_id: str) -> Chain | None:
    return next((chain for chain in state.chains if chain.chain == chain_id), None)


def _put(state: Sending, changed: Chain) -> Sending:
    chains = tuple(changed if each.chain == changed.chain else each for each in state.chains)
    return replace(state, chains=chains)


def _change(state: Sending, chain_id: str, *, end: int) -> Sending:
    chain = _find(state, chain_id)
    return state if chain is None else _put(state, replace(chain, end=end))

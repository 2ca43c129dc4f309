"""What events make of one chain: how far it is sent, held and agreed on. Pure.

The rules that are named here are those of ``sending.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.core.sending_words import Chain, ReceiptCame


def back(chain: Chain) -> Chain:
    """Go back to what the server is known to hold."""
    return replace(chain, next=chain.reached + 1, runs=(), resent=None)


def in_vain(chain: Chain) -> Chain:
    """Rules 8 and 9: nothing was heard in time."""
    waited = chain.answered and bool(chain.runs)
    return replace(back(chain), fruitless=chain.fruitless + waited)


def parted(chain: Chain, event: ReceiptCame) -> Chain:
    """Rule 4: what is known of a chain whose head at the server is not ours."""
    after = replace(chain, n=event.n, forked=True, seen=event.seq, apart=event.apart, answered=True)
    if event.seq <= chain.held:
        # Another record where one was agreed on: nothing is agreed on any more.
        return back(replace(after, held=0, fence=0, judged=0))
    less = event.seq < chain.seen or event.apart < chain.apart
    if not chain.forked or less:
        return back(replace(after, fence=0, judged=0))
    if event.resend:
        return missed(after, event)
    return _reaching(replace(after, judged=max(chain.judged, chain.fence)), again=False)


def missed(chain: Chain, event: ReceiptCame) -> Chain:
    """Rule 6 for a forked chain: the server lacks something that was taken for judged."""
    doubted = replace(chain, apart=0, judged=0, fence=0)
    if chain.resent == event.seq:
        return doubted
    return replace(back(doubted), resent=event.seq)


def moved(chain: Chain, event: ReceiptCame, reached: int) -> Chain:
    """Take what is held from a receipt whose head is ours; ``reached`` was known before."""
    after = replace(chain, n=event.n, held=event.seq, apart=event.apart)
    again = event.resend and chain.resent != event.seq
    return replace(
        _reaching(after, again=again or after.reached < reached),
        resent=event.seq if event.resend else None,
        fruitless=0 if after.reached > reached else chain.fruitless,
    )


def _reaching(chain: Chain, *, again: bool) -> Chain:
    """Go on after what the server has: from there ``again``, or where sending already is."""
    if again:
        return replace(chain, next=chain.reached + 1, runs=())
    runs = tuple(last for last in chain.runs if last > chain.reached)
    return replace(chain, next=max(chain.next, chain.reached + 1), runs=runs)

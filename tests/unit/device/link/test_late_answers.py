"""A broker may keep an answer back; what it says of the time is stale by then."""

from pathlib import Path
from typing import Any

from device.core.sending_words import Pace
from device.inbox.store import LinkStore
from device.journal.reader import JournalReader
from device.link.outgoing import Outgoing
from device.link.sender import Sender
from tests.fakes.journals import DEV, KEY, StillClock, journal, rating
from tests.fakes.left_open import closed_later
from wire.down import Receipt
from wire.envelope import root_hash
from wire.up import decode_hello

MINUTE = 60_000


def asked(data: Path, clock: StillClock) -> tuple[Sender, str, str]:
    """A sender that has just said hello, its nonce and its chain."""
    journal(data).append(rating())
    said: list[bytes] = []

    def publish(leaf: str, payload: bytes, *, retain: bool = False) -> bool:
        if leaf == "hello":
            said.append(payload)
        return True

    store = closed_later(LinkStore(data))
    outgoing = Outgoing(DEV, KEY, JournalReader(data), store, lambda: None)
    sender = Sender(outgoing, store, clock, publish, Pace(), lambda: 0.5)
    sender.look()
    sender.connected()
    hello = decode_hello(said[-1])
    return sender, hello.nonce, hello.chains[0].chain


def answer(chain: str, nonce: str | None, n: int = 9, **more: Any) -> Receipt:
    return Receipt(DEV, n, 0, chain, 0, root_hash(chain), "ok", nonce=nonce, **more)


def test_an_answer_in_time_tells_the_time(tmp_path: Path) -> None:
    clock = StillClock()
    sender, nonce, chain = asked(tmp_path, clock)
    clock.advance(MINUTE)
    assert sender.receipt(answer(chain, nonce), b"token")


def test_an_answer_that_was_kept_back_does_not_tell_the_time(tmp_path: Path) -> None:
    clock = StillClock()
    sender, nonce, chain = asked(tmp_path, clock)
    clock.advance(MINUTE + 1)
    assert not sender.receipt(answer(chain, nonce), b"token")


def test_a_receipt_that_answers_no_hello_does_not_tell_the_time(tmp_path: Path) -> None:
    sender, _, chain = asked(tmp_path, StillClock())
    assert not sender.receipt(answer(chain, None), b"token")
    assert not sender.receipt(answer(chain, "0" * 32, n=10), b"token")

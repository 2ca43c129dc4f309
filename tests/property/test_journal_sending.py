"""Sending over a wire that loses, repeats and delays, to a server that forgets: all arrives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.sending import step
from device.core.sending_words import (
    Connected,
    Disconnected,
    Event,
    JournalRead,
    Moment,
    Pace,
    ReceiptCame,
    RunSent,
    SendHello,
    Sending,
    SendRun,
    Tick,
)

NAMES = ("a" * 32, "b" * 32)
PACE = Pace(receipt_ms=1_000, cap_ms=4_000, ask_ms=500, hello_ms=60_000)


@dataclass
class Wire:
    """A terminal's sending, a wire, and a server that holds a number of records of each chain."""

    random: Random
    newest: dict[str, int] = field(default_factory=lambda: {NAMES[0]: 1})
    held: dict[str, int] = field(default_factory=dict)
    state: Sending = field(default_factory=lambda: Sending(PACE))
    up: int = 0
    n: int = 0
    nonce: str | None = None
    up_queue: list[SendHello | tuple[str, int, int]] = field(default_factory=list)
    down_queue: list[ReceiptCame] = field(default_factory=list)

    def feed(self, event: Event) -> None:
        events = [event]
        while events:
            moment = Moment(self.up, f"{self.random.getrandbits(64):x}", self.random.random())
            self.state, actions = step(self.state, events.pop(0), moment)
            for action in actions:
                if isinstance(action, SendRun):
                    last = min(action.first + min(action.limit, 7) - 1, self.newest[action.chain])
                    self.up_queue.append((action.chain, action.first, last))
                    events.append(RunSent(action.chain, last))
                elif isinstance(action, SendHello):
                    self.up_queue.append(action)

    def serve(self) -> None:
        """Let the server take what came, in order."""
        queue, self.up_queue = self.up_queue, []
        for message in queue:
            if isinstance(message, SendHello):
                self.nonce = message.nonce
                for chain in self.newest:
                    self.answer(chain)
            else:
                chain, first, last = message
                had = self.held.get(chain, 0)
                gap = first > had + 1
                self.held[chain] = had if gap else max(had, last)
                self.answer(chain, resend=gap)

    def answer(self, chain: str, *, resend: bool = False) -> None:
        self.n += 1
        seq = self.held.get(chain, 0)
        self.down_queue.append(ReceiptCame(chain, self.n, seq, self.nonce, True, resend))

    def deliver(self) -> None:
        queue, self.down_queue = self.down_queue, []
        for receipt in queue:
            self.feed(receipt)

    # ---- what may go wrong ----

    def lose(self) -> None:
        if self.random.random() < 0.5:
            self.up_queue.clear()
        else:
            self.down_queue.clear()

    def repeat(self) -> None:
        self.up_queue += self.up_queue
        self.down_queue += self.down_queue

    def reorder(self) -> None:
        self.random.shuffle(self.up_queue)
        self.random.shuffle(self.down_queue)

    def forget(self) -> None:
        """The server's database is put back; after its start it tells what it holds."""
        for chain in self.held:
            self.held[chain] = self.random.randint(0, self.held[chain])
        self.nonce = None
        for chain in self.newest:
            self.answer(chain)

    def reconnect(self) -> None:
        self.feed(Disconnected())
        self.feed(Connected())

    def write(self) -> None:
        self.newest[list(self.newest)[-1]] += self.random.randint(1, 20)
        self.look()

    def begin_chain(self) -> None:
        self.newest.setdefault(NAMES[1], 1)
        self.look()

    def pass_time(self) -> None:
        self.up += 700
        self.feed(Tick())

    def look(self) -> None:
        self.feed(JournalRead(tuple(self.newest.items())))


STEPS = [
    Wire.lose,
    Wire.repeat,
    Wire.reorder,
    Wire.forget,
    Wire.reconnect,
    Wire.write,
    Wire.begin_chain,
    Wire.serve,
    Wire.deliver,
    Wire.pass_time,
]


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), max_size=60))
def test_when_the_wire_is_whole_again_the_server_gets_everything(
    seed: int, steps: list[Callable[[Wire], None]]
) -> None:
    wire = Wire(Random(seed))
    wire.look()
    wire.feed(Connected())
    for do in steps:
        do(wire)
    # A server that has forgotten asks after its start; a broker that has, is connected to anew.
    wire.feed(Connected())
    for _ in range(60):
        wire.serve()
        wire.deliver()
        wire.pass_time()
    assert wire.held == wire.newest
    assert all(chain.done for chain in wire.state.chains)
    assert not any(chain.forked for chain in wire.state.chains)

"""The uplink's ear, for tests of what receipts move: nobody carries out what else comes down."""

from device.inbox.store import LinkStore
from device.link.answers import Answers
from device.link.orders import Orders
from device.link.publish import Publish
from device.link.receiver import Receiver
from device.link.sender import Sender
from device.ports import Clock


def hearing(
    dev: str, fleet_x: str, store: LinkStore, sender: Sender, clock: Clock, publish: Publish
) -> Receiver:
    """Return a receiver that rings for nobody."""
    answers = Answers(store, publish)
    orders = Orders(None, None, clock, answers, sender.hello, lambda _n, _bundle: None)  # type: ignore[arg-type]
    return Receiver(
        dev,
        fleet_x,
        store,
        sender,
        clock,
        answers,
        orders,
        {},
        lambda: None,
        lambda _at: None,
    )

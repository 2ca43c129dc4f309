"""The server's signing keys, and what it signs for a terminal."""

from wire import keys
from wire.down import Command, Config, CurrentTicket, Down, FleetKey, KeyList, Receipt, seal_down

FLEET, RECEIPT, CONTROL = keys.generate(), keys.generate(), keys.generate()
FLEET_X = keys.x_of(FLEET)
DEV = "t-1"
CHAIN = "c" * 32


def key_list(n: int = 1) -> bytes:
    listed = (FleetKey("receipt", keys.x_of(RECEIPT)), FleetKey("control", keys.x_of(CONTROL)))
    return seal_down(KeyList(n, 0, listed), FLEET)


def signed(thing: Down) -> bytes:
    return seal_down(thing, RECEIPT if isinstance(thing, Receipt) else CONTROL)


def ticket(n: int = 1, visit: str | None = "v1", ttl_s: int = 60) -> CurrentTicket:
    return CurrentTicket(DEV, n, 0, ttl_s, "Q1", "Quầy 1", visit, "A017", "called")


def config(n: int = 1, version: int = 1, **settings: object) -> Config:
    return Config(DEV, n, 0, version, settings)


def command(n: int = 1, name: str = "hello", ttl_s: int = 60) -> Command:
    return Command(DEV, n, 0, ttl_s, name)


def receipt(n: int = 1, seq: int = 0, digest: str = "A" * 43, **more: object) -> Receipt:
    fields: dict[str, object] = {"chain": CHAIN, "status": "ok", **more}
    return Receipt(dev=DEV, n=n, iat=1000, seq=seq, hash=digest, **fields)  # type: ignore[arg-type]

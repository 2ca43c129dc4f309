"""One example of everything that is signed, from fixed keys, for the golden vectors."""

from joserfc.jwk import OKPKey

from wire.commands import NAMES
from wire.down import (
    Command,
    Config,
    CurrentTicket,
    Down,
    FleetKey,
    Head,
    KeyList,
    Receipt,
)
from wire.envelope import b64, root_hash
from wire.keys import x_of
from wire.records import (
    Body,
    Boot,
    ChainStart,
    ClockSet,
    Fault,
    Items,
    KeyChange,
    Rating,
    Reasons,
    Record,
    Stamp,
    Ticket,
)
from wire.up import HelloChain

DEV = "t-quan1-01"
CHAIN = "0123456789abcdef0123456789abcdef"
BOOT = "00112233445566778899aabbccddeeff"
AT = 1_795_336_200_000  # 2026-11-22T08:30:00.000Z
HASH = b64(bytes(range(32)))


def key_from_seed(number: int) -> OKPKey:
    """Return the key whose private part is 32 times ``number``: for vectors, never for use."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


DEVICE_KEY = key_from_seed(1)
NEXT_DEVICE_KEY = key_from_seed(2)
RECEIPT_KEY = key_from_seed(3)
CONTROL_KEY = key_from_seed(4)
FLEET_KEY = key_from_seed(5)

KEY_LIST = KeyList(
    n=AT,
    iat=AT,
    keys=(FleetKey("receipt", x_of(RECEIPT_KEY)), FleetKey("control", x_of(CONTROL_KEY))),
)

BODIES: dict[str, Body] = {
    "chain-first": ChainStart("first"),
    "chain-fork": ChainStart("fork", "f" * 32, 41, HASH, None, 44, HASH),
    "boot": Boot("0.1.0", "2026-11-01", "power"),
    "ticket-called": Ticket("Q1-03", "v-1", "A017", "called", "server", "2026-11-22", "Hộ tịch"),
    "ticket-closed": Ticket("Q1-03", "v-1", "A017", "closed", "scanner"),
    "ticket-assumed": Ticket("Q1-03", "v-1", "A017", "closed", "lan", assumed=True),
    "rating": Rating("Q1-03", "v-1", "very_satisfied", "button", 1),
    "rating-replaces": Rating("Q1-03", "v-1", "unsatisfied", "button", 1, replaces=5),
    "rating-contested": Rating("Q1-03", "v-1", "satisfied", "touch", 1, contested=True),
    "rating-unbound": Rating("Q1-03", None, "satisfied", "touch", 1),
    "reasons": Reasons(5, ("waiting", "attitude")),
    "reasons-skipped": Reasons(5, None, skipped=True),
    "items": Items("BV-KHOA-2", ("parking", "pharmacy")),
    "clock": ClockSet(0, AT, "receipt"),
    "fault": Fault("button_stuck", "satisfied"),
    "fault-cloned": Fault("cloned"),
    "key": KeyChange(x_of(NEXT_DEVICE_KEY)),
}


def record(name: str) -> Record:
    """Return the example record called ``name``, at seq 1 or 9 of the example chain."""
    body = BODIES[name]
    first = isinstance(body, ChainStart)
    stamp = Stamp(
        dev=DEV,
        chain=CHAIN,
        seq=1 if first else 9,
        prev=root_hash(CHAIN) if first else HASH,
        boot=BOOT,
        up=123_456,
        at=0 if name == "clock" else AT,
        clock="unset" if name == "clock" else "synced",
    )
    return Record(stamp, body)


DOWNS: dict[str, tuple[Down, OKPKey]] = {
    "down-keys": (KEY_LIST, FLEET_KEY),
    "down-receipt": (
        Receipt(DEV, AT, AT, CHAIN, 9, HASH, "ok", (4,), (Head(7, HASH),), "a" * 32),
        RECEIPT_KEY,
    ),
    "down-receipt-nothing": (
        Receipt(DEV, AT + 1, AT, CHAIN, 0, root_hash(CHAIN), "resend"),
        RECEIPT_KEY,
    ),
    "down-ticket": (
        CurrentTicket(
            DEV, AT, AT, 3600, "Q1-03", "Quầy 3", "v-1", "A017", "called", "2026-11-22", "Hộ tịch"
        ),
        CONTROL_KEY,
    ),
    "down-ticket-nobody": (CurrentTicket(DEV, AT, AT, 3600, "Q1-03", "Quầy 3"), CONTROL_KEY),
    "down-config": (Config(DEV, AT, AT, 7, {"session": {"correction_s": 5}}), CONTROL_KEY),
    "down-command": (Command(DEV, AT, AT, 60, "identify", {}), CONTROL_KEY),
    "down-config-policy": (
        Config(
            DEV,
            AT + 1,
            AT,
            8,
            {
                "look": {"languages": ["vi", "en"]},
                "texts": {"question": {"vi": "Ông/bà có hài lòng không?"}},
                "hours": {"opening": {"mon": ["07:30-11:30"]}, "brightness": {"18:00": 40}},
            },
        ),
        CONTROL_KEY,
    ),
    **{
        f"down-command-{name}": (
            Command(DEV, AT + 1, AT, 60, name, {"seconds": 10} if name == "identify" else {}),
            CONTROL_KEY,
        )
        for name in NAMES
    },
}

LATE_START = HelloChain(CHAIN, 9, HASH, 12, HASH)
"""A chain whose first eight records were pruned."""

"""Write the golden vectors that are missing; never change one that is there.

Run as ``python -m tests.unit.wire.make_vectors``.
"""

import json
import sys
from pathlib import Path

from joserfc.jwk import OKPKey

from tests.unit.wire import examples
from wire.begins import seal_begins
from wire.codec import encode
from wire.down import seal_down
from wire.envelope import digest, payload_of, seal
from wire.keys import kid_of, x_of

VECTORS = Path(__file__).parents[3] / "wire" / "vectors" / "v1"


def vector(token: bytes, key: OKPKey) -> dict[str, str]:
    """Return everything an implementation needs to check itself against ``token``."""
    return {
        "x": x_of(key),
        "kid": kid_of(key),
        "payload": payload_of(token).decode("utf-8"),
        "token": token.decode("ascii"),
        "hash": digest(token),
    }


def all_vectors() -> dict[str, dict[str, str]]:
    """Return every vector by its file's name without the ending."""
    key = examples.DEVICE_KEY
    found = {
        f"record-{name}": vector(seal(encode(examples.record(name)), key), key)
        for name in examples.BODIES
    }
    for name, (thing, signer) in examples.DOWNS.items():
        found[name] = vector(seal_down(thing, signer), signer)
    begins = seal_begins(examples.DEV, examples.LATE_START, key).encode("ascii")
    found["up-begins"] = vector(begins, key)
    return found


def main() -> None:
    """Write what is missing and say so."""
    for name, content in all_vectors().items():
        path = VECTORS / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()

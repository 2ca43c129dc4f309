"""A terminal's signed word that a chain of its journal begins late (WIRE.md section 4).

A hello is not signed. If it could say alone that the start of a chain is gone, then whoever breaks
into the broker while a backup is put back could make the server skip what is still to be sent.
"""

from joserfc.jwk import OKPKey

from wire.envelope import seal, verify
from wire.errors import WireError
from wire.strictjson import Object, dump, parse_object
from wire.up import HelloChain

TYP = "begins"
_MAX_PAYLOAD = 512


def seal_begins(dev: str, said: HelloChain, key: OKPKey) -> str:
    """Return the word of terminal ``dev`` that ``said`` is where the chain begins, as a token."""
    return seal(dump(_word(dev, said)), key).decode("ascii")


def check_begins(token: str, dev: str, said: HelloChain, key: OKPKey) -> None:
    """Check that ``key`` signed that the chain of terminal ``dev`` begins as ``said``.

    Raises:
        WireError: it did not.
    """
    payload = verify(token.encode("utf-8"), key)
    if parse_object(payload, _MAX_PAYLOAD) != _word(dev, said):
        raise WireError("begins: is not about this start of this chain")


def _word(dev: str, said: HelloChain) -> Object:
    # Without ``seq`` and ``prev`` it can't take a place in a chain.
    return {
        "typ": TYP,
        "dev": dev,
        "chain": said.chain,
        "oldest_seq": said.oldest_seq,
        "oldest_hash": said.oldest_hash,
    }

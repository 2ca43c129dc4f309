"""When a chain goes on after an old receipt, because its start was pruned. Pure.

A terminal prunes only what is receipted. A server that lost its database can't get the start back,
but its own signature on the old receipt proves that it once held everything up to there.
"""

from wire.down import Receipt
from wire.up import HelloChain


def goes_on_after(head_seq: int, said: HelloChain, receipt: Receipt) -> bool:
    """Whether the head should move to ``receipt``, which this fleet signed.

    Only if it is for the record before the oldest one that the terminal still has, and the server
    lacks what is before that: then nothing that can still be sent is skipped.
    """
    return (
        receipt.chain == said.chain
        and receipt.seq == said.oldest_seq - 1
        and receipt.seq > head_seq
    )

"""What a mail server's reply means, and when a mail is tried again. Pure.

1. Mails are tried again as webhooks are (`core.webhooks.next_try`), but at least every quarter of
   an hour: a complaint is worth an attempt, and there is one server, which ten mails don't hurt.
2. Only a refused address is given up at once: no later attempt changes it. Whatever else fails (no
   answer, a wrong password, a refused sender) a person can mend, and then nothing is lost.

Replies by RFC 5321, section 4.2, and RFC 4954, section 6.
"""

from typing import Literal

from fleet_server.core.webhooks import next_try

LONGEST_WAIT_MS = 15 * 60_000

Trouble = Literal["silent", "busy", "sign_in", "address", "refused"]
"""*silent*: no answer in time, or no connection; *busy*: it asks to come again; *sign_in*: it wants
another name or password; *address*: it does not take mail for that address; *refused*: any other
refusal, as of the sender."""

_SIGN_IN = frozenset({530, 534, 535, 538})
_ADDRESS = frozenset({550, 551, 553})


def trouble(reply: int | None) -> Trouble:
    """Return what is wrong, by the code of the reply that was no success; None: there was none."""
    if reply is None:
        return "silent"
    if reply in _SIGN_IN:
        return "sign_in"
    if reply in _ADDRESS:
        return "address"
    return "refused" if reply >= 500 else "busy"


def next_mail(
    wrong: Trouble, attempts: int, first_at: int, now_ms: int, chance: float
) -> int | None:
    """Return when a mail that failed is tried again, or None if it is dead.

    Args:
        wrong: what was wrong at the last attempt.
        attempts: how many have failed, at least 1.
        first_at: from when on it could be sent (`Notification.not_before`), Unix milliseconds.
        now_ms: now.
        chance: a random number from 0 up to 1.
    """
    if wrong == "address":
        return None
    return next_try(attempts, first_at, now_ms, chance, LONGEST_WAIT_MS)

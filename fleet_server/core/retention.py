"""What may be erased, and after how many days. Signed records and what proves them never are."""

from collections.abc import Mapping

DAY_MS = 86_400_000
LONGEST = 36_500
"""A hundred years: what somebody writes who wants to keep something for ever."""

KEPT_DAYS: Mapping[str, int] = {
    "dossiers": 400,
    "samples": 90,
    "requests": 7,
    "tokens": 90,
    "commands": 1_100,
    "matters": 1_100,
    "statuses": 400,
    "sessions": 1,
    "links": 30,
    "drafts": 1,
    "deliveries": 30,
    "history": 1_100,
    "tallies": 400,
    "contacts": 1_100,
    "alarms": 1_100,
    "letters": 90,
    "reports": 30,
}
"""How long each kind is kept unless the settings say otherwise:

- ``dossiers``: which dossier a visit was about, the only personal thing, from the visit on;
- ``samples``: raw input that nobody vouches for;
- ``requests``: idempotency keys of the queue system, with what they were answered;
- ``tokens``: one-time tokens of enrolment that are closed or have expired;
- ``commands``: commands that were answered or have expired, with their outcome;
- ``matters``: matters that somebody closed, from then on;
- ``statuses``: the last word of terminals that were retired;
- ``sessions``: sessions of people, with address and browser, from the sign-in on;
- ``links``: one-time links for passwords, from their end on;
- ``drafts``: lists that somebody sent and did not confirm;
- ``deliveries``: events for webhooks, and what became of them;
- ``history``: how terminals were, and when the server heard nobody;
- ``tallies``: what the rules against cheating counted by day; signals and rulings stay;
- ``contacts``: that there was contact data, and why it ended; the data itself goes at its own end;
- ``alarms``: alarms that are over, from then on;
- ``letters``: mails and messages, from the last try on;
- ``reports``: reports that were made and kept, with their files; they can be made again.
"""


def before(days: int, now_ms: int) -> int:
    """Return the moment from which something is kept, in Unix milliseconds."""
    return now_ms - days * DAY_MS

"""Letters to people, on their way out by mail: a few over one connection."""

import smtplib
from collections import Counter
from collections.abc import Callable, Sequence

import structlog

from fleet_server.clock import monotonic_s
from fleet_server.notify import smtp
from fleet_server.notify.smtp import Post
from fleet_server.notify.texts import Texts
from fleet_server.notify.ways import chance
from fleet_server.settings import Settings
from fleet_server.store import letters
from fleet_server.store.letters import Due, Reply

AT_ONCE = 20
"""Mails over one connection."""
BEGIN_S = 20.0
"""After so long no other mail is begun over a connection: claims hold until all are noted."""

Batch = tuple[Due, ...]

log = structlog.get_logger("jobs")


class Mails:
    """Mails, one connection at a time: there is one server, and it may be slow.

    Args:
        settings: the fleet's; without a mail server nothing is claimed.
        clock: returns Unix milliseconds.
    """

    def __init__(self, settings: Settings, clock: Callable[[], int]) -> None:
        self._clock, self._texts = clock, Texts(settings, clock)
        self._post = None if settings.mail is None else Post(settings, settings.mail)

    def claim(self, now: int, under_way: Counter[int]) -> Sequence[Batch]:
        """Claim the letters that are due, a few together."""
        if self._post is None or under_way.total():
            return []
        batch = tuple(letters.claim(now, AT_ONCE, rooms=False))
        return [batch] if batch else []

    def receiver(self, _due: Batch) -> int:
        """Return the server: there is one."""
        return 0

    def send(self, due: Batch) -> None:
        """Hand letters to the mail server, and note what became of each."""
        rest = list(due)
        try:
            self._send(rest)
        except OSError as error:
            reply = smtp.said(error)
            tried, rest = (rest[:1], rest[1:]) if len(rest) < len(due) else (rest, [])
            for one in tried:
                self._note(one, reply)
        finally:
            letters.give_back(rest, self._clock())

    def _send(self, rest: list[Due]) -> None:
        """Send until nothing is left or it takes too long; takes out of the list what was noted."""
        post = self._post
        assert post is not None  # noqa: S101  # else nothing was claimed
        began = monotonic_s()
        with post.connected() as server:
            while rest and monotonic_s() - began < BEGIN_S:
                self._note(rest[0], self._hand_over(server, rest[0], post))
                del rest[0]

    def _hand_over(self, server: smtplib.SMTP, one: Due, post: Post) -> Reply:
        if one.address is None:
            return Reply(None, "address", "the account is no longer in use")
        try:
            mail = post.mail(one, self._texts.of(one))
        except Exception:
            # One letter that can't be written, as to an address that no header takes, must stop
            # no other.
            log.exception("a letter can't be written", letter=one.id)
            return Reply(None, "address", "no mail can be written to this address")
        return smtp.deliver(server, mail)

    def _note(self, one: Due, reply: Reply) -> None:
        letters.note(one, reply, self._clock(), chance())
        if reply.wrong is not None:
            log.info("not mailed", letter=one.id, trouble=reply.wrong, why=reply.error)

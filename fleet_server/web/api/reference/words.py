"""What each kind of problem means, and what to do, for who wrote the program or reads its log."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _


class ProblemWords(NamedTuple):
    """A kind of problem in words."""

    name: Any
    meaning: Any
    advice: Any


PROBLEMS: dict[str, ProblemWords] = {
    "malformed": ProblemWords(
        _("The request is malformed"),
        _("The body is not one JSON object, holds a name twice, or a header can't be read."),
        _("Send UTF-8 JSON made by a library, and an Idempotency-Key of 1 to 255 characters."),
    ),
    "unauthorised": ProblemWords(
        _("No valid API key"),
        _("There was no key, or one that is not known here, has expired or was revoked."),
        _("Send “Authorization: Bearer KEY”. A new key is made on the page “API keys”."),
    ),
    "insufficient-scope": ProblemWords(
        _("The API key may not do this"),
        _("The key is valid, but lacks the scope that this route needs; the answer names it."),
        _("Ask the administrator of the fleet for a key with that scope."),
    ),
    "not-found": ProblemWords(
        _("There is no such thing"),
        _("It does not exist, or lies outside of the branch that the key is for."),
        _("Check the code or number; ask the administrator which branch the key is for."),
    ),
    "method-not-allowed": ProblemWords(
        _("This can't be done there"),
        _("The address exists, but not with this method."),
        _("See the header “Allow” of the answer, and the page of the interface."),
    ),
    "conflict": ProblemWords(
        _("It does not fit what is held"),
        _(
            "A visit belongs to another counter or ticket, or its counter is closed, or somebody "
            "has changed it meanwhile."
        ),
        _(
            "Give a new visit id, or name an open counter; or read it again, then change it with "
            "its new version."
        ),
    ),
    "too-large": ProblemWords(
        _("The body is too long"),
        _("A body may have 16 KB."),
        _("Send one thing at a time."),
    ),
    "address-too-long": ProblemWords(
        _("The address is too long"),
        _("Path and query together may have 4,000 bytes."),
        _("Ask for less at a time."),
    ),
    "unsupported-media-type": ProblemWords(
        _("The body is not JSON"),
        _("The header “Content-Type” says that the body is something else."),
        _("Send “Content-Type: application/json”."),
    ),
    "invalid": ProblemWords(
        _("A field is wrong"),
        _("Something in the body or the query has a value that can't be taken."),
        _("“errors” names each field and what is wrong with it. Nothing was changed."),
    ),
    "key-reused": ProblemWords(
        _("The Idempotency-Key was used before"),
        _("Another request had the same key within the last seven days."),
        _("Make a new key for each new request; repeat a key only with the very same request."),
    ),
    "rate-limited": ProblemWords(
        _("Too many requests"),
        _("The key has asked too often, or too many requests without a valid key came from there."),
        _("Wait as many seconds as “Retry-After” says. “RateLimit” says what is left."),
    ),
    "headers-too-long": ProblemWords(
        _("The headers are too long"),
        _("A header is longer than the server reads, or there are too many."),
        _("Send only the headers that are needed."),
    ),
    "fault": ProblemWords(
        _("Something went wrong in the server"),
        _("This is a fault of the server, not of the request."),
        _("Try again later; if it stays, tell the administrator the “instance” of the answer."),
    ),
    "unavailable": ProblemWords(
        _("The server is busy"),
        _("The database can't be used just now, or the server is starting."),
        _("Wait as many seconds as “Retry-After” says, then send the same again."),
    ),
}

"""How often a key may ask, and how often an address may try without a valid one.

The storage is Flask-Limiter's, in memory: there is one server process (`web/server.py`), whose
threads share it. A restart forgets the counts, which harms nobody.
"""

from dataclasses import dataclass

from flask import Flask, Response, current_app, g
from flask_limiter import Limiter
from limits import RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter

from fleet_server.clock import now_ms
from fleet_server.web.api.problems import Problem
from fleet_server.web.caller import who

WINDOW_S = 60
EXTENSION = "hailong_api_limits"


@dataclass(frozen=True, slots=True)
class Left:
    """What a key has left: ``remaining`` requests now, all again after ``reset_s`` seconds."""

    quota: int
    remaining: int
    reset_s: int


class RateLimits:
    """The counts of keys and addresses; a window that slides, so that no burst fits in twice."""

    def __init__(self, limiter: Limiter, per_key: int, without: int) -> None:
        """Count in the storage of an app's limiter; the numbers are requests in a minute."""
        self._counts = SlidingWindowCounterRateLimiter(limiter.storage)
        self._keys = RateLimitItemPerMinute(per_key)
        self._tries = RateLimitItemPerMinute(without)

    def ask(self, key: int) -> tuple[bool, Left]:
        """Count a request of a key; return whether it may be answered, and what is left."""
        return self._hit(self._keys, f"api-key-{key}")

    def fail(self, address: str) -> tuple[bool, Left]:
        """Count a request without a valid key; one with a valid key is never braked for these."""
        return self._hit(self._tries, f"api-address-{address}")

    def _hit(self, item: RateLimitItemPerMinute, name: str) -> tuple[bool, Left]:
        free = self._counts.hit(item, name)
        seen = self._counts.get_window_stats(item, name)
        wait = max(1, -(-(int(seen.reset_time * 1000) - now_ms()) // 1000))
        return free, Left(item.amount, max(0, seen.remaining), min(wait, WINDOW_S))


def init_app(app: Flask, limiter: Limiter) -> None:
    """Make the counts of an app."""
    set_by = app.extensions["hailong"].settings.api
    counts = RateLimits(limiter, set_by.requests_per_minute, set_by.failures_per_minute)
    app.extensions[EXTENSION] = counts


def _counts() -> RateLimits:
    counts: RateLimits = current_app.extensions[EXTENSION]
    return counts


def take(key: int) -> None:
    """Let a key ask once more.

    Raises:
        Problem: 429, with the seconds to wait.
    """
    free, left = _counts().ask(key)
    g.api_left = left
    if not free:
        raise Problem(
            429,
            f"this key may ask {left.quota} times a minute; wait {left.reset_s} s",
            {"Retry-After": str(left.reset_s)},
        )


def brake() -> None:
    """Count a try without a valid key.

    Raises:
        Problem: 429, where there were too many from this address.
    """
    free, left = _counts().fail(who())
    if not free:
        raise Problem(
            429,
            "too many requests without a valid key came from this address; wait a minute",
            {"Retry-After": str(left.reset_s)},
        )


def tell(response: Response) -> Response:
    """Say in the headers what is left (draft-ietf-httpapi-ratelimit-headers)."""
    left: Left | None = g.get("api_left")
    if left is not None:
        response.headers["RateLimit-Policy"] = f'"key";q={left.quota};w={WINDOW_S}'
        response.headers["RateLimit"] = f'"key";r={left.remaining};t={left.reset_s}'
    return response

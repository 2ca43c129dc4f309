"""From where a request comes, and for which host: also behind proxies."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from fleet_server.core.callers import caller

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def init_app(app: Flask, proxies: int, url: str) -> None:
    """Believe what so many proxies in a row say of who asks; none: what the connection says.

    Each proxy appends to the headers, so the entry that counts is found from the end: what a caller
    wrote there itself lies before it. The host is taken from the settings instead: a header that
    the proxy does not set would be the caller's own, and what the proxy calls this server is no
    name that people type.

    Args:
        app: gets what stands before it.
        proxies: how many.
        url: the address that people use.
    """
    if proxies:
        named = _named(app.wsgi_app, urlsplit(url).netloc)
        fixed = ProxyFix(named, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]  # the way that Flask documents


def _named(app: Wsgi, host: str) -> Wsgi:
    def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app({**environ, "HTTP_HOST": host}, start_response)

    return asked


def who() -> str:
    """Return whom a brake counts a try for."""
    return caller(request.remote_addr or "")

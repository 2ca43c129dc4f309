"""From where a request comes: its address, also behind proxies."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from fleet_server.core.callers import caller


def init_app(app: Flask, proxies: int) -> None:
    """Believe what so many proxies in a row say of who asks; none: what the connection says.

    Each proxy appends to the headers, so the entry that counts is found from the end: what a caller
    wrote there itself lies before it.
    """
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way that Flask documents
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def who() -> str:
    """Return whom a brake counts a try for."""
    return caller(request.remote_addr or "")

"""Runs the enrolment application under gunicorn, on a TLS port of its own."""

import socket
import ssl
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from fleet_server.est import renewal
from fleet_server.est.app import create_est_app
from fleet_server.est.peer import office_of
from fleet_server.settings import Settings
from fleet_server.watchdog import Watchdog
from fleet_server.worker import WatchedWorker
from wire import suites

PATIENCE_S = 10
"""Seconds that a client may be silent: a thread is waiting for it."""


class PatientContext(ssl.SSLContext):
    """A TLS context whose connections don't wait for ever, the handshake included."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **more: Any) -> ssl.SSLSocket:
        """Wrap a socket under a time limit."""
        sock.settimeout(PATIENCE_S)
        return super().wrap_socket(sock, *args, **more)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return the server's side of TLS: a client certificate is looked at if there is one."""
    layout = settings.layout
    context = PatientContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites.OPENSSL)
    context.load_cert_chain(str(layout.server_certificate), str(layout.server_key))
    context.load_verify_locations(str(layout.ca_chain))
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


class EstServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """gunicorn with our settings; its own command line and files are not read.

    Attributes:
        watchdog: hears from the worker.
    """

    def __init__(self, settings: Settings, watchdog: Watchdog) -> None:
        """Keep the settings; nothing is opened yet."""
        self._settings = settings
        self.watchdog = watchdog
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn asks for."""
        est = self._settings.est
        host = f"[{est.host}]" if ":" in est.host else est.host
        layout = self._settings.layout
        context = tls_context(self._settings)
        values = {
            "bind": f"{host}:{est.port}",
            "worker_class": WatchedWorker,
            # One process: the limits on attempts are counted in its memory.
            "workers": 1,
            "threads": 16,
            "certfile": str(layout.server_certificate),
            "keyfile": str(layout.server_key),
            "ssl_context": lambda _config, _default: context,
            "keepalive": 0,
            "loglevel": "warning",
            "proc_name": "hailong-est",
            # Else gunicorn makes one in the home directory, which all its processes share.
            "control_socket_disable": True,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in the worker process, and begin to renew the revocation list."""
        app = create_est_app(self._settings)
        renewal.start(office_of(app))
        return app

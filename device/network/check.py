"""Tries the way to the fleet, one step after the other, and changes nothing on it.

The broker is only greeted: a terminal's session and what waits in it stay as they are. Where the
uplink runs, its own connection is asked instead, which a greeting in the same name would end.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import psutil

from device.core import network
from device.core.network import Finding, Interface, complete, next_step
from device.core.reaching import distrust
from device.hardware.sensors import addresses
from device.identity.est import EstError, EstServer
from device.identity.tls import client_context
from device.network.greeting import greet
from device.network.target import address_of
from device.proxy import ProxyError, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from device.core.network import Sent, StepName, Why
    from device.network.target import Target

TIMEOUT_S = 10.0


class Check:
    """One look at the network.

    Args:
        target: Where to.
        sent: How far the records have come.
        check_time: False while the terminal does not know the time.
        connected: Whether the uplink, if it runs, says it is connected; None where none runs.
        interfaces: Looks at the machine's interfaces.
    """

    def __init__(
        self,
        target: Target,
        sent: Sent,
        *,
        check_time: bool = True,
        connected: bool | None = None,
        interfaces: Callable[[], list[Interface]] | None = None,
    ) -> None:
        self._target = target
        self._sent = sent
        self._check_time = check_time
        self._connected = connected
        self._interfaces = interfaces or machine_interfaces
        self._tries: dict[StepName, Callable[[], Finding]] = {
            "link": lambda: network.link(self._interfaces()),
            "address": lambda: network.address(self._interfaces()),
            "name": self._name,
            "tls": self._tls,
            "server": self._server,
            "broker": self._broker,
            "receipt": lambda: network.receipt(self._sent),
        }

    def steps(self) -> Iterator[Finding]:
        """Try one step after the other, and yield each result as soon as it is there."""
        found: list[Finding] = []
        while (step := next_step(found)) is not None:
            found.append(network.judged(self._tries[step](), found))
            yield found[-1]

    def all(self) -> tuple[Finding, ...]:
        """Return a finding for every step."""
        return complete(list(self.steps()))

    def _name(self) -> Finding:
        proxy = self._target.proxy
        asked = (self._target.est, self._target.mqtt) if proxy is None else (address_of(proxy),)
        for host, port in asked:
            try:
                socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                return Finding("name", "bad", "unknown_name", host)
        return Finding("name", "good", detail=asked[0][0])

    def _tls(self) -> Finding:
        why = self._shake_hands(self._target.est, self._context())
        return _found("tls", why, self._target.est)

    def _server(self) -> Finding:
        host, port = self._target.est
        url = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
        try:
            EstServer(url, self._context(), self._target.proxy, TIMEOUT_S).cacerts()
        except EstError as error:
            if error.status is None and error.temporary:
                return _found("server", "no_answer", self._target.est)
            return Finding("server", "bad", "wrong_answer", str(error))
        return _found("server", None, self._target.est)

    def _broker(self) -> Finding:
        target = self._target
        if target.certificate is None:  # it can be met, and would not let us in
            why = self._shake_hands(target.mqtt, self._context())
            return _found("broker", why or "not_enrolled", target.mqtt)
        if self._connected:
            return _found("broker", None, target.mqtt)
        context = client_context(
            target.root_pem, target.certificate, target.key, check_time=self._check_time
        )
        why = self._shake_hands(target.mqtt, context)
        if why is None:
            apart = self._connected is not None  # the uplink tries and is not let in either
            why = "not_let_in" if apart else greet(target, context, TIMEOUT_S)
        return _found("broker", why, target.mqtt)

    def _shake_hands(self, where: tuple[str, int], context: ssl.SSLContext) -> Why | None:
        """Connect and make sure who answers; return what is wrong, None if nothing is."""
        try:
            plain = reach(self._target.proxy, *where, TIMEOUT_S)
        except ProxyError:
            return "no_proxy"
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "no_answer"
        except OSError:
            return "unreachable"
        return _identified(plain, where[0], context)

    def _context(self) -> ssl.SSLContext:
        return client_context(self._target.root_pem, check_time=self._check_time)


def machine_interfaces() -> list[Interface]:
    """Return the interfaces of this machine other than loop-back."""
    held = addresses()
    return [
        Interface(name, stats.isup, held.get(name, ""))
        for name, stats in sorted(psutil.net_if_stats().items())
        if "loopback" not in stats.flags.split(",")
    ]


def _identified(line: socket.socket, host: str, context: ssl.SSLContext) -> Why | None:
    with closing(line):
        try:
            with context.wrap_socket(line, server_hostname=host):
                return None
        except ssl.SSLCertVerificationError as error:
            return distrust(error.verify_code)
        except TimeoutError:
            return "no_answer"
        except OSError:  # ssl.SSLError is one
            return "tls_failed"


def _found(step: StepName, why: Why | None, where: tuple[str, int]) -> Finding:
    return Finding(step, "bad" if why else "good", why, f"{where[0]}:{where[1]}")

"""A name service of a test's own, for processes with this folder in PYTHONPATH.

``HAILONG_TEST_NAMES=fleet.test=127.0.0.2,127.0.0.3`` gives a name these addresses, in this order.
Nothing else of the resolver is changed: what uses it connects to real sockets.
"""

import os
import socket

_real = socket.getaddrinfo
_name, _, _addresses = os.environ.get("HAILONG_TEST_NAMES", "").partition("=")


def _getaddrinfo(host, *args, **more):  # type: ignore[no-untyped-def]
    if not _name or host != _name:
        return _real(host, *args, **more)
    return [found for one in _addresses.split(",") for found in _real(one, *args, **more)]


socket.getaddrinfo = _getaddrinfo

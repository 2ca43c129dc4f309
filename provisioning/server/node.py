"""A node of a broker that is a cluster: its secrets, its certificate, and the other nodes."""

import re
import ssl
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from provisioning.broker.meeting import meet
from provisioning.broker.nodes import NodeLayout, listens
from provisioning.finding import Finding, good, wrong
from provisioning.pki import expiry
from provisioning.server import payload, room
from provisioning.server.install import inside

CHECK = "node"
_ROUTE = re.compile(r'"(nats://[^"]+)"')
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not to listen on


def look(root: Path, now: datetime) -> Iterator[Finding]:
    """Look at the node's folder, then meet it and the others by TLS."""
    node = NodeLayout(inside(root, payload.NODE))
    text = node.config.read_text("utf-8")
    yield from _secrets(node)
    yield from expiry.judge("certificates", [expiry.certificate_ending(node.certificate)], now)
    yield room.look(node.directory)
    context = ssl.create_default_context(cafile=str(node.authorities))
    context.load_cert_chain(node.certificate, node.key)
    host, port = listens(node)
    yield _meet(_ANY.get(host, host), port, context, "MQTT", "systemctl start hailong-nats")
    for route in map(urlsplit, _ROUTE.findall(text)):
        advice = "is that node running, and is the way to it open in the firewalls?"
        yield _meet(str(route.hostname), route.port or 0, context, "another node", advice)


def _secrets(node: NodeLayout) -> Iterator[Finding]:
    mode = stat.S_IMODE(node.key.stat().st_mode)
    if mode & 0o077:
        yield wrong(CHECK, f"{node.key}: others can read it", f"chmod 600 {node.key}")
    else:
        yield good(CHECK, f"{node.key}: its owner's alone")


def _meet(host: str, port: int, context: ssl.SSLContext, what: str, advice: str) -> Finding:
    try:
        meet((host, port), host, context)
    except OSError as error:
        why = getattr(error, "reason", None) or error.strerror or str(error)
        return wrong(CHECK, f"{host}:{port} ({what}): does not answer by TLS: {why}", advice)
    return good(CHECK, f"{host}:{port} ({what}): answers by TLS, with a name that fits")

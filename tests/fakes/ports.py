"""TCP ports on loopback, by the same rules as the demo's."""

from fleet_server.demo.ports import answers as is_open
from fleet_server.demo.ports import free_ports

__all__ = ["free_ports", "is_open"]

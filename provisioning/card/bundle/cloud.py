"""What cloud-init reads on the boot partition (NoCloud): who this is, its network, what to run.

JSON is YAML, so no name of a Wi-Fi has to be quoted by rules of our own.
"""

import json
import re
from typing import Any

from wire.enrolment import EnrolmentFile, Network
from wire.networks import DHCP

_HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLANT = ["/bin/sh", "/boot/firmware/hailong/install", "plant"]
_SSH = [
    ["systemctl", "unmask", "ssh.service"],
    ["systemctl", "enable", "--now", "ssh.service"],
]
_NO_SSH = [["systemctl", "mask", "--now", "ssh.service", "ssh.socket"]]


def user_data(enrolment: EnrolmentFile | None) -> str:
    """Return ``user-data``: no password, no login but by the key that the enrolment file brings."""
    said: dict[str, Any] = {"ssh_pwauth": False, "users": [], "bootcmd": [_PLANT]}
    if enrolment and _HOST_NAME.fullmatch(enrolment.terminal):
        said["hostname"] = enrolment.terminal
    if enrolment and enrolment.timezone:
        said["timezone"] = enrolment.timezone
    key = enrolment.ssh_key if enrolment else None
    if key:
        said["users"] = [
            {
                "name": "technician",
                "lock_passwd": True,
                "shell": "/bin/bash",
                "sudo": "ALL=(ALL) NOPASSWD:ALL",
                "ssh_authorized_keys": [key],
            }
        ]
    said["runcmd"] = _SSH if key else _NO_SSH
    return f"#cloud-config\n{_json(said)}"


def meta_data(instance: str) -> str:
    """Return ``meta-data``; with a new ``instance`` cloud-init sets the machine up anew."""
    return _json({"instance-id": instance})


def network_config(enrolment: EnrolmentFile | None, secrets: bool = True) -> str:
    """Return ``network-config`` (netplan's version 2); without ``secrets`` no Wi-Fi is in it."""
    network = (enrolment.network if enrolment else None) or Network(DHCP)
    wifi = enrolment.wifi if enrolment and secrets else None
    said: dict[str, Any] = {"version": 2}
    if wifi is None or network.interface != "wlan0":
        said["ethernets"] = {"wired": _wired(network)}
    if wifi is not None:
        join: dict[str, Any] = {"password": wifi.passphrase} if wifi.passphrase else {}
        if wifi.hidden:
            join["hidden"] = True
        said["wifis"] = {
            "wlan0": {
                **_address(network),
                "access-points": {wifi.ssid: join},
                **({"regulatory-domain": wifi.country} if wifi.country else {}),
            }
        }
    return _json(said)


def _wired(network: Network) -> dict[str, Any]:
    return {"match": {"name": network.interface or "e*"}, **_address(network)}


def _address(network: Network) -> dict[str, Any]:
    """Nothing waits for it: a terminal takes ratings without network."""
    if network.address == DHCP:
        return {"dhcp4": True, "optional": True}
    said: dict[str, Any] = {"addresses": [network.address], "optional": True}
    if network.gateway:
        said["routes"] = [{"to": "default", "via": network.gateway}]
    if network.dns:
        said["nameservers"] = {"addresses": list(network.dns)}
    return said


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"

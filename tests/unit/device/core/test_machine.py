"""What the machine's figures mean."""

import pytest

from device.core.machine import (
    Machine,
    Network,
    network,
    read_celsius,
    read_signals,
    read_throttled,
    read_way_out,
    throttling,
)

WIRELESS = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   54.  -56.  -256        0      0      0      0      0        0
 wlan1: 0000   40.  200.  -256        0      0      0      0      0        0
 wlan2: 0000   40.
 wlan3: 0000   40.  loud  -256        0      0      0      0      0        0
 wlan4: 0000   0.   0.    0           0      0      0      0      0        0
"""
ROUTES = """\
Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth1\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
short\t00000000
odd\tnothing\t0\t0\t0\t0\t0\t0
"""


@pytest.mark.parametrize(
    ("bits", "now", "since"),
    [
        (0, [], []),
        (0x1, ["under_voltage"], []),
        (0x50000, [], ["under_voltage", "throttled"]),
        (0xF000F, ["under_voltage", "capped", "throttled", "soft_limit"], None),
        (0x20002, ["capped"], ["capped"]),
    ],
)
def test_the_firmwares_bits_are_words(bits: int, now: list[str], since: list[str] | None) -> None:
    words = throttling(bits)
    assert words["now"] == now
    assert words["since_boot"] == (now if since is None else since)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("throttled=0x50005\n", 0x50005),
        ("50005\n", 0x50005),
        ("throttled=0x0", 0),
        ("", None),
        ('error=1 error_msg="Command not registered"', None),
        ("-1", None),
    ],
)
def test_the_bits_are_read_as_command_and_kernel_write_them(text: str, bits: int | None) -> None:
    assert read_throttled(text) == bits


def test_the_temperature_is_read_in_degrees() -> None:
    assert read_celsius("48312\n") == 48.3
    assert read_celsius("") is None


def test_the_radio_signal_is_read_as_old_and_new_drivers_write_it() -> None:
    assert read_signals(WIRELESS) == {"wlan0": -56, "wlan1": -56}


def test_the_way_out_is_the_default_route_with_the_lowest_metric() -> None:
    assert read_way_out(ROUTES) == "eth0"
    assert read_way_out("") is None


def test_the_network_is_that_of_the_way_out() -> None:
    known = {"eth0": "192.168.1.9", "wlan0": "10.0.0.3", "wlan1": "10.0.0.4"}
    assert network(known, "eth0", ["wlan0"], {}) == Network("wired", "eth0", "192.168.1.9")
    assert network(known, "wlan0", ["wlan0"], {}) == Network("wifi", "wlan0", "10.0.0.3")
    radio = network(known, "wlan1", [], {"wlan1": -70})
    assert radio == Network("wifi", "wlan1", "10.0.0.4", -70)


def test_without_a_way_out_any_address_will_do_and_without_one_there_is_no_network() -> None:
    assert network({"eth1": "10.0.0.1"}, None, [], {}).interface == "eth1"
    assert network({"eth1": "10.0.0.1"}, "gone", [], {}).interface == "eth1"
    assert network({}, "eth0", [], {}) == Network("none")


def test_what_a_machine_does_not_have_is_left_out() -> None:
    assert Machine().figures() == {}
    assert Machine(network=Network()).figures() == {"network": {"kind": "none"}}


def test_what_a_machine_has_is_told() -> None:
    way = Network("wifi", "wlan0", "10.0.0.3", -70)
    assert Machine(48.3, 0x10000, 300 << 20, 0, way).figures() == {
        "cpu_celsius": 48.3,
        "throttled": {"now": [], "since_boot": ["under_voltage"]},
        "memory_free_mib": 300,
        "disk_free_mib": 0,
        "network": {
            "kind": "wifi",
            "interface": "wlan0",
            "address": "10.0.0.3",
            "signal_dbm": -70,
            "signal_percent": 60,
        },
    }


@pytest.mark.parametrize(("dbm", "percent"), [(-30, 100), (-50, 100), (-75, 50), (-110, 0)])
def test_a_signal_is_told_in_per_cent_too(dbm: int, percent: int) -> None:
    told = Machine(network=Network("wifi", "w", "1", dbm)).figures()["network"]
    assert told["signal_percent"] == percent


def test_under_voltage_is_told_at_once_and_heat_only_when_it_is_new() -> None:
    assert Machine().troubles() == frozenset()
    assert Machine(throttled=0x8).troubles() == frozenset()
    assert Machine(throttled=0x1).troubles() == {"under_voltage"}
    assert Machine(throttled=0x90009).troubles() == {
        "under_voltage",
        "under_voltage since boot",
        "soft_limit since boot",
    }

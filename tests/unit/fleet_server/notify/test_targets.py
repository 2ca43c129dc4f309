"""Which addresses a webhook may have, and which of them may be called."""

import socket
from ipaddress import ip_network

import pytest

from fleet_server.notify import targets
from fleet_server.notify.targets import Target, TargetError, check, parsed, resolve
from fleet_server.settings import WebhooksSection

NOBODY = WebhooksSection((), frozenset())
INSIDE = WebhooksSection((ip_network("10.0.0.0/8"),), frozenset())
NAMED = WebhooksSection((), frozenset({"hooks.city.example"}))


def test_an_address_is_taken_apart() -> None:
    assert parsed("https://a.example/x?y=1") == Target("https", "a.example", 443, "/x?y=1")
    assert parsed("http://10.0.0.1:8080") == Target("http", "10.0.0.1", 8080, "/")
    assert parsed("https://[2606:4700::1]:444/").authority == "[2606:4700::1]:444"
    assert parsed("https://a.example/").authority == "a.example"


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "ftp://a.example/", "https://", "https:///x", "https://a b.example/", "https://-/",
        "https://a.example:0/", "https://a.example:70000/", "https://a.example:x/",
        "https://me:secret@a.example/", "https://@a.example/", "https://a.example/#part",
        "https://a.example/\r\nX: y", "https://[::1", "https://xn--\u0111.example/",
        "https://a.example/" + "x" * 500, "file:///etc/passwd", "https://a_b!.example/",
        "https://a..b/", f"https://{'a' * 64}.example/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(TargetError):
        parsed(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/", "http://8.8.8.8/", "https://127.0.0.1/", "https://10.1.2.3/",
        "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.1]/",
        "http://10.1.2.3/",
    ],
)  # fmt: skip
def test_without_leave_only_https_to_the_internet(url: str) -> None:
    with pytest.raises(TargetError):
        check(parsed(url), NOBODY)


def test_with_leave_networks_and_names_inside() -> None:
    check(parsed("https://a.example/"), NOBODY)
    check(parsed("http://10.1.2.3/"), INSIDE)
    check(parsed("http://name.inside.example/"), INSIDE)
    check(parsed("http://hooks.city.example/"), NAMED)
    for url in ("http://11.1.2.3/", "https://192.168.0.1/"):
        with pytest.raises(TargetError):
            check(parsed(url), INSIDE)


class Names:
    """A name service that answers as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: list[str] = []
        monkeypatch.setattr(targets.socket, "getaddrinfo", self.look_up)

    def look_up(self, _host: str, port: int, type: int) -> list[tuple[object, ...]]:
        if not self.addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(0, type, 0, "", (address, port)) for address in self.addresses]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The name service."""
    return Names(monkeypatch)


def test_a_name_that_leads_inside_is_not_followed(names: Names) -> None:
    names.addresses = ["10.0.0.5", "::1", "169.254.169.254"]
    with pytest.raises(TargetError, match="leads inside"):
        resolve(parsed("https://evil.example/"), NOBODY)


@pytest.mark.parametrize(
    "address", ["64:ff9b::a00:5", "64:ff9b:1::a00:5", "fec0::5", "::10.0.0.5", "2002:a00:5::", "::"]
)
def test_nor_is_a_name_that_leads_inside_by_another_notation(names: Names, address: str) -> None:
    names.addresses = [address]
    with pytest.raises(TargetError, match="leads inside"):
        resolve(parsed("https://evil.example/"), NOBODY)


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "127.1", "0x7f000001"])
def test_a_number_that_only_the_name_service_takes_for_an_address_is_judged_by_it(
    host: str,
) -> None:
    with pytest.raises(TargetError):
        resolve(parsed(f"https://{host}/"), NOBODY)


def test_of_several_addresses_one_that_may_be_called_is_taken(names: Names) -> None:
    names.addresses = ["10.0.0.5", "8.8.8.8"]
    assert resolve(parsed("https://a.example/"), NOBODY) == "8.8.8.8"
    assert resolve(parsed("https://a.example/"), INSIDE) == "10.0.0.5"


def test_by_http_only_what_has_leave_is_called(names: Names) -> None:
    names.addresses = ["8.8.8.8"]
    with pytest.raises(TargetError):
        resolve(parsed("http://a.example/"), INSIDE)
    names.addresses = ["192.168.0.7"]
    assert resolve(parsed("http://hooks.city.example/"), NAMED) == "192.168.0.7"


def test_a_name_that_leads_nowhere_is_said_so(names: Names) -> None:
    with pytest.raises(TargetError, match="not known"):
        resolve(parsed("https://nowhere.example/"), NOBODY)

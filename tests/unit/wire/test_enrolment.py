"""The enrolment file and files that are replaced whole."""

import json
import tomllib
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from wire import zones
from wire.enrolment import EnrolmentFile, Network, Panel, Wifi, dump_toml, load_toml
from wire.envelope import root_hash
from wire.errors import WireError

PEM = """\
-----BEGIN CERTIFICATE-----
MIIBKTCB0KADAgECAhRCnp+9BSwnGifdlP/+UQjH9oKxlDAKBggqhkjOPQQDAjAV
MRMwEQYDVQQDDApGbGVldCByb290MB4XDTI2MTEyNzA3MzEzN1oXDTI2MTEyODA3
MzEzN1owFTETMBEGA1UEAwwKRmxlZXQgcm9vdDBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABG+X+u4CjVXAC+Tn2oa3TPX0vB/hp2IHzL/u21yKKZAFhKWXYL1hZndX
ZNAJQmy823r3ireIJ8IYdywjRxD3sDswCgYIKoZIzj0EAwIDSAAwRQIgVK4w9jzQ
a1jWR69W6nlFYC0QAIV/Imh7AO8IlJosrZoCIQCT15OmwWvuoGmHKi2MqlMQ+G/2
wIP5t4KCC7/0e0AzVw==
-----END CERTIFICATE-----
"""
FILE = EnrolmentFile(
    terminal="t-1",
    expires=1_795_336_200_000,
    counter="Q1-03",
    counter_name='Quầy "số" 3',
    est_url="https://fleet.example.vn:8443",
    mqtt_host="10.0.0.5",
    mqtt_port=8883,
    fleet_root_pem=PEM,
    fleet_key_x=root_hash("a" * 32),
    token="s3cret-s3cret-s3cret",
)
SSH_KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICHHIBuz5zoD/ge7fnPCVZVdovZRC6AmeaxXmBG7zAaP"
    " technician@office"
)
PLACED = replace(
    FILE,
    timezone="Asia/Ho_Chi_Minh",
    panel=Panel(1280, 800, 10.1, 90, touch=True, buttons=False, fitted=True),
    wifi=Wifi("Một cửa", "mật khẩu".encode().hex(), "VN", hidden=True),
    network=Network("10.1.2.3/24", "10.1.2.1", ("10.1.2.1", "2001:db8::1"), "end0"),
    proxy="http://10.1.2.9:3128",
    ssh_key=SSH_KEY,
)


def test_an_enrolment_file_comes_back_as_it_was_written():
    assert load_toml(dump_toml(FILE)) == FILE


def test_so_does_one_that_says_everything_of_a_place():
    assert load_toml(dump_toml(PLACED)) == PLACED


def test_an_editor_that_sets_a_byte_order_mark_does_no_harm():
    assert load_toml("\ufeff" + dump_toml(FILE)) == FILE


def test_what_was_taken_over_leaves_the_file():
    text = dump_toml(PLACED.without_secrets())
    assert "s3cret" not in text
    assert "passphrase" not in text
    assert load_toml(text) == replace(PLACED, token=None, wifi=None)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[panel]\nwidth_px = 1280", "panel: width_px and height_px are given together"),
        ("[panel]\nrotation = 45", "panel: rotation: must be 0, 90, 180 or 270"),
        ("[panel]\nrotation = true", "panel: rotation: must be 0, 90, 180 or 270"),
        ("[panel]\ndiagonal_in = nan", "panel: diagonal_in: must be a number from 3.5 to 60"),
        ('[panel]\ndiagonal_in = "7"', "panel: diagonal_in: must be a number"),
        ("[panel]\ncolour = 1", "panel: colour: is no key"),
        ("[wfii]\nssid = 1", "wfii: is no key"),
        ('["\\u001b[2J"]', "^a key: is no key"),
        ("wifi = 3", "wifi: must be"),
        ('[wifi]\npassphrase = "12345678"', "wifi: ssid: is missing"),
        ('[wifi]\nssid = "a"\npassphrase = "short"', "wifi: passphrase: is not a passphrase of 8"),
        ('[wifi]\nssid = "ốốốốốốốốốốốốốốốốố"', "wifi: ssid: must be no more than 32 bytes"),
        ('[wifi]\nssid = "a"\ncountry = "vn"', "wifi: country: is not a country"),
        ('[network]\naddress = "10.1.2.3"', "network: address: is not an address with its prefix"),
        ('[network]\naddress = "10.1.2/24"', "network: address: is not an address with its prefix"),
        ("[network]\naddress = 3", "network: address: is not"),
        (
            '[network]\naddress = "10.1.2.3/24"\ngateway = "10.1.3.1"',
            "network: gateway: is not in the network",
        ),
        (
            '[network]\naddress = "dhcp"\ngateway = "10.1.3.1"',
            "network: gateway: is not in the network",
        ),
        (
            '[network]\naddress = "10.1.2.3/24"\ngateway = "10.1.2.3"',
            "network: gateway: is the terminal's own address",
        ),
        (
            '[network]\naddress = "10.1.2.3/24"\ngateway = "10.1.2.255"',
            "network: gateway: is no machine's address",
        ),
        ('[network]\naddress = "10.1.2.0/24"', "network: address: is no machine's address"),
        ('[network]\naddress = "10.1.2.255/24"', "network: address: is no machine's address"),
        ('[network]\naddress = "2001:db8::/64"', "network: address: is no machine's address"),
        ('[network]\naddress = "224.0.0.1/24"', "network: address: is no machine's address"),
        ("[panel]\nfitted = false\nbuttons = false", "panel: buttons: nobody could rate"),
        ("[panel]\ntouch = false\nbuttons = false", "panel: buttons: nobody could rate"),
        (
            '[network]\naddress = "10.1.2.3/24"\ndns = ["fe80::1%eth0"]',
            "network: dns: is not an address",
        ),
        (
            '[network]\naddress = "10.1.2.3/24"\ninterface = "../x"',
            "network: interface: is not the name",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_named(table, words):
    with pytest.raises(WireError, match=words):
        load_toml(dump_toml(FILE) + table)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"timezone": "../etc/passwd"}, "timezone: is not"),
        ({"timezone": 7}, "timezone: is not"),
        ({"timezone": "GMT+7"}, "timezone: is not a time zone as Asia/Ho_Chi_Minh"),
        ({"timezone": "Asia/Hanoii"}, "timezone: is not"),
        ({"timezone": "Asia"}, "timezone: is not"),
        ({"timezone": "Asia/Saigon"}, "timezone: is not"),
        ({"terminal": "fleet-x"}, "terminal: a terminal id is .* does not begin with"),
        ({"fleet_root_pem": PEM.replace("MIIB", "AIIB")}, "fleet_root_pem: is no certificate"),
        ({"proxy": "http://name:secret@proxy:3128"}, "proxy: is not a proxy"),
        ({"proxy": "http://proxy:65536"}, "proxy: is not a proxy"),
        ({"proxy": 3}, "proxy: is not a proxy"),
        ({"proxy": "http://[:::::]:80"}, "proxy: is not a proxy"),
        ({"proxy": "http://a..b:80"}, "proxy: is not a proxy"),
        ({"proxy": "http://proxy"}, "proxy: is not a proxy"),
        ({"est_url": "https://["}, "est_url: is not an address as https://host:port"),
        ({"est_url": "https://fleet:99999"}, "est_url: is not"),
        ({"est_url": "https://a..b:1"}, "est_url: is not"),
        ({"est_url": f"https://{'a' * 64}:1"}, "est_url: is not"),
        ({"est_url": "https://:1"}, "est_url: is not"),
        ({"mqtt_host": "a..b"}, "mqtt_host: is not a host name or address"),
        ({"mqtt_host": "fleet_1"}, "mqtt_host: is not"),
        ({"mqtt_host": "1:2"}, "mqtt_host: is not"),
        ({"ssh_key": 3}, "ssh_key: is not one public key"),
        ({"ssh_key": 'command="x" ' + SSH_KEY}, "ssh_key: is not one public key"),
        ({"ssh_key": SSH_KEY + "\n" + SSH_KEY}, "ssh_key: is not one public key"),
        ({"ssh_key": SSH_KEY.replace("ssh-ed25519", "ssh-rsa")}, "ssh_key: is not one"),
        ({"ssh_key": "ssh-ed25519 AAAAAAAAAAAAAAAAA"}, "ssh_key: is not one public key"),
    ],
)
def test_what_is_wrong_can_neither_be_written_nor_read(change, words):
    with pytest.raises(WireError, match=words):
        dump_toml(replace(FILE, **change))
    values = {**tomllib.loads(dump_toml(FILE)), **change}
    flat = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    with pytest.raises(WireError, match=words):
        load_toml(flat)


def test_the_words_for_neither_static_address_nor_proxy_come_back_too():
    plain = replace(FILE, network=Network("dhcp"), proxy="none")
    assert load_toml(dump_toml(plain)) == plain


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT-7", "Asia/Bangkok"])
def test_a_zone_is_a_place_or_a_fixed_hour(zone):
    assert load_toml(dump_toml(replace(FILE, timezone=zone))).timezone == zone


@pytest.mark.parametrize("zone", ["Asia/Saigon", "Asia/Hanoii", "Factory", "EST"])
def test_which_zones_there_are_does_not_depend_on_the_machine(monkeypatch, zone):
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    zones.names.cache_clear()
    with pytest.raises(WireError, match="timezone: is not a time zone as Asia/Ho_Chi_Minh"):
        dump_toml(replace(FILE, timezone=zone))
    assert dump_toml(replace(FILE, timezone="Asia/Bangkok"))


def test_every_zone_that_is_taken_can_be_told_the_time_in():
    assert all(ZoneInfo(name).key == name for name in zones.names())


@pytest.mark.parametrize(
    ("address", "gateway"),
    [
        ("10.1.2.0/31", "10.1.2.1"),
        ("2001:db8::3/64", "2001:db8::1"),
        ("2001:db8::1/127", "2001:db8::"),
        ("2001:db8::ffff:ffff:ffff:ffff/64", "2001:db8::1"),
        ("10.1.2.3/32", None),
    ],
)
def test_an_address_of_a_machine_is_taken(address, gateway):
    network = Network(address, gateway)
    assert load_toml(dump_toml(replace(FILE, network=network))).network == network


@pytest.mark.parametrize("proxy", ["http://[2001:db8::1]:8080", "http://proxy.example.vn:1"])
def test_a_proxy_is_named_by_address_or_name(proxy):
    assert load_toml(dump_toml(replace(FILE, proxy=proxy))).proxy == proxy


@pytest.mark.parametrize("url", ["https://[2001:db8::1]:8443", "https://fleet.example.vn"])
@pytest.mark.parametrize("host", ["2001:db8::1", "fleet", "10.1.2.3"])
def test_a_server_is_named_by_address_or_name(url, host):
    named = replace(FILE, est_url=url, mqtt_host=host)
    assert load_toml(dump_toml(named)) == named


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("terminal = 7", "terminal: is not"),
        ('mqtt_port = "x"', "mqtt_port: must be"),
        ('est_url = "http://x"', "est_url: is not"),
        ('fleet_root_pem = "trust me"', "fleet_root_pem: is not"),
        ("extra = 1", "extra: is no key of an enrolment file"),
    ],
)
def test_a_wrong_key_is_named(change, words):
    name = change.split(" ")[0]
    values = tomllib.loads(dump_toml(FILE))
    values.pop(name, None)
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    with pytest.raises(WireError, match=words):
        load_toml("\n".join([change, *lines]))


def test_a_missing_key_is_named_and_a_secret_never_repeated():
    lines = [line for line in dump_toml(FILE).split("\n") if not line.startswith("counter =")]
    with pytest.raises(WireError, match="counter: is missing") as caught:
        load_toml("\n".join(lines))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("content", ["= 1", "x" * 20000, "a = [" * 3000, "expires = " + "1" * 5000])
def test_what_is_no_enrolment_file_is_refused(content):
    with pytest.raises(WireError):
        load_toml(content)

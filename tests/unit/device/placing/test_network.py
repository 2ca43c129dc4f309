"""The files of networkd and iwd."""

import pytest

from device.placing.network import iwd, iwd_main, iwd_name, networkd
from wire.enrolment import Network, Wifi


@pytest.mark.parametrize(
    ("ssid", "name"),
    [
        ("Mot cua_1-A", "Mot cua_1-A.psk"),
        ("Một cửa", "=4de1bb99742063e1bbad61.psk"),
        ("a/b", "=612f62.psk"),
        ("..", "=2e2e.psk"),
        ("=61", "=3d3631.psk"),
    ],
)
def test_a_network_has_the_file_name_that_iwd_looks_for(ssid, name):
    assert iwd_name(Wifi(ssid, "12345678")) == name


def test_an_open_network_needs_no_passphrase():
    assert iwd_name(Wifi("Cafe")) == "Cafe.open"
    assert "Security" not in iwd(Wifi("Cafe"))


@pytest.mark.parametrize(
    ("passphrase", "written"),
    [
        ("  a b c d ", r"\s\sa b c d\s"),
        (r"a\sb\\cdef", r"a\\sb\\\\cdef"),
        ("#[x]=12345", "#[x]=12345"),
    ],
)
def test_a_passphrase_is_read_by_iwd_as_it_was_meant(passphrase, written):
    assert f"\nPassphrase={written}\n" in iwd(Wifi("x", passphrase))


def test_a_hidden_network_is_searched_for():
    assert "Hidden=true" in iwd(Wifi("x", "12345678", hidden=True))
    assert "Hidden" not in iwd(Wifi("x", "12345678"))


def test_the_country_is_named_only_where_it_is_known():
    assert iwd_main(Wifi("x", country="VN")) == "[General]\nCountry=VN\n"
    assert "Country" not in iwd_main(Wifi("x"))


def test_an_address_is_given_to_whichever_interface_carries_unless_one_is_named():
    assert "[Match]\nType=ether wlan\n" in networkd(Network("10.1.2.3/24"))
    assert "[Match]\nName=end0\n" in networkd(Network("10.1.2.3/24", interface="end0"))

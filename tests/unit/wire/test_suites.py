"""The cipher suites that our servers offer (RFC 9325, section 4.2)."""

import ssl

from wire import suites


def test_every_suite_has_forward_secrecy_and_authenticated_encryption() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(suites.OPENSSL)
    older = [one["name"] for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
    assert older
    for name in older:
        assert name.startswith("ECDHE-")
        assert "GCM" in name or "CHACHA20" in name
    assert all("_ECDHE_" in name for name in suites.GO)

"""Whether pages know who asks, where a proxy stands before them."""

from collections.abc import Iterator
from ipaddress import ip_address

from fleet_server.doctor.patient import Patient
from provisioning.finding import Finding, good, note, wrong

CHECK = "proxy"


def look(patient: Patient) -> Iterator[Finding]:
    """Compare the addresses of the pages with the proxies that are believed."""
    web = patient.settings.web
    proxied = web.url.startswith("https:")  # the pages themselves speak plain HTTP
    if proxied and not web.trusted_proxies:
        yield wrong(
            CHECK,
            f"{web.url} must be a proxy's, but trusted_proxies is 0: everybody has one address, "
            "and who guesses passwords locks all others out",
            "have the proxy set X-Forwarded-For and -Proto, and set trusted_proxies = 1 in [web]",
        )
    elif web.trusted_proxies and not _is_loopback(web.host):
        yield note(
            CHECK,
            f"the pages listen on {web.host} and believe what X-Forwarded-For says",
            "see to it that only the proxy reaches that port; on one machine: host = 127.0.0.1",
        )
    else:
        believed = f"X-Forwarded-For is believed (trusted_proxies = {web.trusted_proxies})"
        yield good(CHECK, believed if web.trusted_proxies else "none is needed")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

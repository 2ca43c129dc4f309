"""sslyze, which looks at TLS from outside; it lives in an environment of its own."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.fleets import Identity
from tests.fakes.processes import run

PROGRAM = Path(sys.prefix) / "tls/bin/python"
VERSIONS = ("ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3")
LOOKS = (
    "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--certinfo", "--elliptic_curves",
    "--reneg", "--compression", "--heartbleed", "--openssl_ccs", "--robot",
)  # fmt: skip


@dataclass(frozen=True)
class Scan:
    """What sslyze says of one endpoint."""

    found: dict[str, Any]

    def suites(self, version: str) -> set[str]:
        """Return the names of the cipher suites that are accepted in a version."""
        accepted = self._result(f"{version}_cipher_suites")["accepted_cipher_suites"]
        return {one["cipher_suite"]["name"] for one in accepted}

    def curves(self) -> set[str]:
        """Return the names of the curves that are accepted in TLS 1.2."""
        return {one["name"] for one in self._result("elliptic_curves")["supported_curves"] or []}

    def chain(self) -> dict[str, Any]:
        """Return what is said of the certificates; there is one chain of them."""
        [chain] = self._result("certificate_info")["certificate_deployments"]
        return dict(chain)

    def weaknesses(self) -> dict[str, Any]:
        """Return each known weakness that was looked for, and whether it is there."""
        return {
            "renegotiation": self._result("session_renegotiation")[
                "is_vulnerable_to_client_renegotiation_dos"
            ],
            "compression": self._result("tls_compression")["supports_compression"],
            "heartbleed": self._result("heartbleed")["is_vulnerable_to_heartbleed"],
            "ccs injection": self._result("openssl_ccs_injection")[
                "is_vulnerable_to_ccs_injection"
            ],
            "robot": not self._result("robot")["robot_result"].startswith("NOT_VULNERABLE"),
        }

    def _result(self, name: str) -> dict[str, Any]:
        look = self.found[name]
        assert look["status"] == "COMPLETED", f"{name}: {look['error_trace']}"
        return dict(look["result"])


def scan(host: str, port: int, root: Path, identity: Identity) -> Scan:
    """Look at an endpoint, with a certificate to show where one is asked for."""
    words = ["--json_out=-", f"--certinfo_ca_file={root}", f"{host}:{port}"]
    shown = ["--cert", identity.certificate, "--key", identity.key]
    answer = json.loads(run(PROGRAM, "-m", "sslyze", *LOOKS, *shown, *words).stdout)
    [server] = answer["server_scan_results"]
    assert server["scan_status"] == "COMPLETED", server["connectivity_error_trace"]
    return Scan(server["scan_result"])

"""The real enrolment process, and a terminal that knows only openssl and curl."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet_server.settings import Settings
from tests.fakes.fleets import Identity
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process, run
from tests.fakes.wait import eventually
from wire.enrolment import EnrolmentFile, load_toml


@contextmanager
def running_est(fleet: Settings) -> Iterator[Process]:
    """Run ``hailong-fleet est`` until the block ends."""
    log = fleet.layout.directory / "logs" / "est.log"
    process = Process([FLEET, "est", "--config", str(fleet.path)], log)
    try:
        process.start()

        def listening() -> bool:
            assert process.running, process.output()
            return is_open(fleet.est.port)

        eventually(listening, 20, "EST listening")
        yield process
    finally:
        process.stop()


class Technician:
    """Enrols a terminal by hand, with ``openssl`` and ``curl`` and an enrolment file."""

    def __init__(self, enrolment_file: Path, directory: Path) -> None:
        self.directory = directory
        self.directory.mkdir(parents=True, exist_ok=True)
        self.file: EnrolmentFile = load_toml(enrolment_file.read_text())
        (directory / "root.pem").write_text(self.file.fleet_root_pem)

    def path(self, name: str) -> Path:
        """Return a file of the technician's directory."""
        return self.directory / name

    def make_request(self, name: str = "terminal") -> None:
        """Make a key and a request for it."""
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path(f"{name}.key"))
        run(
            *("openssl", "req", "-new", "-key", self.path(f"{name}.key"), "-outform", "DER"),
            *("-subj", f"/CN={self.file.terminal}", "-out", self.path(f"{name}.der")),
        )
        run(
            *("openssl", "base64", "-in", self.path(f"{name}.der")),
            *("-out", self.path(f"{name}.b64")),
        )

    def ask(self, address: str, *more: str | Path) -> tuple[int, str]:
        """Call an address of EST; return status and body."""
        answer = run(
            *("curl", "-sS", "--noproxy", "*", "--cacert", self.path("root.pem"), *more),
            *("-w", "\n%{http_code}", f"{self.file.est_url}/.well-known/est/{address}"),
        ).stdout
        body, _, status = answer.rpartition("\n")
        return int(status), body

    def post(self, address: str, request: str, *more: str | Path) -> tuple[int, str]:
        """Send a request that was made under a name."""
        return self.ask(
            address,
            *("-H", "Content-Type: application/pkcs10"),
            *("--data-binary", f"@{self.path(f'{request}.b64')}", *more),
        )

    def enrol(self, request: str = "terminal") -> tuple[int, str]:
        """Send a request with the one-time token; the token is in no command line."""
        secret = self.path("netrc")
        secret.write_text(f"default login {self.file.terminal} password {self.file.token}\n")
        return self.post("simpleenroll", request, "--netrc-file", secret)

    def renew(self, request: str, holder: str = "terminal") -> tuple[int, str]:
        """Send a request with the certificate in use."""
        shown = ("--cert", self.path(f"{holder}.crt"), "--key", self.path(f"{holder}.key"))
        return self.post("simplereenroll", request, *shown)

    def keep(self, body: str, name: str = "terminal") -> Identity:
        """Unpack EST's answer into a certificate file."""
        packed, certificate = self.path(f"{name}.p7"), self.path(f"{name}.crt")
        packed.write_text(f"-----BEGIN PKCS7-----\n{body.strip()}\n-----END PKCS7-----\n")
        run("openssl", "pkcs7", "-in", packed, "-print_certs", "-out", certificate)
        return Identity(self.file.terminal, certificate, self.path(f"{name}.key"))

"""Somebody who signs images: a key and a certificate made by openssl, as a fleet's CA would."""

import subprocess
from pathlib import Path


class Signer:
    """A P-256 key and its certificate in ``folder``."""

    def __init__(self, folder: Path, name: str) -> None:
        self.key, self.certificate = folder / f"{name}.key", folder / f"{name}.crt"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-noenc", "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name}",
             "-days", "1", "-addext", "extendedKeyUsage=codeSigning"],
            check=True, capture_output=True,
        )  # fmt: skip

    def openssl_takes(self, file: Path, signature: Path) -> bool:
        """Say whether openssl, without our code, takes the signature."""
        public = self.key.with_suffix(".pub")
        subprocess.run(
            ["openssl", "x509", "-in", self.certificate, "-noout", "-pubkey", "-out", public],
            check=True,
        )
        done = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", public, "-signature", signature, file],
            capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

"""Where everything lies in a fleet directory. The only place that knows the file names."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FleetLayout:
    """The paths of one fleet directory, made by ``hailong-fleet init``.

    Attributes:
        directory: the fleet directory itself.
    """

    directory: Path

    @property
    def config(self) -> Path:
        """The fleet's settings."""
        return self.directory / "fleet.toml"

    @property
    def database(self) -> Path:
        """The SQLite database, unless the settings name another."""
        return self.directory / "fleet.db"

    @property
    def database_passfile(self) -> Path:
        """PostgreSQL's password, in the form of its own library: ``*:*:*:*:PASSWORD``.

        Not among the secrets: every process of the fleet asks the database.
        """
        return self.directory / "database.pgpass"

    @property
    def pki(self) -> Path:
        """Certificates, and the private keys of those who issue them."""
        return self.directory / "pki"

    @property
    def root_key(self) -> Path:
        """Private key of the fleet root. Belongs offline."""
        return self.pki / "root.key"

    @property
    def root_token(self) -> Path:
        """Where the root's key is when it lies on a token: a PKCS#11 address, one line."""
        return self.pki / "root.token"

    @property
    def root_certificate(self) -> Path:
        """The fleet root, which every enrolment file carries."""
        return self.pki / "root.crt"

    @property
    def issuing_key(self) -> Path:
        """Private key of the issuing CA, read by the EST process alone."""
        return self.pki / "issuing.key"

    @property
    def issuing_certificate(self) -> Path:
        """The issuing CA, signed by the root."""
        return self.pki / "issuing.crt"

    @property
    def ca_chain(self) -> Path:
        """Root and issuing CA together: what a server trusts its clients by."""
        return self.pki / "ca-chain.pem"

    @property
    def fleet_key(self) -> Path:
        """Private Ed25519 key that signs key lists only. Belongs offline."""
        return self.pki / "fleet.key"

    @property
    def fleet_public_key(self) -> Path:
        """Public half of the fleet key: the ``x`` of its JWK, one line."""
        return self.pki / "fleet.pub"

    @property
    def server_key(self) -> Path:
        """Private key of the server certificate."""
        return self.pki / "server.key"

    @property
    def server_certificate(self) -> Path:
        """Server certificate with the issuing CA after it, for broker and EST."""
        return self.pki / "server.crt"

    @property
    def update_key(self) -> Path:
        """Private key that signs bundles for terminals. Belongs where images are made."""
        return self.pki / "update.key"

    @property
    def update_certificate(self) -> Path:
        """Its certificate for code signing, signed by the root."""
        return self.pki / "update.crt"

    @property
    def updates(self) -> Path:
        """Bundles for terminals, each named by its SHA-256."""
        return self.directory / "updates"

    @property
    def issuing_crl(self) -> Path:
        """What the issuing CA has revoked."""
        return self.pki / "issuing.crl"

    @property
    def root_crl(self) -> Path:
        """What the root has revoked."""
        return self.pki / "root.crl"

    @property
    def crl_chain(self) -> Path:
        """Both revocation lists in one file."""
        return self.pki / "crl-chain.pem"

    @property
    def keys(self) -> Path:
        """Online signing keys of ingest, and the signed key list."""
        return self.directory / "keys"

    @property
    def receipt_key(self) -> Path:
        """Private Ed25519 key that signs receipts."""
        return self.keys / "receipt.key"

    @property
    def control_key(self) -> Path:
        """Private Ed25519 key that signs tickets, configuration and commands."""
        return self.keys / "control.key"

    @property
    def key_list(self) -> Path:
        """The key list, signed by the fleet key."""
        return self.keys / "keylist.jws"

    @property
    def enrolment(self) -> Path:
        """Enrolment files waiting to be carried to their terminals."""
        return self.directory / "enrolment"

    def enrolment_file(self, terminal: str) -> Path:
        """The enrolment file of one terminal."""
        return self.enrolment / f"{terminal}.toml"

    @property
    def broker(self) -> Path:
        """Generated broker configuration and the broker's own store."""
        return self.directory / "broker"

    @property
    def nats_config(self) -> Path:
        """Configuration for the embedded NATS server."""
        return self.broker / "nats.conf"

    @property
    def nats_store(self) -> Path:
        """JetStream's directory."""
        return self.broker / "jetstream"

    @property
    def callout_public(self) -> Path:
        """Public halves of the callout's NKeys, for the broker's configuration."""
        return self.broker / "callout.json"

    @property
    def mosquitto_config(self) -> Path:
        """Configuration for Mosquitto."""
        return self.broker / "mosquitto.conf"

    @property
    def mosquitto_acl(self) -> Path:
        """Mosquitto's rules."""
        return self.broker / "mosquitto.acl"

    @property
    def mosquitto_store(self) -> Path:
        """Mosquitto's persistence directory."""
        return self.broker / "mosquitto"

    @property
    def secrets(self) -> Path:
        """Secrets of the server's own processes."""
        return self.directory / "secrets"

    @property
    def flask_secret(self) -> Path:
        """Flask's session secret, hexadecimal text."""
        return self.secrets / "flask.secret"

    @property
    def password_salt(self) -> Path:
        """Flask-Security's password salt, hexadecimal text."""
        return self.secrets / "password.salt"

    @property
    def second_factor_secret(self) -> Path:
        """Encrypts the secrets of authenticator apps and recovery codes, hexadecimal text."""
        return self.secrets / "second-factor.secret"

    @property
    def contact_secret(self) -> Path:
        """Encrypts contact data, and makes keyed hashes of citizens; hexadecimal text."""
        return self.secrets / "contacts.secret"

    @property
    def ticket_secret(self) -> Path:
        """Makes the addresses at which tickets are rated later, hexadecimal text."""
        return self.secrets / "ticket.secret"

    @property
    def former_ticket_secret(self) -> Path:
        """The one before, by which tickets that were printed can still be rated."""
        return self.secrets / "ticket-former.secret"

    @property
    def draw_secret(self) -> Path:
        """Names tickets on the lists of draws, hexadecimal text.

        Not among the secrets: jobs draws, and reads none of those.
        """
        return self.directory / "draw.secret"

    @property
    def oidc_secret(self) -> Path:
        """Secret of this server at the single sign-on, as the provider gave it; one line."""
        return self.secrets / "oidc.secret"

    @property
    def posting(self) -> Path:
        """What only the process that sends may read, beside whoever runs a command."""
        return self.directory / "posting"

    @property
    def mail_password(self) -> Path:
        """Password of the mail server, one line."""
        return self.posting / "mail.password"

    @property
    def chat(self) -> Path:
        """Chat rooms with their addresses, which hold secrets."""
        return self.posting / "chat.toml"

    def service_key(self, name: str) -> Path:
        """Private key of a fleet service that connects to the broker."""
        return self.keys / f"{name}.key"

    def service_certificate(self, name: str) -> Path:
        """Client certificate of a fleet service, with the issuing CA after it."""
        return self.keys / f"{name}.crt"

    def callout_seed(self, name: str) -> Path:
        """An NKey seed of the NATS auth callout: ``account``, ``service``, ``system``, ``x``."""
        return self.secrets / f"callout-{name}.nk"

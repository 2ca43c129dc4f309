"""The attacker's side and the reader's: a terminal in wrong hands, and a person at the pages.

An `Attacker` has the certificate and key of an enrolled terminal and a connection of its own; it
publishes what it likes. `Pages` is somebody signed in, who must see the trouble. `Figures` is all
that the server says was rated, to be compared before and after.
"""

import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any

from fleet_server.settings import Settings
from tests.e2e.system import System
from tests.fakes.fleets import Identity
from tests.fakes.forger import Forger, body_of, forger
from tests.fakes.mqtt import MqttClient
from tests.fakes.processes import run
from tests.fakes.reading import text_of, token_in
from tests.fakes.wait import eventually
from wire import down, keys, up
from wire.envelope import digest
from wire.ids import new_id
from wire.topics import down_filters, receipt_topic, topic

EMAIL, PASSWORD = "chief@hailong.example", "a long enough password"


def key_list(fleet: Settings) -> down.KeyList:
    """Return the fleet's key list."""
    fleet_key = keys.x_of(keys.load_private(fleet.layout.fleet_key.read_bytes()))
    return down.open_key_list(fleet.layout.key_list.read_bytes().strip(), fleet_key)


class Attacker:
    """A terminal in wrong hands.

    Attributes:
        journal: the chain that it forges; more can be made with `new_chain`.
    """

    def __init__(
        self, system: System, identity: Identity, counter: str, client: MqttClient
    ) -> None:
        self.system, self.identity, self.counter, self.client = system, identity, counter, client
        self.name = identity.name
        self.journal = forger(identity, counter)
        self._keys = key_list(system.fleet)
        client.subscribe(*down_filters(self.name))

    def new_chain(self) -> Forger:
        """Return another chain under the same key, begun."""
        return forger(self.identity, self.counter)

    def publish(self, leaf: str, payload: bytes, retain: bool = False) -> None:
        """Publish on an own topic."""
        assert self.client.connected
        self.client.publish(topic(self.name, leaf), payload, retain)

    def send(self, *tokens: bytes) -> None:
        """Send records as one run."""
        self.publish("records", b"\n".join(tokens))

    def hold(self, *chains: Forger) -> down.Receipt:
        """Send whole chains (the own one if none is given), and see that they are held."""
        for chain in chains or (self.journal,):
            self.send(*chain.tokens)
            receipt = self.ask(chain)
            assert (receipt.seq, receipt.hash) == (len(chain.tokens), digest(chain.tokens[-1]))
        return receipt

    def ask(self, chain: Forger | None = None, n_highest: int = 0) -> down.Receipt:
        """Send a hello and return its answer: by then all that was sent before is judged."""
        chain = chain or self.journal
        nonce = self.hello(
            up.HelloChain(
                chain.chain, 1, digest(chain.tokens[0]), len(chain.tokens), chain.prev
            ),
            n_highest=n_highest,
        )  # fmt: skip
        return self.answer(chain.chain, nonce)

    def hello(self, *chains: up.HelloChain, n_highest: int = 0) -> str:
        """Publish a hello and return its nonce."""
        nonce = new_id()
        self.publish("hello", up.encode_up(up.Hello(nonce, n_highest, chains)))
        return nonce

    def answer(self, chain: str, nonce: str) -> down.Receipt:
        """Wait for the receipt of a chain that has the nonce."""
        return eventually(
            lambda: next((r for r in reversed(self.receipts(chain)) if r.nonce == nonce), None),
            15,
            f"an answer to the hello of {self.name}",
        )

    def receipts(self, chain: str) -> list[down.Receipt]:
        """Return the receipts for a chain so far; all of them must be the server's."""
        return [
            down.open_receipt(token, self._keys, self.name)
            for token in self.client.payloads(receipt_topic(self.name, chain))
        ]

    def matters(self) -> dict[str, list[tuple[str | None, int | None]]]:
        """Return the open matters of this terminal: by kind, the chain and position of each."""
        found: dict[str, list[tuple[str | None, int | None]]] = {}
        for kind, chain, seq in self.system.query(
            "select kind, chain_id, seq from matter where terminal = ? and closed_at is null"
            " order by id",
            self.name,
        ):
            found.setdefault(kind, []).append((chain, seq))
        return found

    def matter_id(self, kind: str) -> int:
        """Return the number of the newest matter of a kind."""
        found = self.system.query(
            "select max(id) from matter where terminal = ? and kind = ?", self.name, kind
        )
        return int(found[0][0])

    def held(self) -> list[tuple[str, int, str]]:
        """Return what the API says of this terminal's ratings: choice, seq, how it is judged."""
        return sorted(
            (row["choice"], int(row["seq"]), judged(row))
            for row in self.system.ratings()
            if row["terminal"] == self.name
        )


def judged(row: dict[str, Any]) -> str:
    """Return what became of a rating, in one word."""
    for word in ("disputed", "contested", "unbound", "standing"):
        if row[word]:
            return word
    return "replaced"


def expected(chain: Forger, *seqs: int, judgement: str = "standing") -> list[tuple[str, int, str]]:
    """Return ratings of a chain as `Attacker.held` lists them."""
    found = []
    for seq in seqs:
        body = body_of(chain.tokens[seq - 1]).body
        found.append((body.choice, seq, judgement))  # type: ignore[union-attr]
    return sorted(found)


def figures(system: System) -> object:
    """Return everything the API says about what was served and rated, by whom and when."""
    participation = system.get("/api/v1/counters/participation?from=2020-01-01&to=2030-12-31")
    return participation, system.ratings()


@contextmanager
def nothing_changes(system: System) -> Iterator[None]:
    """See that the figures of the whole fleet are the same afterwards."""
    before = figures(system)
    yield
    assert figures(system) == before


class Pages:
    """Somebody signed in, reading in English."""

    def __init__(self, system: System) -> None:
        self._base = f"http://127.0.0.1:{system.fleet.web.port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        run(
            *system.command("user", "add", "--email", EMAIL, "--role", "administrator"),
            input=f"{PASSWORD}\n",
        )
        self.send("/login", email=EMAIL, password=PASSWORD)
        self.send("/language", language="en")

    def send(self, path: str, **form: str) -> None:
        """Fill in a form and send it."""
        token = token_in(self.raw("/login"))
        data = urllib.parse.urlencode({**form, "csrf_token": token}).encode()
        self._opener.open(self._base + path, data, timeout=20).close()

    def raw(self, path: str) -> str:
        """Return a page's HTML."""
        with self._opener.open(self._base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def text(self, path: str) -> str:
        """Return what a page says, without its mark-up, in single spaces."""
        html = self.raw(path)
        return text_of(html[html.index("<main") : html.index("</main>")])

    def terminal(self, attacker: Attacker) -> str:
        """Return what a terminal's page says."""
        return self.text(f"/terminals/{attacker.name}")

    def matters(self, attacker: Attacker) -> str:
        """Return what the list of open matters says about a terminal."""
        html = self.raw(f"/matters?terminal={attacker.name}")
        _, _, table = html.partition("<tbody>")
        return text_of(table.partition("</tbody>")[0])

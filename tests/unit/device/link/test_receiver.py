"""What the broker delivers: taken when it is signed and new, else a line in the log and no more."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from device.core.sending_words import Pace
from device.identity.files import Fleet, IdentityFiles
from device.inbox.reader import Inbox
from device.inbox.store import LinkStore
from device.journal.reader import JournalReader
from device.journal.writer import Journal
from device.link.answers import Answers
from device.link.orders import Orders
from device.link.outgoing import Outgoing
from device.link.receiver import Receiver
from device.link.sender import Sender
from device.results import pack
from tests.fakes import control
from tests.fakes.control import CONTROL, DEV, FLEET, FLEET_X, RECEIPT
from tests.fakes.journals import KEY, StillClock, journal
from tests.fakes.left_open import closed_later
from wire.commands import Bundle, bundle_arguments
from wire.down import Command, CurrentTicket, seal_down
from wire.envelope import root_hash, seal
from wire.topics import receipt_topic, topic
from wire.up import CommandResult, decode_command_result, decode_config_result, decode_hello


class Uplink:
    """Receiver and sender without a broker."""

    def __init__(self, data: Path) -> None:
        self.journal: Journal = journal(data)
        self.data = data
        self.clock = StillClock()
        self.store = closed_later(LinkStore(data))
        self.inbox = Inbox(data, DEV, FLEET_X)
        self.published: list[tuple[str, bytes]] = []
        self.owed: list[Callable[[], None]] = []
        self.rung = 0
        self.times: list[int] = []
        outgoing = Outgoing(DEV, KEY, JournalReader(data), self.store, self.ring)
        self.sender = Sender(outgoing, self.store, self.clock, self.publish, Pace(), lambda: 0.5)
        self.answers = Answers(self.store, self.publish)
        self.updates: list[tuple[int, Bundle | None]] = []
        self.receiver = self.new_receiver()
        self.sender.look()
        self.sender.connected()

    def asked(self, n: int, bundle: Bundle | None) -> None:
        self.updates.append((n, bundle))

    def new_receiver(self) -> Receiver:
        fleet = Fleet(DEV, "https://est:1", "broker", 8883, FLEET_X, "enrolment.toml")
        files = IdentityFiles(self.data)
        self.orders = Orders(files, fleet, self.clock, self.answers, self.sender.hello, self.asked)
        return Receiver(
            DEV,
            FLEET_X,
            self.store,
            self.sender,
            self.clock,
            self.answers,
            self.orders,
            {"look": {"letters": "large"}},
            self.ring,
            self.times.append,
        )

    def publish(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        self.published.append((leaf, payload))
        self.owed += [taken] if taken else []
        return True

    def acknowledge(self) -> None:
        """The broker has all that was published."""
        owed, self.owed = self.owed, []
        for taken in owed:
            taken()

    def ring(self) -> None:
        self.rung += 1

    def take(self, leaf: str, payload: bytes) -> None:
        self.receiver.take(topic(DEV, leaf), payload)
        self.answers.send()
        self.acknowledge()

    def said(self, leaf: str) -> list[bytes]:
        return [payload for where, payload in self.published if where == leaf]

    def nonce(self) -> str:
        return decode_hello(self.said("hello")[-1]).nonce


@pytest.fixture
def uplink(tmp_path: Path) -> Uplink:
    made = Uplink(tmp_path)
    made.take("keys", control.key_list())
    return made


def test_a_ticket_is_stored_and_the_terminal_woken(uplink: Uplink) -> None:
    before = uplink.rung
    uplink.take("ticket", control.signed(control.ticket()))
    assert uplink.inbox.ticket(1000) == control.ticket()
    assert uplink.rung == before + 1


def test_the_same_ticket_again_wakes_nobody(uplink: Uplink) -> None:
    token = control.signed(control.ticket())
    uplink.take("ticket", token)
    before = uplink.rung
    uplink.take("ticket", token)
    assert uplink.rung == before
    assert uplink.receiver.counts == {}


def test_an_older_ticket_is_counted_and_dropped(uplink: Uplink) -> None:
    uplink.take("ticket", control.signed(control.ticket(2)))
    uplink.take("ticket", control.signed(control.ticket(1)))
    assert uplink.receiver.counts == {"old": 1}


def test_what_comes_before_the_key_list_is_taken_after_it(tmp_path: Path) -> None:
    uplink = Uplink(tmp_path)
    uplink.take("ticket", control.signed(control.ticket()))
    assert uplink.inbox.ticket(1000) is None
    uplink.take("keys", control.key_list())
    assert uplink.inbox.ticket(1000) == control.ticket()


def test_what_waits_for_keys_is_bounded(tmp_path: Path) -> None:
    uplink = Uplink(tmp_path)
    for number in range(1000):
        uplink.receiver.take(receipt_topic(DEV, f"{number:032x}"), b"x")
    assert len(uplink.receiver._later) <= 32


def test_the_key_list_is_known_after_a_restart(uplink: Uplink) -> None:
    uplink.receiver = uplink.new_receiver()
    uplink.take("ticket", control.signed(control.ticket()))
    assert uplink.inbox.ticket(1000) is not None


def test_an_older_key_list_is_refused(uplink: Uplink) -> None:
    uplink.take("keys", control.key_list(5))
    uplink.take("keys", control.key_list(4))
    assert uplink.receiver.counts == {"old": 1}


@pytest.mark.parametrize(
    ("leaf", "token"),
    [
        ("ticket", seal_down(control.ticket(), RECEIPT)),
        ("ticket", seal_down(control.ticket(), FLEET)),
        ("config", control.signed(control.ticket())),
        ("command", control.signed(control.config())),
        ("receipt/" + "c" * 32, seal_down(control.receipt(), CONTROL)),
        ("receipt/" + "d" * 32, control.signed(control.receipt())),
        ("keys", control.signed(control.ticket())),
        ("ticket", control.signed(CurrentTicket("t-2", 1, 0, 9, "Q1", "Q"))),
    ],
)
def test_what_is_signed_by_the_wrong_key_or_for_another_place_is_refused(
    uplink: Uplink, leaf: str, token: bytes
) -> None:
    uplink.take(leaf, token)
    assert uplink.receiver.counts == {"refused": 1}
    assert uplink.inbox.ticket(1000) is None


def test_another_terminals_topic_is_refused(uplink: Uplink) -> None:
    uplink.receiver.take(topic("t-2", "ticket"), control.signed(control.ticket()))
    assert uplink.receiver.counts == {"refused": 1}


def test_a_cleared_retained_message_is_no_news(uplink: Uplink) -> None:
    uplink.take("ticket", b"")
    assert uplink.receiver.counts == {}


def test_a_fresh_receipt_is_stored_and_gives_the_time(uplink: Uplink) -> None:
    head = uplink.journal.head()
    receipt = control.receipt(7, head.seq, head.hash, chain=head.chain, nonce=uplink.nonce())
    uplink.take(f"receipt/{head.chain}", control.signed(receipt))
    assert uplink.store.receipts()[head.chain].n == 7
    assert uplink.times == [1000]
    assert uplink.sender.waiting() == (0, None)


def test_an_old_receipt_gives_no_time(uplink: Uplink) -> None:
    head = uplink.journal.head()
    receipt = control.receipt(7, head.seq, head.hash, chain=head.chain, nonce="d" * 32)
    uplink.take(f"receipt/{head.chain}", control.signed(receipt))
    assert uplink.sender.waiting() == (0, None)
    assert uplink.times == []


def test_the_command_hello_is_answered_with_a_hello(uplink: Uplink) -> None:
    before = len(uplink.said("hello"))
    uplink.take("command", control.signed(control.command(3)))
    assert len(uplink.said("hello")) == before + 1
    done = decode_command_result(uplink.said("command-result")[0])
    assert (done.n, done.outcome) == (3, "done")


def test_a_command_is_obeyed_once(uplink: Uplink) -> None:
    before = len(uplink.said("hello"))
    token = control.signed(control.command(3))
    for again in (token, token, control.signed(control.command(2))):
        uplink.take("command", again)
    assert len(uplink.said("hello")) == before + 1


LARGE = {"look": {"letters": "large"}}


def test_a_configuration_is_stored_for_the_terminal_which_answers(uplink: Uplink) -> None:
    before = uplink.rung
    uplink.take("config", control.signed(control.config(3, 8, **LARGE)))
    assert uplink.inbox.config() == control.config(3, 8, **LARGE)
    assert uplink.rung == before + 1
    assert uplink.said("config-result") == []


HOSTILE = [
    {"terminal": {"data": "/tmp"}},
    {"uplink": {"enrolment": "x"}},
    {"journal": {"drop": True}},
    {"volume": 1},
    {"look": {"letters": "huge"}},
    {"texts": {"question": {"vi": "\u202e" + "a" * 20}}},
    {"texts": {"question": {"vi": "x" * 10_000}}},
    {"texts": {"que\u0301stion": {"vi": "x"}}},
    {"asking": {"items": [f"i{n}" for n in range(16)]}},
    {"a\u0000b\n" * 9: {}},
]


@pytest.mark.parametrize("settings", HOSTILE)
def test_what_cannot_be_applied_is_refused_and_the_last_good_one_stays(
    uplink: Uplink, settings: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    uplink.take("config", control.signed(control.config(2, 7, **LARGE)))
    before = uplink.rung
    caplog.clear()
    uplink.take("config", control.signed(control.config(3, 8, **settings)))
    answer = decode_config_result(uplink.said("config-result")[0])
    assert (answer.n, answer.version, answer.applied) == (3, 8, False)
    assert answer.reason
    assert uplink.inbox.config() == control.config(2, 7, **LARGE)
    assert uplink.rung == before
    assert uplink.receiver.counts == {"refused": 1}
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert warnings[0].getMessage().isprintable()


def test_the_number_of_a_refused_configuration_is_used_up(uplink: Uplink) -> None:
    uplink.take("config", control.signed(control.config(3, 8, volume=1)))
    for again in (control.config(3, 8, volume=1), control.config(2, 8, **LARGE)):
        uplink.take("config", control.signed(again))
    assert uplink.inbox.config() is None
    assert len(uplink.said("config-result")) == 1
    assert uplink.receiver.counts == {"refused": 1, "old": 1}
    assert uplink.store.n_highest() == 3


def test_an_older_version_is_refused_though_its_number_is_new(uplink: Uplink) -> None:
    uplink.take("config", control.signed(control.config(2, 7, **LARGE)))
    uplink.take("config", control.signed(control.config(3, 6)))
    answer = decode_config_result(uplink.said("config-result")[0])
    assert (answer.applied, answer.reason) == (False, "version 6 is older than 7")
    assert uplink.inbox.config() == control.config(2, 7, **LARGE)


@pytest.mark.parametrize("name", ["explode", "restart", "identify"])
def test_a_command_nobody_knows_or_with_a_wrong_argument_is_refused(
    uplink: Uplink, name: str
) -> None:
    command = Command(DEV, 3, 0, 60, name, {"seconds": 99})
    uplink.take("command", control.signed(command))
    answer = decode_command_result(uplink.said("command-result")[0])
    assert (answer.n, answer.outcome) == (3, "refused")
    assert answer.details
    assert uplink.inbox.commands(0) == []


def test_a_command_for_the_terminal_waits_for_it(uplink: Uplink) -> None:
    before = uplink.rung
    uplink.take("command", control.signed(control.command(3, "identify")))
    assert uplink.said("command-result") == []
    assert [each.command.n for each in uplink.inbox.commands(0)] == [3]
    assert uplink.rung == before + 1


def test_more_commands_than_can_wait_are_refused_and_none_is_forgotten(uplink: Uplink) -> None:
    for n in range(1, 70):
        uplink.take("command", control.signed(control.command(n, "identify")))
    assert [each.command.n for each in uplink.inbox.commands(0)] == list(range(1, 65))
    refused = [decode_command_result(each) for each in uplink.said("command-result")]
    assert [(each.n, each.outcome) for each in refused] == [(n, "refused") for n in range(65, 70)]


def test_what_the_terminal_says_of_a_command_goes_up_once(uplink: Uplink) -> None:
    result = CommandResult(3, "done", "xin chào")
    for _ in range(3):
        uplink.answers.hear(pack(result)["results"])
        uplink.answers.send()
    assert [decode_command_result(each) for each in uplink.said("command-result")] == [result]
    assert uplink.inbox.answered("command") == {3}


@pytest.mark.parametrize(
    "said",
    [None, "x", [None], [{}], [{"leaf": "state", "said": {}}], [{"leaf": "config-result"}]],
)
def test_results_that_cannot_be_read_are_one_line_in_the_log(
    uplink: Uplink, said: object, caplog: pytest.LogCaptureFixture
) -> None:
    uplink.answers.hear(said)
    assert uplink.store.untold() == []
    assert len(caplog.records) == 1


def test_an_answer_goes_again_until_the_broker_has_it(uplink: Uplink) -> None:
    uplink.answers.give(CommandResult(3, "done"))
    uplink.answers.send()
    uplink.owed.clear()
    uplink.answers.disconnected()
    uplink.answers.send()
    assert len(uplink.said("command-result")) == 2
    uplink.answers = Answers(uplink.store, uplink.publish)
    uplink.answers.send()
    assert len(uplink.said("command-result")) == 3
    uplink.acknowledge()
    assert uplink.store.untold() == []


def test_an_uplink_that_was_stopped_answers_for_what_it_had_begun(uplink: Uplink) -> None:
    for n, name in enumerate(("hello", "re-enrol", "identify", "rotate-key"), 1):
        uplink.store.take("command", n, control.signed(control.command(n, name)), 0)
    uplink.new_receiver().resume()
    assert [(answer.n, answer.typ) for answer in uplink.store.untold()] == [
        (1, "command"),
        (2, "command"),
    ]


BUNDLE = Bundle("1.1.0", "ab" * 32, 1000)


def wish(n: int, bundle: Bundle | None) -> bytes:
    arguments = {} if bundle is None else bundle_arguments(bundle)
    return control.signed(Command(DEV, n, 0, 60, "update", arguments))


def test_an_update_is_the_uplinks_and_has_no_answer_yet(uplink: Uplink) -> None:
    uplink.take("command", wish(3, BUNDLE))
    uplink.take("command", wish(4, None))
    assert uplink.updates == [(3, BUNDLE), (4, None)]
    assert uplink.said("command-result") == []


def test_an_update_is_taken_up_again_by_the_next_process(uplink: Uplink) -> None:
    uplink.store.take("command", 3, wish(3, BUNDLE), 0)
    uplink.new_receiver().resume()
    assert uplink.updates == [(3, BUNDLE)]


def test_a_fork_is_told_to_the_terminal(uplink: Uplink) -> None:
    head = uplink.journal.head()
    receipt = control.receipt(7, 99, chain=head.chain, nonce=uplink.nonce())
    token = control.signed(receipt)
    uplink.take(f"receipt/{head.chain}", token)
    finding = uplink.inbox.findings()[0]
    assert (finding.kind, finding.seq, finding.hash, finding.token) == (
        "fork",
        99,
        "A" * 43,
        token,
    )
    assert uplink.times == [1000]


def test_a_chain_nobody_knows_moves_nothing(uplink: Uplink) -> None:
    chain = "e" * 32
    receipt = control.receipt(7, 0, root_hash(chain), chain=chain, nonce=uplink.nonce())
    uplink.take(f"receipt/{chain}", control.signed(receipt))
    assert uplink.store.receipts() == {}


BAD = {
    "signed by a stranger": lambda thing: seal_down(thing, FLEET),
    "for another terminal": lambda thing: control.signed(replace(thing, dev="t-2")),
    "10 MB": lambda _thing: b"A" * 10_000_000,
    "no token": lambda _thing: b"{}",
    "not JSON though well signed": lambda _thing: seal(b"\xff not JSON", CONTROL),
    "JSON that is no object": lambda _thing: seal(b"[1]", CONTROL),
    "nested without end": lambda _thing: seal(b'{"a":' * 3000 + b"1" + b"}" * 3000, CONTROL),
    "a name twice": lambda _thing: seal(b'{"typ":"config","typ":"config"}', CONTROL),
}


@pytest.mark.parametrize("how", BAD)
@pytest.mark.parametrize("typ", ["config", "command", "ticket"])
def test_what_is_bad_is_one_line_one_count_and_nothing_else(
    uplink: Uplink, how: str, typ: str, caplog: pytest.LogCaptureFixture
) -> None:
    things = {"config": control.config(9), "command": control.command(9), "ticket": None}
    thing = things[typ] or control.ticket(9)
    before, published = uplink.rung, list(uplink.published)
    caplog.clear()
    uplink.take(typ, BAD[how](thing))
    assert uplink.receiver.counts == {"refused": 1}
    assert len(caplog.records) == 1
    assert caplog.records[0].getMessage().isprintable()
    assert len(caplog.records[0].getMessage()) < 300
    assert uplink.rung == before
    assert uplink.published == published
    assert uplink.store.n_highest() == 0

"""The generated broker configuration. That it works is the contract suite's to show."""

import json
import re
import sysconfig
from pathlib import Path

import pytest

from provisioning.broker import mosquitto, nats, rules, seeds, write
from provisioning.broker.nats import Addresses
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from tests.fakes.processes import run
from wire import topics
from wire.errors import WireError
from wire.ids import check_terminal_id

WHERE = Addresses("127.0.0.1", 8883, 4222)


@pytest.fixture
def written(layout: FleetLayout) -> FleetLayout:
    """A fleet directory with its broker's files."""
    write.write(layout, WHERE)
    return layout


def test_a_terminal_publishes_up_and_reads_down_and_only_its_own() -> None:
    mine = rules.for_terminal("t-1")
    assert set(mine.publish) == {topics.topic("t-1", leaf) for leaf in topics.UP}
    assert set(mine.subscribe) == set(topics.down_filters("t-1"))
    assert not set(mine.publish) & set(mine.subscribe)


def test_ingest_reads_up_and_publishes_down() -> None:
    service = rules.for_ingest()
    assert set(service.subscribe) == set(topics.up_filters())
    assert not set(service.publish) & set(service.subscribe)


def test_no_terminal_can_have_the_name_of_a_service() -> None:
    for name in rules.SERVICES:
        with pytest.raises(WireError):
            check_terminal_id(name)


def test_nats_permissions_say_the_same_as_the_rules() -> None:
    said = nats.permissions(rules.for_terminal("t-1"))
    assert "hailong.1.t-1.records" in said["pub"]["allow"]
    assert "hailong.1.t-1.receipt.*" in said["sub"]["allow"]
    assert all(re.fullmatch(r"hailong\.1\.t-1\.[a-z-]+(\.\*)?", s) for s in said["sub"]["allow"])
    assert len(said["pub"]["allow"]) == len(topics.UP)


def test_mosquittos_rules_hold_no_wildcard_over_names_but_for_ingest() -> None:
    terminals, _, ingest = mosquitto.access_rules().partition(f"user {rules.INGEST}")
    assert "hailong/1/+" not in terminals
    assert "#\n" not in ingest
    assert "pattern write hailong/1/%u/records\n" in terminals
    assert "pattern read hailong/1/%u/receipt/+\n" in terminals
    assert "topic read hailong/1/+/records\n" in ingest


def test_nats_takes_its_configuration(written: FleetLayout) -> None:
    program = Path(sysconfig.get_path("scripts")) / "nats-server"
    assert "is valid" in run(program, "-t", "-c", written.nats_config).stderr


def test_a_path_with_quotes_and_accents_is_quoted_for_nats(written: FleetLayout) -> None:
    odd = FleetLayout(Path('/srv/Hà Nội "1" # {'))
    text = nats.configuration(odd, WHERE, seeds.published(written))
    (line,) = [line for line in text.splitlines() if "store_dir" in line]
    assert json.loads(line.partition(":")[2]) == str(odd.nats_store)


def test_a_path_that_mosquitto_cannot_hold_is_refused() -> None:
    with pytest.raises(ProvisioningError, match="can't read such a path"):
        mosquitto.configuration(FleetLayout(Path("/x\nlistener 1")), "127.0.0.1", 8883)


def test_files_with_secrets_can_be_read_by_their_owner_alone(written: FleetLayout) -> None:
    for name in seeds.PREFIXES:
        assert written.callout_seed(name).stat().st_mode & 0o777 == 0o600
    assert written.secrets.stat().st_mode & 0o777 == 0o700
    assert written.broker.stat().st_mode & 0o777 == 0o700


def test_the_configuration_holds_no_secret(written: FleetLayout) -> None:
    shown = written.nats_config.read_text() + written.callout_public.read_text()
    for name in seeds.PREFIXES:
        assert written.callout_seed(name).read_text().strip() not in shown


def test_seeds_are_made_once(written: FleetLayout) -> None:
    before = seeds.published(written)
    write.write(written, WHERE)
    assert seeds.published(written) == before


def test_the_broker_rewrites_its_files_without_seeing_the_seeds(written: FleetLayout) -> None:
    for name in seeds.PREFIXES:
        written.callout_seed(name).unlink()
    write.rewrite(written, Addresses("0.0.0.0", 1883, 4223))
    assert 'host: "0.0.0.0"\n  port: 1883' in written.nats_config.read_text()
    assert "listener 1883 0.0.0.0\n" in written.mosquitto_config.read_text()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"account": 1}'])
def test_broken_public_keys_are_named(written: FleetLayout, content: bytes) -> None:
    written.callout_public.write_bytes(content)
    with pytest.raises(ProvisioningError, match=r"callout\.json"):
        write.rewrite(written, WHERE)


@pytest.mark.parametrize("content", [b"", b"SU", b"nonsense", b"\xff" * 58])
def test_a_broken_seed_is_named_and_not_repeated(written: FleetLayout, content: bytes) -> None:
    written.callout_seed("account").write_bytes(content)
    with pytest.raises(ProvisioningError, match=r"callout-account\.nk: not an NKey seed"):
        seeds.ensure(written)

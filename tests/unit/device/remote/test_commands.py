"""Each command once, and each answered, whatever happens in between."""

import json
import os

import pytest

from device.remote.book import FILE, Begun, OrderBook
from device.wakeup import WakeUp
from tests.unit.device.remote.conftest import Site
from wire.up import CommandResult


def test_identify_lasts_as_long_as_asked(site: Site) -> None:
    n = site.command("identify", seconds=7)
    assert site.turn() == [CommandResult(n, "done")]
    assert site.desk.identified == [site.clock.up + 7_000]


def test_commands_are_carried_out_in_their_order(site: Site) -> None:
    for seconds in (1, 2, 3):
        site.command("identify", seconds=seconds)
    site.turn()
    assert site.desk.identified == [site.clock.up + ms for ms in (1_000, 2_000, 3_000)]


def test_a_result_is_told_until_the_uplink_has_it_and_the_command_done_once(site: Site) -> None:
    n = site.command("identify")
    done = CommandResult(n, "done")
    assert [site.turn() for _ in range(3)] == [[done]] * 3
    site.take(done)
    assert site.turn() == []
    assert len(site.desk.identified) == 1


def test_a_bell_is_answered_at_once_and_else_it_is_looked_seldom(site: Site) -> None:
    site.turn()
    site.command("identify")
    assert site.turn(ms=100) == []
    site.remote.rung()
    assert len(site.turn(ms=100)) == 1


def test_a_self_test_is_answered_when_its_outcome_is_known(site: Site) -> None:
    n = site.command("self-test")
    assert site.turn() == []
    told = site.desk.tests[0]
    assert told is not None
    told({"good": False, "missing": ["sound"]})
    assert site.turn() == [CommandResult(n, "failed", '{"good":false,"missing":["sound"]}')]


def test_diagnostics_are_the_details(site: Site) -> None:
    n = site.command("diagnostics")
    assert site.turn() == [CommandResult(n, "done", '{"facts":1}')]


def test_a_restart_is_done_when_the_process_has_started_again_and_only_once(site: Site) -> None:
    n = site.command("restart")
    assert site.turn() == []
    assert site.restarts == 1
    for _ in range(3):
        site.start()
        assert site.turn() == [CommandResult(n, "done")]
    assert site.restarts == 1


def test_a_reboot_is_done_when_the_machine_has_started_again(site: Site) -> None:
    n = site.command("reboot")
    assert site.turn() == []
    assert site.machine.reboots == 1
    site.boot = "boot-2"
    site.start()
    assert site.turn() == [CommandResult(n, "done")]
    assert site.machine.reboots == 1


def test_a_machine_that_did_not_start_again_failed(site: Site) -> None:
    n = site.command("reboot")
    site.turn()
    site.start()
    assert site.turn() == [CommandResult(n, "failed", "the machine was not started again")]


def test_a_reboot_without_the_right_to_is_refused_with_the_reason(site: Site) -> None:
    site.machine.why = "systemd refuses: Access denied"
    n = site.command("reboot")
    assert site.turn() == [CommandResult(n, "refused", "systemd refuses: Access denied")]


def test_what_was_cut_short_failed_and_is_not_begun_again(site: Site) -> None:
    n = site.command("self-test")
    site.turn()
    site.start()
    assert [(r.n, r.outcome) for r in site.turn() if isinstance(r, CommandResult)] == [
        (n, "failed")
    ]
    assert len(site.desk.tests) == 1


def test_a_command_whose_time_has_passed_is_expired_and_not_done(site: Site) -> None:
    n = site.command("identify", ttl_s=1)
    assert site.turn(ms=5_000) == [CommandResult(n, "expired")]
    assert site.desk.identified == []


def test_what_the_uplink_does_or_refuses_is_left_to_it(site: Site) -> None:
    for name in ("hello", "re-enrol", "explode"):
        site.command(name)
    assert site.turn() == []


def test_a_command_that_cannot_be_noted_is_not_carried_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> int:
        raise OSError(28, "No space left on device")

    n = site.command("restart")
    with monkeypatch.context() as broken:
        broken.setattr(os, "open", full)
        site.remote.turn()
    assert site.restarts == 0
    [result] = site.heard()
    assert isinstance(result, CommandResult)
    assert (result.n, result.outcome) == (n, "failed")
    assert "No space left" in (result.details or "")
    site.turn()
    assert site.restarts == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"floor": 1, "orders": {"x": 1}}'])
def test_a_lost_memory_carries_out_nothing_that_waits(site: Site, content: bytes) -> None:
    n = site.command("restart")
    (site.data / FILE).write_bytes(content)
    site.start()
    [result] = site.turn()
    assert isinstance(result, CommandResult)
    assert (result.n, result.outcome) == (n, "failed")
    assert site.restarts == 0
    later = site.command("identify")
    assert CommandResult(later, "done") in site.turn()


def test_the_memory_is_bounded_and_knows_what_is_older_than_it(site: Site) -> None:
    book = OrderBook(site.data)
    for n in range(1, 301):
        book.begin(Begun(n, "identify", "b"))
        book.finish(n, "done", "x" * 4096)
        book.told({n})
    again = OrderBook(site.data)
    assert all(again.knows(n) for n in range(301))
    assert not again.knows(301)
    assert (site.data / FILE).stat().st_size < 20_000
    assert (site.data / FILE).stat().st_mode & 0o777 == 0o600
    assert len(json.loads((site.data / FILE).read_bytes())["orders"]) == 128


def test_results_wait_for_an_uplink_that_is_down(site: Site) -> None:
    n = site.command("identify")
    site.bell.close()
    site.turn()
    site.start()
    site.bell = WakeUp(site.data, "uplink")
    assert site.turn() == [CommandResult(n, "done")]


def test_a_new_key_is_waited_for_until_the_time_is_over(site: Site) -> None:
    n = site.command("rotate-key", ttl_s=10)
    assert site.turn() == []
    assert site.turn(ms=20_000) == [CommandResult(n, "expired")]


def test_a_key_change_that_was_begun_is_not_expired(site: Site) -> None:
    site.command("rotate-key", ttl_s=1)
    site.files.load_or_make_next_key()
    assert site.turn(ms=20_000) == []
    site.start()
    assert site.turn(ms=20_000) == []


def test_a_next_certificate_of_no_use_fails(site: Site) -> None:
    n = site.command("rotate-key")
    site.files.load_or_make_next_key()
    site.files.write_next_certificate(b"nothing")
    site.files.root.write_text("nothing")
    [result] = site.turn()
    assert result == CommandResult(n, "failed", "the next key's certificate is of no use")
    assert site.turn() == [result]


def test_a_key_that_was_changed_before_the_power_went_is_done(site: Site) -> None:
    n = site.command("rotate-key")
    site.files.load_or_make_next_key()
    site.turn()
    site.files.next_key.unlink()  # as the end of the change leaves it
    site.start()
    assert site.turn() == [CommandResult(n, "done")]


def test_an_outcome_that_cannot_be_told_stops_nothing(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    orders = {"1": {"outcome": "perhaps"}, "2": {"outcome": "done"}}
    (site.data / FILE).write_text(json.dumps({"floor": 0, "orders": orders}))
    site.start()
    assert site.turn() == [CommandResult(2, "done")]
    assert "cannot be told" in caplog.text

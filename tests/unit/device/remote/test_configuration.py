"""The fleet's configuration, applied by the terminal and told until the uplink knows."""

import sqlite3
from contextlib import closing

from device.core.policy import Look
from tests.unit.device.remote.conftest import Site
from wire.up import ConfigResult

HIGH = {"look": {"contrast": "high"}}


def test_without_a_configuration_the_terminals_own_tables_count(site: Site) -> None:
    assert site.configuration.policy.look == Look(letters="large")
    assert site.turn() == []
    assert site.desk.policies == []


def test_a_configuration_is_laid_over_them_and_applied(site: Site) -> None:
    n = site.config(7, **HIGH)
    assert site.turn() == [ConfigResult(n, 7, applied=True)]
    [policy] = site.desk.policies
    assert (policy.look, policy.version) == (Look(letters="large", contrast="high"), 7)


def test_what_a_newer_one_does_not_name_is_the_terminals_own_again(site: Site) -> None:
    site.config(7, **HIGH)
    site.turn()
    site.config(8)
    site.turn()
    assert site.desk.policies[-1].look == Look(letters="large")


def test_the_result_is_told_until_the_uplink_has_it_and_applied_once(site: Site) -> None:
    n = site.config(7, **HIGH)
    applied = ConfigResult(n, 7, applied=True)
    assert [site.turn() for _ in range(3)] == [[applied]] * 3
    site.take(applied)
    assert site.turn() == []
    assert len(site.desk.policies) == 1


def test_at_the_start_the_last_good_one_counts_before_the_first_turn(site: Site) -> None:
    site.config(7, **HIGH)
    site.start()
    assert site.configuration.policy.version == 7
    assert site.turn() == [ConfigResult(site.n, 7, applied=True)]


def test_one_that_no_longer_fits_the_terminals_own_tables_changes_nothing(site: Site) -> None:
    n = site.config(7, look={"letters": "huge"})
    [result] = site.turn()
    assert isinstance(result, ConfigResult)
    assert (result.n, result.applied) == (n, False)
    assert "look.letters" in (result.reason or "")
    assert site.desk.policies == []
    assert site.configuration.policy.version == 0


def test_one_that_was_changed_in_the_file_is_not_believed(site: Site) -> None:
    site.config(7, **HIGH)
    with closing(sqlite3.connect(site.data / "link.db")) as db, db:
        db.execute("UPDATE object SET token = CAST(token || 'A' AS BLOB) WHERE typ = 'config'")
    assert site.turn() == []
    assert site.desk.policies == []

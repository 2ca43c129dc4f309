"""The network's part of a self-test on the pages: in the words of the terminal's own screen."""

import json

import pytest
from flask_babel import force_locale

from device.screen import texts
from device.screen.catalogues import translation
from fleet_server.store.database import writing
from fleet_server.store.models import Command
from fleet_server.web.terminals import outcome
from fleet_server.web.words import network
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.conftest import Site

STEPS = [
    {"step": "link", "state": "good", "detail": "eth0"},
    {"step": "address", "state": "bad", "why": "no_address", "detail": "eth0"},
    {"step": "name", "state": "skipped"},
]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_and_screen_say_the_same(site: Site, language: str) -> None:
    screen = translation(language).gettext
    with site.app.test_request_context(), force_locale(language):
        for ours, theirs in (
            (network.NETWORK_STEPS, dict(texts.NETWORK_STEPS)),
            (network.NETWORK_ADVICE, dict(texts.NETWORK_ADVICE)),
        ):
            said = {
                code: screen(text).replace("\N{NO-BREAK SPACE}", " ")
                for code, text in theirs.items()
            }
            assert {code: str(text) for code, text in ours.items()} == said


def test_each_step_is_told_with_what_to_do(site: Site) -> None:
    details = json.dumps({"good": False, "tried": [], "missing": [], "network": STEPS})
    with site.app.test_request_context(), force_locale("en"):
        told = [(str(step.name), step.state, step.advice is None) for step in outcome.way(details)]
        assert told == [
            ("Cable or Wi-Fi", "good", True),
            ("Address", "bad", False),
            ("Name of the server", "skipped", True),
        ]
        lines = {str(name): str(said) for name, said in outcome.lines(details)}
        assert lines["Cable or Wi-Fi"] == "good (eth0)"
        assert lines["Address"].startswith("does not work: The network gives out no address.")
        assert lines["Address"].endswith("(eth0)")


@pytest.mark.parametrize("held", ["[]", "{", '{"network": 3}', '{"network": [3, {"step": "x"}]}'])
def test_what_a_terminal_says_wrongly_is_left_out(site: Site, held: str) -> None:
    assert outcome.way(held) == []


def test_the_technicians_page_shows_the_steps_of_the_newest_self_test(site: Site) -> None:
    details = json.dumps({"good": False, "tried": [], "missing": [], "network": STEPS})
    with writing():
        Command.create(
            dev="p1-01-t1", name="self-test", arguments={}, ttl_s=60, wished_at=NOW, n=5,
            published_at=NOW, answered_at=NOW, outcome="failed", details=details,
        )  # fmt: skip
    text = site.get("/technician/p1-01-t1", "technician").text
    assert "Dây mạng hoặc Wi-Fi" in text
    assert "Mạng không cấp địa chỉ." in text

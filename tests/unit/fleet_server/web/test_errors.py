"""What goes wrong is told in words, with what to do, and without a stack trace."""

import pytest
from flask import abort

from fleet_server.web.access import allow
from tests.unit.fleet_server.web.conftest import Site


@pytest.fixture
def failing(site: Site) -> Site:
    @allow("public")
    def fail(code: int) -> str:
        if code == 500:
            raise RuntimeError("the secret inside")
        abort(code)

    site.app.add_url_rule("/fail/<int:code>", "fail", fail)
    return site


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 429, 500, 503])
@pytest.mark.parametrize(("language", "words"), [("vi", "Lỗi"), ("en", "Error")])
def test_each_error_has_a_page_in_both_languages(
    failing: Site, code: int, language: str, words: str
) -> None:
    failing.post("/language", "nobody", language=language)
    answer = failing.get(f"/fail/{code}", "nobody")
    assert answer.status_code == code
    assert f"{words} {code}" in answer.text
    assert f'lang="{language}"' in answer.text


def test_a_fault_of_ours_shows_no_trace(failing: Site) -> None:
    text = failing.get("/fail/500").text
    assert "Traceback" not in text
    assert "the secret inside" not in text


def test_a_program_gets_its_errors_as_json(site: Site) -> None:
    answer = site.client("nobody").get("/api/v1/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_a_page_does_not_know_is_refused(site: Site) -> None:
    assert site.client("viewer").post("/terminals", data={"csrf_token": "x"}).status_code in (
        400,
        405,
    )
    assert site.client("viewer").put("/terminals").status_code in (400, 405)


@pytest.mark.parametrize(
    "path",
    [
        "/terminals/nobody",
        "/terminals?state=everything",
        "/terminals?reason=boredom",
        "/counters/nowhere",
        "/counters?period=century",
        "/counters?sort=beauty",
        "/counters/P1-01?day=2026-02-30",
        "/counters/P1-01?day=yesterday",
        "/counters/P1-01?show=choices",
        "/matters/999",
        "/matters/x",
    ],
)
def test_what_is_not_there_is_404(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("end", ["", "/close"])
def test_a_number_that_no_database_has_is_404(site: Site, end: str) -> None:
    path = f"/matters/{2**63}{end}"
    answer = site.post(path, "technician", note="x") if end else site.get(path)
    assert answer.status_code == 404


@pytest.mark.parametrize("text", ["%00", "'%20or%201=1--", "%F0%9F%98%80" * 50, "..%2F..%2Fetc"])
def test_strange_addresses_break_nothing(site: Site, text: str) -> None:
    for path in (
        "/terminals/",
        "/counters/",
        "/counters?unit=",
        "/matters?kind=",
        "/terminals?start=",
    ):
        assert site.get(path + text).status_code in (200, 308, 400, 404), path

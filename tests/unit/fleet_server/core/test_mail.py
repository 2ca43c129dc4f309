"""What a mail server's reply means, and when a mail is tried again."""

import pytest

from fleet_server.core.mail import LONGEST_WAIT_MS, Trouble, next_mail, trouble
from fleet_server.core.webhooks import FIRST_RETRY_MS, GIVE_UP_MS


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        (None, "silent"), (421, "busy"), (451, "busy"), (535, "sign_in"), (550, "address"),
        (552, "refused"), (554, "refused"),
    ],
)  # fmt: skip
def test_a_reply_says_who_can_mend_it(reply: int | None, meaning: Trouble) -> None:
    assert trouble(reply) == meaning


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [next_mail("silent", attempts, 0, 0, 0.0) for attempts in range(1, 20)]
    assert waits[:2] == [FIRST_RETRY_MS, 2 * FIRST_RETRY_MS]
    assert waits[-1] == LONGEST_WAIT_MS


def test_a_server_that_comes_back_after_a_day_still_gets_its_mail() -> None:
    assert next_mail("silent", 100, 0, 86_400_000, 0.0) is not None
    assert next_mail("sign_in", 300, 0, GIVE_UP_MS, 0.0) is None


def test_a_refused_address_is_given_up_at_once() -> None:
    assert next_mail("address", 1, 0, 0, 0.0) is None

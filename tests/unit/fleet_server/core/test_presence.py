import pytest

from fleet_server.core.presence import Seen, follows
from wire.up import Presence, State

BEFORE = Seen(boot="b2", former_boot="b1", connection=3)


@pytest.mark.parametrize(
    ("state", "boot", "connection", "news"),
    [
        ("ready", "b2", 3, True),
        ("lost", "b2", 3, True),
        ("lost", "b2", 2, False),
        ("ready", "b2", 2, False),
        ("ready", "b2", 4, True),
        ("lost", "b2", 4, True),
        ("lost", "b1", 9, False),
        ("init", "b1", 1, True),
        ("init", "b3", 1, True),
        ("lost", "b3", 1, True),
    ],
)
def test_only_news_follow(state: Presence, boot: str, connection: int, news: bool) -> None:
    assert follows(BEFORE, State(state, boot, connection, 0)) is news


def test_anything_follows_nothing() -> None:
    assert follows(Seen(), State("lost", "b1", 0, 0))

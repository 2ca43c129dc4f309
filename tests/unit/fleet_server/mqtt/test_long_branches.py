"""A branch that has grown beyond the main chain's head goes on record by record."""

from pathlib import Path

import pytest

from tests.fakes.ingest import ingest
from wire.down import Head

pytestmark = pytest.mark.usefixtures("engine")


def test_a_lone_record_continues_a_branch_that_is_longer_than_the_main_chain(
    tmp_path: Path,
) -> None:
    with ingest(tmp_path) as server:
        writer = server.enrol()
        writer.start()
        writer.presses(1)
        writer.boots()
        server.send(writer.dev, writer.tokens)
        clone = writer.cloned(2)
        clone.presses(6)
        server.send(clone.dev, clone.tokens)
        for _ in range(3):
            clone.press()
            [receipt] = server.send(clone.dev, clone.tokens[-1:])
            assert receipt.status == "ok"
            assert receipt.disputed == (Head(len(clone.tokens), clone.prev),)
        assert receipt.seq == 3

"""A key belongs to one board."""

import shutil
from pathlib import Path

import pytest

from device.identity import board
from device.identity.files import IdentityFiles
from device.journal.opening import open_journal
from tests.fakes.journals import StillClock, rating
from wire.envelope import kid_of_token
from wire.keys import kid_of

HERE, THERE = "10000000aaaaaaaa", "10000000bbbbbbbb"


@pytest.fixture
def files(tmp_path: Path) -> IdentityFiles:
    return IdentityFiles(tmp_path / "data")


def kid(files: IdentityFiles) -> str:
    return kid_of(files.load_or_make_key())


def test_on_its_own_board_a_key_stays_for_ever(files):
    board.bind(files, HERE)
    mine = kid(files)
    for _ in range(3):
        board.bind(files, HERE)
    assert kid(files) == mine
    assert not board.was_moved(files)


def test_the_serial_number_itself_is_not_kept(files):
    board.bind(files, HERE)
    assert HERE not in files.board.read_text()
    assert (files.board.stat().st_mode & 0o777) == 0o600
    first = files.board.read_text()
    files.board.unlink()
    board.bind(files, HERE)
    assert files.board.read_text() != first


def test_on_another_board_the_key_is_left_and_a_new_one_made(files):
    board.bind(files, HERE)
    mine = files.load_or_make_key()
    files.next_key.write_bytes(b"half a change")
    board.bind(files, THERE)
    assert board.was_moved(files)
    assert files.was_left_for_board()
    assert not files.next_key.exists()
    assert kid(files) != kid_of(mine)
    assert kid_of(mine) in files.public_keys()
    board.journalled(files)
    board.bind(files, THERE)
    assert not board.was_moved(files)


def test_a_terminal_from_before_is_bound_to_the_board_that_it_is_on(files):
    mine = kid(files)
    board.bind(files, HERE)
    assert kid(files) == mine
    board.bind(files, THERE)
    assert kid(files) != mine


@pytest.mark.parametrize("content", ["", "{", "[]", '{"salt": 1}', "\xff"])
def test_a_damaged_file_binds_anew_and_costs_no_key(content, files):
    board.bind(files, HERE)
    mine = kid(files)
    files.board.write_bytes(content.encode("latin-1"))
    board.bind(files, HERE)
    assert kid(files) == mine
    board.bind(files, THERE)
    assert kid(files) != mine


def test_where_a_board_has_no_number_nothing_is_bound_or_left(files):
    board.bind(files, None)
    assert not files.board.exists()
    board.bind(files, HERE)
    mine = kid(files)
    board.bind(files, None)
    assert kid(files) == mine


def test_a_power_cut_at_any_step_leaves_no_key_that_two_boards_sign_with(tmp_path, monkeypatch):
    step = 0
    while True:
        files = IdentityFiles(tmp_path / f"data-{step}")
        board.bind(files, HERE)
        mine = kid(files)
        calls = iter(range(step))

        def cut(real, calls=calls):
            def step_or_cut(*args: object, **more: object) -> object:
                if next(calls, None) is None:
                    raise KeyboardInterrupt
                return real(*args, **more)

            return step_or_cut

        with monkeypatch.context() as patched:
            for name in ("write_atomic", "fsync_directory"):
                patched.setattr(board, name, cut(getattr(board, name)))
            patched.setattr(IdentityFiles, "put_key_aside", cut(IdentityFiles.put_key_aside))
            patched.setattr(IdentityFiles, "keep_former", cut(IdentityFiles.keep_former))
            try:
                board.bind(files, THERE)
            except KeyboardInterrupt:
                pass
            else:
                break
        board.bind(files, THERE)
        assert board.was_moved(files)
        assert kid(files) != mine
        step += 1
    assert step == 4


def test_the_journal_goes_on_in_a_new_chain_signed_by_the_new_key(files, tmp_path):
    data = tmp_path / "data"
    board.bind(files, HERE)
    book = open_journal(data, "t-1", files.load_or_make_key(), StillClock()).journal
    book.append(rating("v1"))
    book.close()
    shutil.copytree(data, tmp_path / "copy/data")
    copy = IdentityFiles(tmp_path / "copy/data")
    board.bind(copy, THERE)
    opened = open_journal(tmp_path / "copy/data", "t-1", copy.load_or_make_key(), StillClock())
    assert opened.how == "new_key"
    assert kid_of_token(opened.journal.newest_token()) == kid(copy) != kid(files)
    opened.journal.close()

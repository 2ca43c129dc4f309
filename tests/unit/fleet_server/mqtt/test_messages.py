import threading

from fleet_server.mqtt import messages
from fleet_server.mqtt.messages import Inbox, Message
from tests.fakes.wait import eventually


def message(number: int, size: int = 1) -> Message:
    return Message("hailong/1/t-1/records", b"x" * size, number)


def test_a_live_single_is_not_kept_waiting() -> None:
    inbox = Inbox()
    inbox.put(message(1))
    assert inbox.take(60) == [message(1)]


def test_a_batch_is_all_that_waits_in_order() -> None:
    inbox = Inbox()
    for number in range(5):
        inbox.put(message(number))
    assert [m.mid for m in inbox.take(0)] == [0, 1, 2, 3, 4]
    assert inbox.take(0) == []


def test_a_batch_is_bounded_in_messages_and_bytes() -> None:
    inbox = Inbox()
    for number in range(messages.BATCH_MESSAGES + 1):
        inbox.put(message(number))
    assert len(inbox.take(0)) == messages.BATCH_MESSAGES
    assert len(inbox.take(0)) == 1
    for number in range(20):
        inbox.put(message(number, 65_536))
    assert len(inbox.take(0)) == messages.BATCH_BYTES // 65_536


def test_a_full_inbox_lets_the_sender_wait_until_there_is_room() -> None:
    inbox = Inbox()
    for number in range(messages.MAX_MESSAGES):
        inbox.put(message(number))
    waiting = threading.Thread(target=inbox.put, args=(message(9999),))
    waiting.start()
    taken = inbox.take(0)
    assert 9999 not in [m.mid for m in taken]
    waiting.join(5)
    assert not waiting.is_alive()
    rest = [m.mid for _ in range(10) for m in inbox.take(0)]
    assert rest[-1] == 9999


def test_a_closed_inbox_lets_go_of_everybody() -> None:
    inbox = Inbox()
    taken: list[list[Message]] = []
    waiting = threading.Thread(target=lambda: taken.append(inbox.take(60)))
    waiting.start()
    inbox.close()
    eventually(lambda: not waiting.is_alive(), 5, "let go")
    assert taken == [[]]
    for number in range(messages.MAX_MESSAGES + 5):
        inbox.put(message(number))
    assert inbox.take(0) == []

"""Somebody at a terminal who is asked things and types the answers."""

import os
import pty
from collections.abc import Callable, Sequence


def typed(command: Sequence[str], answer: Callable[[str], str | None]) -> tuple[int, str]:
    """Run a program in a terminal of its own; return its exit code and all that was shown.

    Args:
        command: program and arguments.
        answer: given the last line shown, when that ends with a colon, what to type.
    """
    child, master = pty.fork()
    if child == 0:
        os.execvp(command[0], list(command))
    shown, answered = "", 0
    while part := _read(master):
        shown += part
        line = shown[answered:].rsplit("\n", 1)[-1].strip()
        text = answer(line) if line.endswith(":") else None
        if text is not None:
            answered = len(shown)
            os.write(master, f"{text}\n".encode())
    os.close(master)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def _read(master: int) -> str:
    try:
        return os.read(master, 65_536).decode("utf-8", "replace")
    except OSError:  # Linux says so when the other side has ended
        return ""

"""Start a program that ends when its parent ends, however that comes about.

    python leash.py PARENT PROGRAM [ARGUMENT ...]

On Linux the kernel kills a process whose parent has gone, if it was asked to. The wish survives
``exec``, so this file asks and then becomes the program. Elsewhere the parent's own tidying up,
which works for everything but ``kill -9``, has to do.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # prctl(2)


def leashed(command: Sequence[str]) -> list[str]:
    """Return the words that start ``command`` on a leash of this process; from its main thread."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(words: list[str]) -> None:
    """Ask for the kernel's help, and become the program."""
    parent, program = int(words[0]), words[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return  # The parent has gone already, before the wish was made.
    os.execvp(program[0], program)  # noqa: S606 - to start a program is the purpose, and no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])

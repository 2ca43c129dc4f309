"""Errors that a command of the terminal ends with: one sentence and an exit code."""


class DeviceError(Exception):
    """A command cannot do what was asked; the text says why and what to do, nothing secret.

    Attributes:
        exit_code: What the process exits with.
    """

    exit_code = 1


class UsageError(DeviceError):
    """The command was asked wrongly, or its configuration is wrong."""

    exit_code = 2


def sentence(error: OSError) -> str:
    """Return an error of the operating system as people read it: what it was about, and why."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"

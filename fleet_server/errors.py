"""The errors a command shows to the person who ran it."""


class FleetError(Exception):
    """Something could not be done: the message says what is wrong and what to do."""

    exit_code = 1


class UsageError(FleetError):
    """The command line or the settings are wrong."""

    exit_code = 2

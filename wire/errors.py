"""The one error of the parse boundary."""


class WireError(ValueError):
    """Bytes from outside are not what the protocol allows.

    The message says what is wrong in one line and never repeats the bytes
    themselves, so that it can be logged as it is.
    """

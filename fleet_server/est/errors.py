"""Why a request is refused, as HTTP says it."""


class Refusal(Exception):
    """A request that is not granted; nothing was changed.

    Attributes:
        status: HTTP status, always 4xx.
        text: one sentence for the technician. Never a secret.
    """

    def __init__(self, status: int, text: str) -> None:
        """Keep status and text."""
        super().__init__(text)
        self.status, self.text = status, text

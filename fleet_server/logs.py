"""How the long-running processes log: one plain line for each event, on standard output.

A trace, where our own code failed, is printed without the values of variables: the richer
renderings that structlog chooses where it can would show keys and tokens.
"""

import structlog


def configure() -> None:
    """Set up structlog for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )

"""Entry of the process that answers NATS' auth callout: ``hailong-fleet broker-auth``."""

import asyncio
import contextlib
import signal

from fleet_server import logs
from fleet_server.callout.service import serve
from fleet_server.settings import Settings
from fleet_server.store.database import close, open_database
from fleet_server.watchdog import Watchdog


def run(settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT."""
    logs.configure()
    open_database(settings.database.url)
    try:
        asyncio.run(_until_told(settings))
    finally:
        close()


async def _until_told(settings: Settings) -> None:
    task = asyncio.ensure_future(serve(settings, Watchdog()))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task

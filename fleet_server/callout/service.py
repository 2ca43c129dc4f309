"""Answers the broker's questions, and disconnects terminals whose key is revoked.

Runs until it is cancelled. While it is away nobody new can connect, and who is connected stays.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import nats
import nkeys
import structlog
from nats.aio.client import Client as Connection
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from fleet_server import clock
from fleet_server.callout import tokens
from fleet_server.callout.decide import Admitted, Refused, decide
from fleet_server.settings import Settings
from fleet_server.store import enrolment
from fleet_server.store.database import data_version
from fleet_server.watchdog import Watchdog
from provisioning.broker import seeds
from provisioning.pki import crl

QUESTIONS = "$SYS.REQ.USER.AUTH"
WATCH_S = 0.5
"""Seconds between two looks at whether the registry has changed."""

log = structlog.get_logger("broker-auth")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the service answers with: the signing key, and who is revoked."""

    account: nkeys.KeyPair
    revoked: crl.Revoked


async def serve(settings: Settings, watchdog: Watchdog) -> None:
    """Answer questions until cancelled; waits for a broker that is not there yet.

    Args:
        settings: the fleet's settings.
        watchdog: hears that questions are answered, and of each turn.
    """
    layout = settings.layout
    desk = Desk(seeds.load(layout.callout_seed("account")), crl.Revoked(layout))
    service = await _connect(settings, "service")
    system = await _connect(settings, "system")

    async def answer(message: Msg) -> None:
        reply = answer_to(message.data, desk)
        if reply is not None:
            await message.respond(reply)

    await service.subscribe(QUESTIONS, queue="broker-auth", cb=answer)
    await service.flush()
    log.info("ready")
    watchdog.ready()
    try:
        await _watch(system, watchdog)
    finally:
        await service.close()
        await system.close()


def answer_to(token: bytes, desk: Desk) -> bytes | None:
    """Return the signed answer to one question; None if it is not a question.

    Raises:
        ProvisioningError: the revocation list can't be read; nobody is admitted then.
    """
    try:
        question = tokens.read_question(token)
    except tokens.BadQuestion as error:
        log.warning("ignored", why=str(error))
        return None
    now_s = clock.now_ms() // 1000
    verdict = decide(question.client, enrolment.find_key, desk.revoked.serials(), clock.now())
    if isinstance(verdict, Refused):
        log.warning("refused", client=question.client.client_id[:64], why=verdict.reason)
        return tokens.refuse(question, verdict.reason, desk.account, now_s)
    _note(verdict)
    return tokens.admit(question, verdict, desk.account, now_s)


def _note(admitted: Admitted) -> None:
    # The certificate has been used: what it was enrolled with has done its work.
    if admitted.kid is not None:
        enrolment.close_token(admitted.name, clock.now_ms(), admitted.kid)
    log.info("admitted", client=admitted.name)


async def _watch(system: Connection, watchdog: Watchdog) -> None:
    done: set[tuple[str, str]] = set()
    seen: int | str | None = None
    while True:
        watchdog.alive(clock.monotonic_s())
        version = data_version()
        if version != seen:
            refusals = enrolment.refusals()
            for refusal in sorted(refusals - done):
                # Each may wait for an answer of the broker.
                watchdog.alive(clock.monotonic_s())
                if await _disconnect(system, refusal[0]):
                    done.add(refusal)
            seen = version if refusals <= done else None
        await asyncio.sleep(WATCH_S)


async def _disconnect(system: Connection, terminal: str) -> bool:
    """Disconnect a terminal; False if the broker did not answer and should be asked again."""
    question = {"mqtt_client": terminal}
    try:
        reply = await _ask(system, "$SYS.REQ.SERVER.PING.CONNZ", question)
        for connection in reply["data"]["connections"] or []:
            kick = f"$SYS.REQ.SERVER.{reply['server']['id']}.KICK"
            await _ask(system, kick, {"cid": connection["cid"]})
            log.warning("disconnected", client=terminal)
    except (NatsError, OSError, TimeoutError, KeyError, TypeError, ValueError) as error:
        log.warning("could not disconnect", client=terminal, why=type(error).__name__)
        return False
    return True


async def _ask(system: Connection, subject: str, question: dict[str, Any]) -> dict[str, Any]:
    message = await system.request(subject, json.dumps(question).encode(), timeout=5)
    reply: dict[str, Any] = json.loads(message.data)
    return reply


async def _connect(settings: Settings, name: str) -> Connection:
    async def complain(error: Exception) -> None:
        log.warning("broker", error=type(error).__name__)

    async def back() -> None:
        log.info("ready again", connection=name)

    return await nats.connect(
        f"nats://127.0.0.1:{settings.broker.client_port}",
        nkeys_seed=str(settings.layout.callout_seed(name)),
        name=f"hailong broker-auth {name}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        error_cb=complain,
        reconnected_cb=back,
    )

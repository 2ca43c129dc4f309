"""Answers the broker's questions, and disconnects terminals whose key is revoked.

Runs until it is cancelled. While it is away nobody new can connect, and who is connected stays.
"""

import asyncio
import contextlib
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
from fleet_server.callout.door import door_of
from fleet_server.settings import Settings
from fleet_server.store import enrolment
from fleet_server.store.database import data_version
from fleet_server.watchdog import Watchdog
from provisioning.broker import seeds
from provisioning.pki import crl

QUESTIONS = "$SYS.REQ.USER.AUTH"
WATCH_S = 0.5
"""Seconds between two looks at whether the registry has changed."""
WAIT_S = 2
"""Seconds that a server of the broker may take to answer."""
_PING = "$SYS.REQ.SERVER.PING.STATSZ"
_CONNECTIONS = "$SYS.REQ.SERVER.PING.CONNZ"

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
    """Disconnect a terminal; False if not every server answered and they should be asked again."""
    try:
        ping = json.loads((await system.request(_PING, b"", timeout=WAIT_S)).data)
        servers = int(ping["statsz"]["active_servers"])
        replies = await _answers(system, _CONNECTIONS, {"mqtt_client": terminal}, servers)
        for reply in replies:
            kick = f"$SYS.REQ.SERVER.{reply['server']['id']}.KICK"
            for connection in reply["data"]["connections"] or []:
                await system.request(kick, _json({"cid": connection["cid"]}), timeout=WAIT_S)
                log.warning("disconnected", client=terminal)
    except (NatsError, OSError, TimeoutError, KeyError, TypeError, ValueError) as error:
        log.warning("could not disconnect", client=terminal, why=type(error).__name__)
        return False
    return len(replies) >= servers


async def _answers(
    system: Connection, subject: str, question: dict[str, Any], servers: int
) -> list[dict[str, Any]]:
    """Ask all servers of the broker, and return what each that answers in time says."""
    inbox = system.new_inbox()
    answers = await system.subscribe(inbox)
    replies: list[dict[str, Any]] = []
    try:
        await system.publish(subject, _json(question), reply=inbox)
        with contextlib.suppress(TimeoutError):
            while len(replies) < servers:
                replies.append(json.loads((await answers.next_msg(timeout=WAIT_S)).data))
    finally:
        await answers.unsubscribe()
    return replies


def _json(question: dict[str, Any]) -> bytes:
    return json.dumps(question).encode()


async def _connect(settings: Settings, name: str) -> Connection:
    async def complain(error: Exception) -> None:
        log.warning("broker", error=type(error).__name__)

    async def back() -> None:
        log.info("ready again", connection=name)

    door = door_of(settings)
    return await nats.connect(
        list(door.servers),
        tls=door.context,
        tls_hostname=settings.broker.host if door.context else None,
        tls_handshake_first=door.context is not None,
        nkeys_seed=str(settings.layout.callout_seed(name)),
        name=f"hailong broker-auth {name}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        error_cb=complain,
        reconnected_cb=back,
    )

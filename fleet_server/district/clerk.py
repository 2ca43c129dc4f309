"""Does in the fleet what people do there: terminals come and go, commands, closed matters."""

from contextlib import suppress
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from fleet_server.core.opening import FLEET, USUAL, Holder, Special, Week
from fleet_server.core.tree import BEGINNING
from fleet_server.district import acts
from fleet_server.district.acts import Act
from fleet_server.district.calendar import is_holiday
from fleet_server.district.district import District
from fleet_server.district.journal import public_key, signing_key
from fleet_server.district.places import DISTRICT
from fleet_server.store import commands, enrolment, offices, opening, policies
from fleet_server.store.database import writing
from fleet_server.store.edits import counters, terminals
from fleet_server.store.enrolment import Issued, Taken
from fleet_server.store.pages import matters
from provisioning.layout import FleetLayout
from provisioning.pki import authority
from wire import keys

BY = "ky-thuat@binhhoa.example"
ACTOR = f"person:{BY}"
SATURDAYS = Week((*USUAL.days[:5], USUAL.days[0][:1], ()))
"""As usual, and on Saturday mornings."""
COMMAND_TTL_S = 600


class Clerk:
    """Carries acts out, in order.

    Args:
        district: whose seed keys are made from.
        layout: the fleet directory, whose authority certifies them.
    """

    def __init__(self, district: District, layout: FleetLayout) -> None:
        self._seed, self._layout = district.seed, layout
        self._issuing = authority.load_issuing(layout)

    def found(self, district: District, at: int) -> None:
        """Add offices and counters."""
        for unit in district.units:
            offices.add_unit(unit.code, unit.name, at, ACTOR, kind=unit.kind, parent=unit.parent)
        for counter in district.counters:
            offices.add_counter(counter.code, counter.name, counter.unit.code, at, ACTOR)
        self._hours(district)

    def _hours(self, district: District) -> None:
        """Say when offices are open, and on which days all are closed."""
        last = district.day(2 * district.length)
        with writing():
            for unit in district.units:
                if unit.saturday:
                    holder: Holder = ("unit", offices.unit_id(unit.code))
                    opening.set_week(holder, opening.NEW, BEGINNING, SATURDAYS)
            closed = [
                Special(day.isoformat(), "Nghỉ lễ", ())
                for day in map(district.day, range((last - district.first).days))
                if is_holiday(day, district.closed)
            ]
            opening.set_specials(FLEET, opening.NEW, closed)

    def do(self, act: Act) -> None:
        """Carry one act out."""
        if isinstance(act, acts.Join):
            self._join(act)
        elif isinstance(act, acts.Revoke):
            self._revoke(act)
        elif isinstance(act, acts.Retire):
            terminals.retire(act.dev, None, "Màn hình hỏng, đã thay máy.", act.at, ACTOR)
        elif isinstance(act, acts.Order):
            commands.wish(act.dev, act.name, act.arguments, COMMAND_TTL_S, act.at, ACTOR)
        elif isinstance(act, acts.Configure):
            policies.lay_over({act.dev: act.settings}, act.at, actor=ACTOR)
        elif isinstance(act, acts.Move):
            counters.move(act.counter, None, act.unit, act.day, act.at, ACTOR)
        else:
            self._settle(act)

    def _join(self, act: acts.Join) -> None:
        if act.key:
            self._certify(act.dev, act.key, act.at)
            return
        with suppress(Taken):  # a day that was broken off is taken up from its beginning
            self._add(act)
        if act.key is not None:
            self._certify(act.dev, act.key, act.at)

    def _add(self, act: acts.Join) -> None:
        if act.counter is None:
            terminals.add(act.dev, None, DISTRICT, "Dự phòng, để ở kho quận.", act.at, ACTOR)
        else:
            terminals.add(act.dev, act.counter, None, "", act.at, ACTOR)

    def _certify(self, dev: str, number: int, at: int) -> None:
        raw = Ed25519PublicKey.from_public_bytes(
            bytes(signing_key(self._seed, dev, number).verify_key)
        )
        moment = datetime.fromtimestamp(at / 1000, UTC)
        certificate = authority.issue_terminal(self._layout, self._issuing, raw, dev, moment)
        public = public_key(self._seed, dev, number)
        issued = Issued(
            kid=keys.kid_of(public),
            x=keys.x_of(public),
            certificate_pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
            serial=str(certificate.serial_number),
            not_after=int(certificate.not_valid_after_utc.timestamp() * 1000),
        )
        enrolment.register(dev, issued, at)

    def _revoke(self, act: acts.Revoke) -> None:
        enrolment.revoke_terminal(act.dev, act.at, ACTOR)
        now = datetime.fromtimestamp(act.at / 1000, UTC)
        authority.revoke(self._layout, self._issuing, act.dev, now)

    def _settle(self, act: acts.Settle) -> None:
        oldest = min(matters.matters(kind=act.kind), key=lambda one: one.id, default=None)
        if oldest is not None:
            matters.close(oldest.id, BY, act.note, act.at)

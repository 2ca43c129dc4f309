"""Which alarms are raised, go on and end, and what is told of that. Pure.

1. An alarm is raised when a fact's verdict is *on* and none of its kind and subject is raised. So
   it is not repeated while it lasts, and raised again only after it was over.
2. It ends when the verdict is *off*, when the facts of its kind were looked at and hold none of its
   subject any more, or when its kind was switched off. While the verdict is *between*, or its kind
   was not looked at, it goes on.
3. Its stages are told in order. Those of minute 0 at once; a later one so many minutes after the
   first could be heard, while nobody has acknowledged it. An acknowledged alarm still ends, and is
   raised again after that.
4. Quiet hours delay what is told, and never drop it, though the alarm be over by then.
5. Each notification has a key which is the same however often the rules are asked about the same
   alarms: a unique column of it, with the person, makes it once.
6. A level that is not there (there are fewer units above) is the whole fleet; dissolved units are
   passed over (`cases.home`). Nobody is named twice in one stage's minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Literal

from fleet_server.core.alarms.facts import Details, Fact
from fleet_server.core.alarms.quiet import not_before
from fleet_server.core.alarms.rules import Kind, Rule, Rules, Stage
from fleet_server.core.cases import home
from fleet_server.core.days import day_of
from fleet_server.core.escalation import above
from fleet_server.core.opening import MINUTE_MS
from fleet_server.core.roles import Role
from fleet_server.core.tree import Tree


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is raised, as a table holds it; times are Unix milliseconds.

    Attributes:
        unit: where it was raised; it stays there.
        raised_at: when; with kind and subject it is unique.
        heard_at: when the first notification could be heard, after quiet hours.
        stages: how many stages of its rule were told.
        details: what was told of it.
        acknowledged_at: when somebody took it on, None if nobody has.
    """

    kind: Kind
    subject: str
    unit: int | None
    raised_at: int
    heard_at: int
    stages: int
    details: Details
    acknowledged_at: int | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        """What is the same for each alarm of one kind and subject."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who hold one of some roles in a unit, or in the whole fleet for None."""

    unit: int | None
    roles: frozenset[Role]


What = Literal["raised", "escalated", "over"]


@dataclass(frozen=True, slots=True)
class Notification:
    """What is put into the outbox for everybody in its audience (`alarms.hearing`).

    Attributes:
        key: one for each alarm, what is told and its minute; several audiences may share one.
        not_before: when it may be sent, Unix milliseconds.
    """

    key: str
    what: What
    kind: Kind
    details: Details
    audience: Audience
    not_before: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written, in one transaction: new alarms, what became of others, what is told.

    ``raised`` and ``kept`` last; the rows of ``ended`` get the moment of now as their end.
    """

    raised: tuple[Alarm, ...]
    kept: tuple[Alarm, ...]
    ended: tuple[Alarm, ...]
    notifications: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """The moment (Unix ms), and the fleet as it is then."""

    at: int
    tree: Tree
    zone: tzinfo


def raising(
    previous: Iterable[Alarm],
    facts: Iterable[Fact],
    looked: frozenset[Kind],
    rules: Rules,
    now: Now,
) -> Outcome:
    """Return what becomes of alarms.

    Args:
        previous: all that are raised and not over.
        facts: what is the case, each kind and subject once.
        looked: the kinds of which ``facts`` are all there are. Of others they may be a part, such
            as the one complaint that has just come.
        rules: what is too much.
        now: when, and in which tree.
    """
    held = {alarm.key: alarm for alarm in previous}
    said = {(fact.kind, fact.subject): fact for fact in facts}
    raised: list[Alarm] = []
    kept: list[Alarm] = []
    ended: list[Alarm] = []
    told: list[Notification] = []
    for key, fact in said.items():
        rule = rules.of(fact.kind, fact.unit, now.tree)
        if key not in held and rule and fact.verdict(rule.limits, now.at) == "on":
            alarm, news = _tell(_new(fact, rule, now), rule, now)
            raised.append(alarm)
            told += news
    for key, alarm in held.items():
        rule = rules.of(alarm.kind, alarm.unit, now.tree)
        if rule and not _is_over(alarm, said.get(key), looked, rule, now):
            alarm, news = _tell(alarm, rule, now)
            kept.append(alarm)
        else:
            news = _end(alarm, rule, now) if rule else []
            ended.append(alarm)
        told += news
    return Outcome(tuple(raised), tuple(kept), tuple(ended), tuple(told))


def audiences(unit: int | None, rule: Rule, now: Now) -> list[Audience]:
    """Return whom the stages of a rule tell of an alarm that was raised in a unit."""
    return [Audience(_level(unit, stage.up, now), stage.roles) for stage in rule.stages]


def _new(fact: Fact, rule: Rule, now: Now) -> Alarm:
    heard = not_before(now.at, rule.quiet, now.zone)
    details = fact.details(rule.limits, now.at)
    return Alarm(fact.kind, fact.subject, fact.unit, now.at, heard, 0, details)


def _is_over(
    alarm: Alarm, fact: Fact | None, looked: frozenset[Kind], rule: Rule, now: Now
) -> bool:
    if fact is None:
        return alarm.kind in looked
    return fact.verdict(rule.limits, now.at) == "off"


def _tell(alarm: Alarm, rule: Rule, now: Now) -> tuple[Alarm, list[Notification]]:
    """Return an alarm with the stages that are to be told by now, and these."""
    last = alarm.stages
    while last < len(rule.stages) and _is_reached(alarm, rule.stages[last], now):
        last += 1
    news = [
        _say(alarm, "escalated" if stage.after_min else "raised", stage, rule, now)
        for stage in rule.stages[alarm.stages : last]
    ]
    return replace(alarm, stages=last), _once(news)


def _is_reached(alarm: Alarm, stage: Stage, now: Now) -> bool:
    if stage.after_min == 0:
        return True
    due = alarm.heard_at + stage.after_min * MINUTE_MS
    return alarm.acknowledged_at is None and now.at >= due


def _end(alarm: Alarm, rule: Rule, now: Now) -> list[Notification]:
    """Return that it is over, for everybody who was told."""
    stages = rule.stages[: alarm.stages] if rule.say_end else ()
    return _once([_say(alarm, "over", stage, rule, now) for stage in stages])


def _say(alarm: Alarm, what: What, stage: Stage, rule: Rule, now: Now) -> Notification:
    minute = 0 if what == "over" else stage.after_min
    key = f"{alarm.kind}:{alarm.subject}@{alarm.raised_at}/{what}/{minute}"
    audience = Audience(_level(alarm.unit, stage.up, now), stage.roles)
    when = not_before(now.at, rule.quiet, now.zone)
    return Notification(key, what, alarm.kind, alarm.details, audience, when)


def _level(unit: int | None, up: int, now: Now) -> int | None:
    day = day_of(now.at, now.zone).name
    there = home(unit, now.tree, day)
    levels = [there, *above(there, now.tree, day)]
    return levels[min(up, len(levels) - 1)]


def _once(news: list[Notification]) -> list[Notification]:
    return list({(one.key, one.audience): one for one in news}.values())

"""What entries of the audit log are called. One place: a new action adds a line here.

An action that has none is shown as it is, so that nothing is hidden.
"""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

ACTIONS: dict[str, LazyString] = {
    "audit.export": _("Took away the audit log"),
    "backup.make": _("Made a backup"),
    "backup.restore": _("Put a backup back"),
    "choices.read": _("Read choices beyond the blocks of five"),
    "counter.add": _("Added a counter"),
    "counter.change": _("Changed a counter"),
    "counter.close": _("Closed a counter"),
    "counter.move": _("Moved a counter"),
    "counter.reopen": _("Opened a counter again"),
    "database.copy": _("Copied the database"),
    "database.migrate": _("Brought the tables up to date"),
    "export.counters": _("Took away the figures of counters"),
    "export.services": _("Took away the figures of services"),
    "export.tree": _("Took away the tree of units"),
    "export.units": _("Took away the figures of units"),
    "figures.recount": _("Put figures right"),
    "hours.days": _("Changed holidays"),
    "hours.week": _("Changed opening hours"),
    "key.add": _("Made an API key"),
    "key.revoke": _("Revoked an API key"),
    "key.take_over": _("Took over an API key"),
    "link.invite": _("Took up an invitation"),
    "link.reset": _("Set a new password by a one-time link"),
    "matter.close": _("Closed a matter"),
    "password.change": _("Changed their password"),
    "person.add": _("Added a person"),
    "person.deactivate": _("Switched a person off"),
    "person.grant": _("Gave a role"),
    "person.invite": _("Invited a person"),
    "person.reactivate": _("Switched a person on again"),
    "person.rename": _("Changed a name"),
    "person.renew": _("Reset the sign-in of a person who came to hold power"),
    "person.reset": _("Made a link for a new password"),
    "person.revoke": _("Took a role away"),
    "person.single": _("Bound a person to single sign-on"),
    "public.off": _("Took a unit's public figures away"),
    "public.on": _("Made a unit's figures public"),
    "qr.renew": _("Renewed the secret of the QRs on tickets"),
    "records.import": _("Took in exported records"),
    "second_factor.app": _("Set up an authenticator app"),
    "second_factor.app_gone": _("Took the authenticator app away"),
    "second_factor.codes": _("Made new recovery codes"),
    "second_factor.passkey": _("Set up a passkey"),
    "second_factor.passkey_gone": _("Took a passkey away"),
    "session.begin": _("Signed in"),
    "session.end": _("Signed out"),
    "session.end_all": _("Signed out everywhere"),
    "session.failing": _("Wrong tries to sign in"),
    "target.set": _("Set a target"),
    "rollout.begin": _("Began to roll out an image"),
    "rollout.done": _("Rolled out an image to all"),
    "rollout.end": _("Ended a rollout"),
    "rollout.next": _("Began the next ring of a rollout"),
    "rollout.pause": _("Paused a rollout"),
    "rollout.resume": _("Went on with a rollout"),
    "rollout.stop": _("Stopped a rollout: terminals did worse"),
    "terminal.add": _("Added a terminal"),
    "terminal.change": _("Changed a terminal"),
    "terminal.command": _("Sent a command"),
    "terminal.configure": _("Changed a terminal's configuration"),
    "terminal.invite": _("Made an enrolment file"),
    "terminal.move": _("Moved a terminal"),
    "terminal.note": _("Wrote a note on a terminal"),  # in older logs; now terminal.change
    "terminal.replace": _("Replaced a terminal"),
    "terminal.retire": _("Retired a terminal"),
    "terminal.revoke": _("Revoked a terminal"),
    "tree.import": _("Took in a list of the tree"),
    "update.add": _("Added an image"),
    "update.remove": _("Removed an image"),
    "unit.add": _("Added a unit"),
    "unit.change": _("Changed a unit"),
    "unit.close": _("Closed a unit"),
    "unit.move": _("Moved a unit"),
    "unit.reopen": _("Opened a unit again"),
    "unsigned.enter": _("Entered a rating that no terminal signed"),
    "unsigned.import": _("Took in a list of ratings that no terminal signed"),
    "wall.add": _("Made a link for a wall screen"),
    "wall.end": _("Ended a link for a wall screen"),
    "wall.take_over": _("Took over a link for a wall screen"),
    "webhook.add": _("Added a webhook"),
    "webhook.change": _("Changed a webhook"),
    "webhook.remove": _("Removed a webhook"),
    "webhook.renew_secret": _("Renewed a webhook's secret"),
    "webhook.send_again": _("Sent to a webhook again"),
    "webhook.take_over": _("Took over a webhook"),
}

GROUPS: dict[str, LazyString] = {
    "session.": _("Signing in and out"),
    "second_factor.": _("Second factors"),
    "person.": _("People and roles"),
    "unit.": _("Units"),
    "counter.": _("Counters"),
    "terminal.": _("Terminals"),
    "matter.": _("Matters"),
    "key.": _("API keys"),
    "webhook.": _("Webhooks"),
    "update.": _("Images"),
    "rollout.": _("Rollouts"),
    "export.": _("Exports"),
    "records.": _("Records"),
    "unsigned.": _("Ratings by other channels"),
}
"""Beginnings of actions that can be asked for together."""

ACTORS: dict[str, LazyString] = {
    "person": _("person"),
    "key": _("API key"),
    "command": _("command on the server, by"),
    "server": _("the server itself"),
    "rollout": _("rollout"),
}

SUBJECTS: dict[str, LazyString] = {
    "person": _("person"),
    "unit": _("unit"),
    "counter": _("counter"),
    "terminal": _("terminal"),
    "matter": _("matter"),
    "key": _("API key"),
    "database": _("database"),
    "audit": _("audit log"),
    "backup": _("backup"),
    "target": _("target"),
    "tree": _("tree of units"),
    "webhook": _("webhook"),
    "figures": _("figures"),
    "records": _("records"),
    "update": _("image"),
    "rollout": _("rollout"),
    "unsigned": _("other channels"),
}

FIELDS: dict[str, LazyString] = {
    "role": _("Role"),
    "roles": _("Roles"),
    "unit": _("Unit"),
    "name": _("Name"),
    "kind": _("Kind"),
    "parent": _("Lies in"),
    "counter": _("Counter"),
    "via": _("By"),
    "address": _("Network address"),
    "failed_before": _("Wrong tries before"),
    "count": _("How many"),
    "what": _("What"),
    "from": _("Before"),
    "to": _("Now"),
    "note": _("Note"),
    "keys": _("Keys"),
    "second_factors": _("Second factors too"),
    "steps": _("Steps"),
    "files": _("Files"),
    "command": _("Command"),
    "arguments": _("Arguments"),
    "settings": _("Settings"),
    "entries": _("Entries"),
    "head": _("Newest entry"),
    "version": _("Version"),
    "size": _("Bytes"),
    "terminal": _("Terminal"),
    "terminals": _("Terminals"),
    "rings": _("Rings"),
    "ring": _("Ring"),
    "few": _("How many did worse"),
    "many": _("Of how many"),
    "others": _("Per cent of the others"),
    "way": _("Channel"),
    "day": _("Day"),
    "ticket": _("Ticket"),
    "file": _("File"),
    "rows": _("Rows"),
}
"""What the details of an entry are called."""


def action(code: str) -> LazyString | str:
    """Return what an action is called, also one that is new to this page."""
    return ACTIONS.get(code, code)


def party(text: str, known: dict[str, LazyString]) -> tuple[LazyString | str, str]:
    """Return kind and name of an actor or a subject, such as *person* and an e-mail."""
    kind, _colon, name = text.partition(":")
    if kind in known:
        return known[kind], name
    return "", text


def actor(text: str) -> tuple[LazyString | str, str]:
    """Return kind and name of who did something."""
    return party(text, ACTORS)


def subject(text: str) -> tuple[LazyString | str, str]:
    """Return kind and name of what something was done to."""
    return party(text, SUBJECTS)

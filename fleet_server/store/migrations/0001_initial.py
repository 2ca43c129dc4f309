"""The tables of the first version.

A frozen copy of the models: later changes get files of their own.
"""

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


class Frozen(Model):
    """The naming that these tables were made with."""

    class Meta:
        legacy_table_names = False


def up(migrator: Any, db: Any) -> None:
    class ApiKey(Frozen):
        name = TextField()
        key_sha256 = TextField(unique=True)
        created_at = BigIntegerField()
        revoked_at = BigIntegerField(null=True)
        last_used = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "api_key"

    db.create_tables([ApiKey])

    class Unit(Frozen):
        code = TextField(unique=True)
        name = TextField()

        class Meta:
            database = db
            table_name = "unit"

    db.create_tables([Unit])

    class Counter(Frozen):
        code = TextField(unique=True)
        name = TextField()
        unit = ForeignKeyField(Unit)

        class Meta:
            database = db
            table_name = "counter"

    db.create_tables([Counter])

    class Terminal(Frozen):
        id = TextField(primary_key=True)
        counter = ForeignKeyField(Counter, null=True)
        added_at = BigIntegerField()
        retired_at = BigIntegerField(null=True)
        note = TextField(default="")

        class Meta:
            database = db
            table_name = "terminal"

    db.create_tables([Terminal])

    class Chain(Frozen):
        terminal = ForeignKeyField(Terminal, index=False)
        chain_id = TextField()
        kid = TextField()
        head_seq = BigIntegerField()
        head_hash = TextField()
        opened_at = BigIntegerField()
        start_reason = TextField()
        start_seq = BigIntegerField(default=1)
        branches = IntegerField(default=0)
        flaws = IntegerField(default=0)
        receipted_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "chain"
            indexes = ((("terminal", "chain_id"), True),)

    db.create_tables([Chain])

    class Boot(Frozen):
        terminal = ForeignKeyField(Terminal, index=False)
        boot_id = TextField()
        chain = ForeignKeyField(Chain, index=False)
        branch = IntegerField()
        first_up = BigIntegerField()
        last_up = BigIntegerField()
        latest_offset = BigIntegerField()
        clock_offset = BigIntegerField(null=True)
        exact_offset = BigIntegerField(null=True)
        clock_record = IntegerField(null=True)
        offset_ms = BigIntegerField(null=True)
        quality = TextField()

        class Meta:
            database = db
            table_name = "boot"
            indexes = ((("terminal", "boot_id"), True), (("chain", "branch"), False))

    db.create_tables([Boot])

    class Change(Frozen):
        subject = TextField()

        class Meta:
            database = db
            table_name = "change"

    db.create_tables([Change])

    class Visit(Frozen):
        id = TextField(primary_key=True)
        counter = ForeignKeyField(Counter, index=False)
        ticket = TextField()
        ticket_norm = TextField()
        day = TextField()
        service = TextField(null=True)
        first_at = BigIntegerField()
        called_at = BigIntegerField(null=True)
        served_at = BigIntegerField(null=True)
        ended = TextField(null=True)
        by_rest = BooleanField(default=False)
        by_terminal = BooleanField(default=False)
        disagreement = TextField(null=True)

        class Meta:
            database = db
            table_name = "visit"
            indexes = ((("counter", "day"), False), (("day", "ticket_norm"), False))

    db.create_tables([Visit])

    class Dossier(Frozen):
        visit = ForeignKeyField(Visit, primary_key=True)
        dossier = TextField()

        class Meta:
            database = db
            table_name = "dossier"

    db.create_tables([Dossier])

    class Downlink(Frozen):
        id = AutoField()
        topic = TextField(unique=True)
        kind = TextField()
        dev = TextField(index=True)
        body = JSONField()
        changed = BigIntegerField(default=1)
        signed = BigIntegerField(default=0)
        published = BigIntegerField(default=0)
        n = BigIntegerField(default=0)
        token = TextField(null=True)
        acked = BigIntegerField(null=True)
        answer = JSONField(null=True)

        class Meta:
            database = db
            table_name = "downlink"

    Downlink.add_index(Downlink.id, name="downlink_due", where=SQL("changed > published"))
    db.create_tables([Downlink])

    class EnrolmentToken(Frozen):
        terminal = ForeignKeyField(Terminal)
        token_sha256 = TextField(unique=True)
        expires_at = BigIntegerField()
        bound_kid = TextField(null=True)
        issued_count = IntegerField(default=0)
        closed_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "enrolment_token"

    db.create_tables([EnrolmentToken])

    class Hourly(Frozen):
        counter = ForeignKeyField(Counter, index=False)
        hour = BigIntegerField()
        day = TextField(index=True)
        served = IntegerField(default=0)
        rated = IntegerField(default=0)
        very_satisfied = IntegerField(default=0)
        satisfied = IntegerField(default=0)
        unsatisfied = IntegerField(default=0)
        unbound = IntegerField(default=0)
        contested = IntegerField(default=0)
        disputed = IntegerField(default=0)
        estimated = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "hourly"
            primary_key = CompositeKey("counter", "hour")

    db.create_tables([Hourly])

    class IdempotencyKey(Frozen):
        api_key = ForeignKeyField(ApiKey, index=False)
        key_sha256 = TextField()
        request_sha256 = TextField()
        visit = TextField()
        created_at = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "idempotency_key"
            indexes = ((("api_key", "key_sha256"), True),)

    db.create_tables([IdempotencyKey])

    class Matter(Frozen):
        kind = TextField()
        subject = TextField()
        terminal = TextField(index=True, null=True)
        chain_id = TextField(null=True)
        seq = BigIntegerField(null=True)
        opened_at = BigIntegerField()
        details = JSONField()
        closed_at = BigIntegerField(null=True)
        closed_by = TextField(null=True)

        class Meta:
            database = db
            table_name = "matter"

    Matter.add_index(
        Matter.kind, Matter.subject, unique=True, name="matter_open", where=SQL("closed_at IS NULL")
    )
    db.create_tables([Matter])

    class Quarantine(Frozen):
        terminal = TextField(index=True)
        chain_id = TextField(null=True)
        seq = BigIntegerField(null=True)
        bytes = BlobField()
        reason = TextField()
        received_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "quarantine"

    db.create_tables([Quarantine])

    class Record(Frozen):
        id = AutoField()
        chain = ForeignKeyField(Chain, index=False)
        seq = BigIntegerField()
        branch = IntegerField(default=0)
        hash = TextField()
        type = TextField()
        jws = BlobField()
        received_at = BigIntegerField()
        checked = IntegerField()
        quarantined = TextField(null=True)
        disputed = BooleanField(default=False)

        class Meta:
            database = db
            table_name = "record"
            indexes = ((("chain", "seq", "branch"), True),)

    Record.add_index(Record.id, name="record_unchecked", where=SQL("checked = 0"))
    db.create_tables([Record])

    class ParkedRecord(Frozen):
        record = ForeignKeyField(Record, primary_key=True)
        counter_code = TextField(index=True)

        class Meta:
            database = db
            table_name = "parked_record"

    db.create_tables([ParkedRecord])

    class Rating(Frozen):
        record = ForeignKeyField(Record, primary_key=True)
        terminal = ForeignKeyField(Terminal)
        counter = ForeignKeyField(Counter, index=False)
        visit = TextField(index=True, null=True)
        choice = TextField()
        at = BigIntegerField()
        at_quality = TextField()
        standing = BooleanField()
        contested = BooleanField()
        disputed = BooleanField()
        unbound = BooleanField()
        replaced_by = IntegerField(null=True)
        replaces = BigIntegerField(null=True)
        flagged = BooleanField(default=False)
        boot = ForeignKeyField(Boot)
        up = BigIntegerField()

        class Meta:
            database = db
            table_name = "rating"
            indexes = ((("counter", "at"), False),)

    Rating.add_index(Rating.visit, unique=True, name="rating_standing", where=SQL("standing"))
    db.create_tables([Rating])

    class Role(Frozen):
        name = TextField(unique=True)
        description = TextField(null=True)
        permissions = TextField(null=True)

        class Meta:
            database = db
            table_name = "role"

    db.create_tables([Role])

    class Tally(Frozen):
        name = TextField(primary_key=True)
        value = BigIntegerField(default=0)

        class Meta:
            database = db
            table_name = "tally"

    db.create_tables([Tally])

    class TerminalKey(Frozen):
        kid = TextField(primary_key=True)
        terminal = ForeignKeyField(Terminal)
        x = TextField()
        certificate_pem = TextField()
        serial = TextField()
        not_after = BigIntegerField()
        enrolled_at = BigIntegerField()
        revoked_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "terminal_key"

    db.create_tables([TerminalKey])

    class TerminalStatus(Frozen):
        terminal = ForeignKeyField(Terminal, primary_key=True)
        state = TextField(default="init")
        state_at = BigIntegerField(null=True)
        boot = TextField(null=True)
        former_boot = TextField(null=True)
        connection = BigIntegerField(null=True)
        last_seen = BigIntegerField(null=True)
        waiting = IntegerField(null=True)
        oldest_waiting_at = BigIntegerField(null=True)
        clock = TextField(null=True)
        firmware = TextField(null=True)
        health = JSONField(null=True)
        nonce = TextField(null=True)
        n_highest = BigIntegerField(default=0)
        n_issued = BigIntegerField(default=0)
        repeated = BigIntegerField(default=0)
        gaps = BigIntegerField(default=0)
        refused = BigIntegerField(default=0)

        class Meta:
            database = db
            table_name = "terminal_status"

    db.create_tables([TerminalStatus])

    class TicketEvent(Frozen):
        visit = ForeignKeyField(Visit)
        counter = ForeignKeyField(Counter)
        event = TextField()
        at = BigIntegerField()
        source = TextField()
        record = ForeignKeyField(Record, null=True)
        idempotency = TextField(unique=True)
        at_quality = TextField(default="exact")
        boot = ForeignKeyField(Boot, null=True)
        up = BigIntegerField(null=True)
        day = TextField(null=True)

        class Meta:
            database = db
            table_name = "ticket_event"

    db.create_tables([TicketEvent])

    class User(Frozen):
        email = TextField(unique=True)
        name = TextField(default="")
        password = TextField(null=True)
        active = BooleanField(default=True)
        fs_uniquifier = TextField(unique=True)
        language = TextField(null=True)
        created_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "user"

    db.create_tables([User])

    class UserRole(Frozen):
        user = ForeignKeyField(User, on_delete="CASCADE", index=False)
        role = ForeignKeyField(Role, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "user_role"
            indexes = ((("user", "role"), True),)

    db.create_tables([UserRole])

    class VisitAlias(Frozen):
        counter = ForeignKeyField(Counter, index=False)
        alias = TextField()  # type: ignore[assignment]  # as in the models
        visit = ForeignKeyField(Visit)

        class Meta:
            database = db
            table_name = "visit_alias"
            primary_key = CompositeKey("counter", "alias")

    db.create_tables([VisitAlias])

"""The tables, and nothing else: queries are in the files beside this one, by subject.

All times are Unix milliseconds unless said otherwise. A change here needs a numbered file in
``migrations/``; a test compares the two.
"""

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

from fleet_server.store.database import proxy


class Table(Model):
    """What all tables share: the database that `open_database` opened."""

    class Meta:
        """Binding and naming."""

        database = proxy
        legacy_table_names = False


class Unit(Table):
    """An office with counters."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()


class Counter(Table):
    """A place where citizens are served."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    unit = ForeignKeyField(Unit, backref="counters")
    unit_id: int


class Terminal(Table):
    """A device, at most one of which is in use at a counter."""

    id = TextField(primary_key=True)
    counter = ForeignKeyField(Counter, backref="terminals", null=True)
    counter_id: int | None
    added_at = BigIntegerField()
    retired_at = BigIntegerField(null=True)
    note = TextField(default="")


class TerminalKey(Table):
    """The enrolment registry: it alone decides which keys belong to a terminal.

    A key is *replaced* once the terminal's chain went on with another: what it signed stands.
    """

    kid = TextField(primary_key=True)
    terminal = ForeignKeyField(Terminal, backref="keys")
    terminal_id: str
    x = TextField()
    certificate_pem = TextField()
    serial = TextField()
    not_after = BigIntegerField()
    enrolled_at = BigIntegerField()
    revoked_at = BigIntegerField(null=True)
    replaced_at = BigIntegerField(null=True)


class EnrolmentToken(Table):
    """A one-time token; closed at the terminal's first mutual-TLS connection."""

    id = AutoField()
    terminal = ForeignKeyField(Terminal, backref="tokens")
    terminal_id: str
    token_sha256 = TextField(unique=True)
    expires_at = BigIntegerField()
    bound_kid = TextField(null=True)
    issued_count = IntegerField(default=0)
    closed_at = BigIntegerField(null=True)


class Chain(Table):
    """A chain of records and its head: the last record of the main branch.

    ``kid`` signs the next record. ``start_seq`` is the seq of the first record that can be held:
    1, or more where the chain was taken up from an old receipt. ``flaws`` counts quarantined and
    disputed records, ``branches`` the side branches that forks have begun.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, backref="chains", index=False)
    terminal_id: str
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
        """By terminal, so that none can take the id that another's chain will have."""

        indexes = ((("terminal", "chain_id"), True),)


class Record(Table):
    """A signed record as it came, or the raw bytes that occupy its position.

    ``branch`` is 0 for the main branch. ``checked``: 1 own signature verified, 0 proved by a later
    signature of its run, -1 own signature found bad. ``quarantined`` says why it is not believed.
    """

    id = AutoField()
    chain = ForeignKeyField(Chain, backref="records", index=False)
    chain_id: int
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
        """One record for each position; seq first, so that a position's branches lie together."""

        indexes = ((("chain", "seq", "branch"), True),)


Record.add_index(Record.id, name="record_unchecked", where=SQL("checked = 0"))


class Quarantine(Table):
    """Samples of raw input that nobody vouches for, the newest few of each terminal."""

    id = AutoField()
    terminal = TextField(index=True)
    chain_id = TextField(null=True)
    seq = BigIntegerField(null=True)
    bytes = BlobField()
    reason = TextField()
    received_at = BigIntegerField()


class Boot(Table):
    """What is known of the clock during one boot: ``at`` = ``up`` + ``offset_ms``.

    The other figures are those of `fleet_server.core.times.BootSpan`; ``clock_record`` is the last
    record that set the clock. ``quality`` is ``derived`` or ``estimated``. The ids follow the
    sequence of the chain.
    """

    id = AutoField()
    terminal = ForeignKeyField(Terminal, index=False)
    terminal_id: str
    boot_id = TextField()
    chain = ForeignKeyField(Chain, index=False)
    chain_id: int
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
        """A boot id is unique for its terminal only."""

        indexes = ((("terminal", "boot_id"), True), (("chain", "branch"), False))


class Visit(Table):
    """One serving of one ticket at one counter. ``day`` is YYYY-MM-DD in the fleet's zone."""

    id = TextField(primary_key=True)
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
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
        """The day's visits of a counter; a ticket of a day."""

        indexes = ((("counter", "day"), False), (("day", "ticket_norm"), False))


class TicketEvent(Table):
    """What somebody said about a visit: the queue system through REST, or a terminal.

    ``boot`` and ``up`` let a terminal's time be worked out again; ``day`` is the service day that
    the source itself stated.
    """

    id = AutoField()
    visit = ForeignKeyField(Visit, backref="events")
    visit_id: str
    counter = ForeignKeyField(Counter)
    counter_id: int
    event = TextField()
    at = BigIntegerField()
    source = TextField()
    record = ForeignKeyField(Record, null=True)
    record_id: int | None
    idempotency = TextField(unique=True)
    at_quality = TextField(default="exact")
    boot = ForeignKeyField(Boot, null=True)
    boot_id: int | None
    up = BigIntegerField(null=True)
    day = TextField(null=True)


class VisitAlias(Table):
    """Another id of a visit at a counter: the queue system's and a terminal's name for the same."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    alias = TextField()  # type: ignore[assignment]  # the table is never joined with itself
    visit = ForeignKeyField(Visit)
    visit_id: str

    class Meta:
        """An id stands for one visit at each counter."""

        primary_key = CompositeKey("counter", "alias")


class ParkedRecord(Table):
    """A record that names a counter nobody has added yet; counted once the counter exists."""

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    counter_code = TextField(index=True)


class Dossier(Table):
    """The dossier of a visit: the only personal thing, erasable."""

    visit = ForeignKeyField(Visit, primary_key=True)
    visit_id: str
    dossier = TextField()


class Rating(Table):
    """A rating record, with its derived time and what became of it.

    ``replaces`` and ``flagged`` (as contested) are what the terminal said; the columns before them
    are the server's judgement.
    """

    record = ForeignKeyField(Record, primary_key=True)
    record_id: int
    terminal = ForeignKeyField(Terminal)
    terminal_id: str
    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
    visit = TextField(null=True, index=True)
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
    boot_id: int
    up = BigIntegerField()

    class Meta:
        """A counter's ratings by time."""

        indexes = ((("counter", "at"), False),)


# One rating stands for each visit: the database itself says so.
Rating.add_index(Rating.visit, unique=True, name="rating_standing", where=SQL("standing"))


class Hourly(Table):
    """The roll-up that pages read: one row for each counter and hour."""

    counter = ForeignKeyField(Counter, index=False)
    counter_id: int
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
        """``hour`` is the Unix milliseconds of its beginning."""

        primary_key = CompositeKey("counter", "hour")


class Matter(Table):
    """Something that a person should look at, until somebody closes it.

    ``subject`` tells matters of a kind apart, so that the same one is not opened twice.
    """

    id = AutoField()
    kind = TextField()
    subject = TextField()
    terminal = TextField(null=True, index=True)
    chain_id = TextField(null=True)
    seq = BigIntegerField(null=True)
    opened_at = BigIntegerField()
    details = JSONField()
    closed_at = BigIntegerField(null=True)
    closed_by = TextField(null=True)


Matter.add_index(
    Matter.kind, Matter.subject, unique=True, name="matter_open", where=SQL("closed_at IS NULL")
)


class TerminalStatus(Table):
    """The last thing each terminal said about itself; erasable, no evidence.

    ``nonce`` is that of its last hello, ``n_highest`` the highest number it says it obeyed,
    ``n_issued`` the highest that we gave out. ``former_boot`` is the boot before ``boot``. Records
    that came are counted by what became of them: ``repeated`` were held already, ``gaps`` stood
    after a gap, ``refused`` nobody vouched for.
    """

    terminal = ForeignKeyField(Terminal, primary_key=True)
    terminal_id: str
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


class Downlink(Table):
    """What a terminal should hear: wanted by the web process, signed and published by ingest.

    ``changed`` grows with each wish; ``signed`` is the wish that ``token``, with number ``n``,
    stands for; ``published`` the last one given to the broker; ``acked`` the number that the
    terminal answered.
    """

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


Downlink.add_index(Downlink.id, name="downlink_due", where=SQL("changed > published"))


class Command(Table):
    """A command for a terminal and what became of it, as history.

    ``n`` and ``token`` once it is signed, ``published_at`` once the broker has it, ``outcome`` and
    ``details`` once somebody knows. Times in Unix milliseconds.
    """

    id = AutoField()
    dev = TextField()
    name = TextField()
    arguments = JSONField()
    ttl_s = IntegerField()
    wished_at = BigIntegerField()
    n = BigIntegerField(null=True)
    token = TextField(null=True)
    published_at = BigIntegerField(null=True)
    answered_at = BigIntegerField(null=True)
    outcome = TextField(null=True)
    details = TextField(null=True)

    class Meta:
        """A number names one command; and the history of a terminal."""

        indexes = ((("dev", "n"), True),)


Command.add_index(
    Command.id, name="command_due", where=SQL("published_at IS NULL AND outcome IS NULL")
)


class Change(Table):
    """What changed, for open pages: ``counter:CODE``, ``terminal:ID`` or ``matter``."""

    id = AutoField()
    subject = TextField()


class Tally(Table):
    """Counts that outlive a process: the figures of ``/metrics``."""

    name = TextField(primary_key=True)
    value = BigIntegerField(default=0)


class ApiKey(Table):
    """A key for the REST interface; only its SHA-256 is held."""

    id = AutoField()
    name = TextField()
    key_sha256 = TextField(unique=True)
    created_at = BigIntegerField()
    revoked_at = BigIntegerField(null=True)
    last_used = BigIntegerField(null=True)


class IdempotencyKey(Table):
    """An ``Idempotency-Key`` that the queue system sent, and the visit it was answered with."""

    id = AutoField()
    api_key = ForeignKeyField(ApiKey, index=False)
    api_key_id: int
    key_sha256 = TextField()
    request_sha256 = TextField()
    visit = TextField()
    created_at = BigIntegerField(index=True)

    class Meta:
        """A key means one request."""

        indexes = ((("api_key", "key_sha256"), True),)


ALL: tuple[type[Table], ...] = (
    Unit,
    Counter,
    Terminal,
    TerminalKey,
    EnrolmentToken,
    Chain,
    Record,
    Quarantine,
    Boot,
    Visit,
    TicketEvent,
    VisitAlias,
    ParkedRecord,
    Dossier,
    Rating,
    Hourly,
    Matter,
    TerminalStatus,
    Downlink,
    Command,
    Change,
    Tally,
    ApiKey,
    IdempotencyKey,
)

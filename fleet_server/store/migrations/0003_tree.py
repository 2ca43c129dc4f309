"""Units form a tree, places have a history, roles hold in a branch, changes are written down."""

from typing import Any

from peewee import SQL, AutoField, BigIntegerField, ForeignKeyField, IntegerField, Model, TextField

BEGINNING, OPEN = "0001-01-01", "9999-12-31"


def up(migrator: Any, db: Any) -> None:
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Frozen):
        id = AutoField()

        class Meta:
            table_name = "unit"

    class Counter(Frozen):
        class Meta:
            table_name = "counter"

    class Terminal(Frozen):
        id = TextField(primary_key=True)

        class Meta:
            table_name = "terminal"

    class UnitPlace(Frozen):
        id = AutoField()
        unit = ForeignKeyField(Unit, index=False)
        parent = ForeignKeyField(Unit, null=True, backref="former_children")
        since_day = TextField()
        until_day = TextField()

        class Meta:
            table_name = "unit_place"
            indexes = ((("unit", "since_day"), True),)

    class UnitBranch(Frozen):
        id = AutoField()
        ancestor = ForeignKeyField(Unit, index=False, backref="branch")
        unit = ForeignKeyField(Unit, backref="ancestors")
        since_day = TextField()
        until_day = TextField()

        class Meta:
            table_name = "unit_branch"
            indexes = ((("ancestor", "unit", "since_day"), True),)

    class CounterPlace(Frozen):
        id = AutoField()
        counter = ForeignKeyField(Counter, index=False)
        unit = ForeignKeyField(Unit)
        since_day = TextField()
        until_day = TextField()

        class Meta:
            table_name = "counter_place"
            indexes = ((("counter", "since_day"), True),)

    class TerminalPlace(Frozen):
        id = AutoField()
        terminal = ForeignKeyField(Terminal, index=False)
        counter = ForeignKeyField(Counter, null=True)
        unit = ForeignKeyField(Unit, null=True)
        since = BigIntegerField()
        until = BigIntegerField(null=True)
        actor = TextField(default="")

        class Meta:
            table_name = "terminal_place"
            indexes = ((("terminal", "since"), False),)

    class AuditEntry(Frozen):
        id = BigIntegerField(primary_key=True)
        at = BigIntegerField(index=True)
        actor = TextField(index=True)
        action = TextField()
        subject = TextField(index=True)
        details = TextField()
        previous = TextField()
        hash = TextField(unique=True)

        class Meta:
            table_name = "audit_entry"

    db.create_tables([UnitPlace, UnitBranch, CounterPlace, TerminalPlace, AuditEntry])
    text, version = TextField(default="unit"), IntegerField(default=1)
    parent = ForeignKeyField(Unit, field=Unit.id, null=True)
    kept = ForeignKeyField(Unit, field=Unit.id, null=True)
    where = ForeignKeyField(Unit, field=Unit.id, null=True)
    migrator.migrate(
        migrator.add_column("unit", "parent_id", parent),
        migrator.add_column("unit", "kind", text),
        migrator.add_column("unit", "version", version),
        migrator.add_column("counter", "version", IntegerField(default=1)),
        migrator.add_column("terminal", "unit_id", kept),
        migrator.add_column("terminal", "version", IntegerField(default=1)),
        migrator.drop_index("user_role", "user_role_user_id_role_id"),
        migrator.add_column("user_role", "unit_id", where),
    )
    days = f"'{BEGINNING}', '{OPEN}'"
    for step in (
        f"INSERT INTO unit_place (unit_id, since_day, until_day) SELECT id, {days} FROM unit",
        "INSERT INTO unit_branch (ancestor_id, unit_id, since_day, until_day) "
        f"SELECT id, id, {days} FROM unit",
        "INSERT INTO counter_place (counter_id, unit_id, since_day, until_day) "
        f"SELECT id, unit_id, {days} FROM counter",
        "INSERT INTO terminal_place (terminal_id, counter_id, since, actor) "
        "SELECT id, counter_id, added_at, '' FROM terminal",
        "UPDATE role SET name = 'administrator' WHERE name = 'admin'",
    ):
        db.execute_sql(step)
    role_grants(db)


def role_grants(db: Any) -> None:
    """Let a person hold a role once in each branch, and once in the whole fleet."""

    class UserRole(Model):
        user = IntegerField(column_name="user_id")
        role = IntegerField(column_name="role_id")
        unit = IntegerField(column_name="unit_id", null=True)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "user_role"
            indexes = ((("user", "role", "unit"), True),)

    whole = SQL("unit_id IS NULL")
    UserRole.add_index(
        UserRole.user, UserRole.role, unique=True, name="user_role_whole", where=whole
    )
    UserRole.create_table()

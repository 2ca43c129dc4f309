"""What is given out of a running day is kept with the figures, and so survives a restart."""

from typing import Any

from peewee import CompositeKey, ForeignKeyField, IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    class Counter(Model):
        class Meta:
            database = db
            legacy_table_names = False
            table_name = "counter"

    class RunningDay(Model):
        counter = ForeignKeyField(Counter, index=False)
        day = TextField()
        service = TextField()
        shown_very = IntegerField(default=0)
        shown_fair = IntegerField(default=0)
        shown_poor = IntegerField(default=0)
        coming_very = IntegerField(default=0)
        coming_fair = IntegerField(default=0)
        coming_poor = IntegerField(default=0)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "running_day"
            primary_key = CompositeKey("counter", "day", "service")
            indexes = ((("day", "counter"), False),)

    db.create_tables([RunningDay])
    # What was given out so far is not known; what was made until now is told once five more come.
    db.execute_sql(
        "INSERT INTO running_day (counter_id, day, service, shown_very, shown_fair, shown_poor, "
        "coming_very, coming_fair, coming_poor) "
        "SELECT counter_id, day, service, 0, 0, 0, very_satisfied, satisfied, unsatisfied "
        "FROM daily WHERE day = (SELECT MAX(day) FROM daily)"
    )

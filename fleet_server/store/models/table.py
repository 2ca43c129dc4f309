"""What all tables share."""

from peewee import Model

from fleet_server.store.database import proxy


class Table(Model):
    """What all tables share: the database that `open_database` opened."""

    class Meta:
        """Binding and naming."""

        database = proxy
        legacy_table_names = False

"""What an office decides of its reports, and the reports that are kept."""

from peewee import AutoField, BigIntegerField, BlobField, TextField

from fleet_server.store.models.table import Table


class ReportTemplate(Table):
    """A version of the template of documents, for the whole fleet.

    Rows are added and never changed; the newest holds. One without ``data`` gives it back to the
    standard one, which is made by code.
    """

    id = AutoField()
    name = TextField()
    digest = TextField(null=True)
    data = BlobField(null=True)
    set_at = BigIntegerField()
    set_by = TextField()

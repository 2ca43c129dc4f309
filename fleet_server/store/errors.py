"""What can be wrong with a database as a whole."""

from fleet_server.errors import FleetError


class SchemaError(FleetError):
    """There is no such database, or its tables are not those that this version works with."""

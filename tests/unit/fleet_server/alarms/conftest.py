from tests.unit.fleet_server.store.conftest import fleet

__all__ = ["fleet"]

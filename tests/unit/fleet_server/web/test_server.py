"""gunicorn's options."""

from dataclasses import replace

from gunicorn.workers.gthread import ThreadWorker

from fleet_server.app import MAX_STREAMS
from fleet_server.watchdog import Watchdog
from fleet_server.web.server import PageServer, options
from tests.unit.fleet_server.web.conftest import Site


def test_there_are_more_threads_than_streams_so_that_pages_are_always_answered(site: Site) -> None:
    from fleet_server.web.services import services

    with site.app.app_context():
        settings = services().settings
    chosen = options(settings)
    assert int(str(chosen["threads"])) > MAX_STREAMS
    assert chosen["workers"] == 1
    assert chosen["bind"] == f"127.0.0.1:{settings.web.port}"
    assert chosen["control_socket_disable"] is True
    sixth = replace(settings, web=replace(settings.web, host="::1"))
    assert options(sixth)["bind"] == f"[::1]:{settings.web.port}"
    server = PageServer(settings, Watchdog())
    assert server.cfg.forwarded_allow_ips == []
    assert issubclass(server.cfg.worker_class, ThreadWorker)
    assert server.load() is not None

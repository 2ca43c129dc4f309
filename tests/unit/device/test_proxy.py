"""Through an HTTP proxy to the server."""

import socket

import pytest

from device.proxy import ProxyError, tunnel
from tests.fakes.ports import free_ports
from tests.fakes.proxy import running_proxy


def test_what_is_said_comes_out_behind_the_proxy():
    with running_proxy() as proxy, socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with tunnel(proxy.url, "127.0.0.1", port, 5) as line:
            beyond, _ = server.accept()
            with beyond:
                line.sendall(b"hello")
                assert beyond.recv(5) == b"hello"
                beyond.sendall(b"back")
                assert line.recv(4) == b"back"
        assert proxy.asked == [f"127.0.0.1:{port}"]


def test_a_name_is_left_to_the_proxy_to_find():
    with running_proxy("502 Bad Gateway") as proxy:
        with pytest.raises(ProxyError):
            tunnel(proxy.url, "fleet.only-the-proxy-knows.vn", 8443, 5)
        assert proxy.asked == ["fleet.only-the-proxy-knows.vn:8443"]


def test_a_proxy_that_refuses_says_why():
    with (
        running_proxy("407 Proxy Authentication Required") as proxy,
        pytest.raises(ProxyError, match="407 Proxy Authentication Required"),
    ):
        tunnel(proxy.url, "127.0.0.1", 1, 5)


def test_a_proxy_that_is_not_there_is_named():
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    with pytest.raises(ProxyError, match=f"the proxy {url}: Connection refused"):
        tunnel(url, "127.0.0.1", 1, 5)

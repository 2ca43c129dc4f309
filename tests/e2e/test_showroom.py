"""The pages' server for browsers, when a browser leaves early."""

import socket
import struct

import pytest

from tests.fakes.showroom import Showroom

pytestmark = pytest.mark.engines("sqlite")  # what a page looks like is no matter of the engine
LEAVE_AT_ONCE = struct.pack("ii", 1, 0)
"""A linger of no time: the connection is reset (socket(7), SO_LINGER)."""


def test_a_browser_that_leaves_during_a_file_leaves_no_file_open(room: Showroom) -> None:
    host, _, port = room.url.removeprefix("http://").partition(":")
    for _ in range(20):
        with socket.create_connection((host, int(port))) as browser:
            browser.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: here\r\n\r\n")
            assert browser.recv(1) == b"H"
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LEAVE_AT_ONCE)

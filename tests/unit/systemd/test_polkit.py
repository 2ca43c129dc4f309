"""The right to start the machine again is given to one user, and for nothing else."""

import re
from pathlib import Path

RULES = (Path(__file__).parents[3] / "systemd" / "50-hailong-reboot.rules").read_text("utf-8")


def test_only_rebooting_is_allowed():
    assert set(re.findall(r'"(org\.[\w.-]+)"', RULES)) == {
        "org.freedesktop.login1.reboot",
        "org.freedesktop.login1.reboot-multiple-sessions",
    }


def test_only_the_terminals_user_may():
    assert re.findall(r'subject\.(\w+) == "(\w+)"', RULES) == [("user", "hailong")]

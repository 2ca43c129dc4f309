"""What an app compiles when it is made, compiled once in a process, however many apps tests make.

Compiling was most of the time of the pages' tests. What something is compiled from is part of its
key, so that a changed template or address is compiled anew.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class KeptInMemory(BytecodeCache):
    """Jinja's own interface for keeping compiled templates, without files."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is kept for it."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the bucket holds."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def share_compiled_templates() -> None:
    """Let every app of this process share the templates that are compiled."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptInMemory()}


def share_compiled_addresses() -> None:
    """Let every app of this process share how addresses are built.

    Werkzeug compiles two functions for each of some 220 addresses, a third of a second for an app,
    and has no interface for keeping them. They hold nothing of the app: each rule binds its own.
    """
    compiled: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_one = Rule._compile_builder

    def shared(self: Any, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        given = self.rule, tuple(self._trace), repr(self.defaults), append_unknown
        if given not in compiled:
            compiled[given] = compile_one(self, append_unknown)
        return compiled[given]

    Rule._compile_builder = shared  # type: ignore[method-assign]

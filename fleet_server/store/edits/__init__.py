"""Changing units, counters and terminals that are there, each with its entry in the audit log.

Every function takes the ``version`` that was read, or None in commands, and refuses the second of
two edits (`fleet_server.store.editing`).
"""

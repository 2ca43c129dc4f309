"""Who may rule on a signal. Pure.

1. A quality officer or an administrator of a unit above the counter's, or of the whole fleet: a
   unit does not judge itself. Signals of a top unit are judged by those of the whole fleet.
2. Never the head of that unit, whatever else that person may be.
"""

from collections.abc import Sequence

from fleet_server.core.case_rights import having, is_above
from fleet_server.core.roles import Grant, Role
from fleet_server.core.tree import Tree

RULING: frozenset[Role] = frozenset({"quality_officer", "administrator"})


def may_rule(grants: Sequence[Grant], unit: int, tree: Tree) -> bool:
    """Return whether somebody may rule on a signal.

    Args:
        grants: the roles of that account.
        unit: where the counter lay when the signal was opened.
        tree: that of today.
    """
    if Grant("unit_head", unit) in grants:
        return False
    return is_above(having(RULING, grants), unit, tree)

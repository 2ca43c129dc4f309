"""Reports of a branch for a period: gathered once, put into words once, written in four formats."""

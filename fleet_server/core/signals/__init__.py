"""Signs that somebody bent a counter's figures. A signal points, and changes nothing. Pure.

`rules.py` names every rule, `evidence.py` says what they look at, `tally.py` when enough is enough,
`ruling.py` and `rights.py` what a person may make of it.
"""

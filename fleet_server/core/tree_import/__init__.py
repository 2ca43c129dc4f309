"""Lists of units, counters and terminals from a spreadsheet: what they ask for, and what is wrong.

`vocabulary` knows the headings, `wanted` reads rows, `plan` compares them with what is there.
"""

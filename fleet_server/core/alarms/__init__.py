"""Who is told that something is wrong, when, and how often. Pure.

`rules` says what is too much, `facts` judges by it, `raising` makes alarms and notifications of
that, `quiet` delays them, `hearing` says who gets each.
"""

"""The terminal's journal: signed, linked records in an SQLite file with one writer."""

-- link.db, from version 1 to 2.

-- The highest n of each type that was refused for what it says, though it was signed well: it and
-- all below it are used up.
CREATE TABLE refused (
    typ TEXT PRIMARY KEY,
    n   INTEGER NOT NULL
) STRICT;

-- What became of a configuration or command, for the server; told once the broker has it.
CREATE TABLE answer (
    typ     TEXT NOT NULL,
    n       INTEGER NOT NULL,
    payload BLOB NOT NULL,                -- the message that goes up
    told    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (typ, n)
) STRICT;

PRAGMA user_version = 2;

-- link.db, version 1. Written by the uplink alone; the terminal reads it.
-- Nothing in it is evidence: were it lost, the server would say all of it again.

-- The newest receipt for each chain whose head stands in the journal: the send position.
CREATE TABLE receipt (
    chain TEXT PRIMARY KEY,
    n     INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    hash  TEXT NOT NULL,
    token BLOB NOT NULL
) STRICT;

-- What the uplink found wrong with a chain, for the terminal to act on.
CREATE TABLE finding (
    chain   TEXT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('fork', 'broken', 'poison')),
    seq     INTEGER NOT NULL,
    hash    TEXT,                         -- with a fork, of the server's head
    token   BLOB,                         -- with a fork, the receipt that names it
    details TEXT,
    PRIMARY KEY (chain, kind)
) STRICT;

-- Verified objects for the terminal: of each type the one with the highest n, and of commands
-- the newest few. The n of a type never falls, so that nothing old is obeyed again.
CREATE TABLE object (
    typ   TEXT NOT NULL,
    n     INTEGER NOT NULL,
    token BLOB NOT NULL,
    boot  TEXT NOT NULL,                  -- of the machine, at the arrival
    up    INTEGER NOT NULL,               -- milliseconds since that boot, at the arrival
    PRIMARY KEY (typ, n)
) STRICT;

-- The server's time from a receipt with the current nonce, where there is no other source.
CREATE TABLE server_time (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    boot TEXT NOT NULL,
    up   INTEGER NOT NULL,
    at   INTEGER NOT NULL                 -- Unix ms
) STRICT;

PRAGMA user_version = 1;

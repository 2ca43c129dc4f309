-- journal.db, what version 2 has beyond version 1.

-- Of a chain whose start was pruned: the server's receipt for the record before the oldest one
-- that is still held. All up to it is gone, also what is not deleted yet. A server that lost its
-- database takes the chain up from there (WIRE.md section 4). Whole in one page, like a record.
CREATE TABLE anchor (
    chain INTEGER PRIMARY KEY REFERENCES chain (number),
    seq   INTEGER NOT NULL CHECK (seq >= 1),
    hash  TEXT NOT NULL,
    token BLOB NOT NULL CHECK (length(token) BETWEEN 1 AND 4000)
) STRICT;

CREATE INDEX standing_place ON standing (chain, seq);

PRAGMA user_version = 2;

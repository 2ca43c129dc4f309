-- journal.db, version 1; schema-2.sql follows. Written by the terminal process alone; the uplink reads it.
-- A record is stored as the very bytes that were signed. Everything else here is derived
-- from those bytes and can be made again from them (salvage.py does).

CREATE TABLE chain (
    number INTEGER PRIMARY KEY,             -- in the order in which the chains were begun
    chain  TEXT NOT NULL UNIQUE CHECK (length(chain) = 32)
) STRICT;

-- A plain rowid table: a row of up to 4,061 bytes then lies whole in one page, so that a record
-- can be found again in the raw bytes of a file whose tree is broken.
CREATE TABLE record (
    position INTEGER PRIMARY KEY,           -- order of writing, over all chains
    chain    INTEGER NOT NULL REFERENCES chain (number),
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    jws      BLOB NOT NULL CHECK (length(jws) BETWEEN 1 AND 4000),
    UNIQUE (chain, seq)
) STRICT;

-- One rating stands per visit: the primary key is the rule.
CREATE TABLE standing (
    visit TEXT PRIMARY KEY,
    chain INTEGER NOT NULL REFERENCES chain (number),
    seq   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'a record is never changed');
END;

PRAGMA application_id = 1212959305;
PRAGMA user_version = 1;

-- Of each chain some receipts that were not replaced: the journal can be pruned up to one of them.
-- Beyond version 1 and without a version of its own: an older program leaves the table alone.
CREATE TABLE IF NOT EXISTS milestone (
    id    INTEGER PRIMARY KEY,
    chain TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    hash  TEXT NOT NULL,
    iat   INTEGER NOT NULL,               -- Unix ms, when the server signed it
    token BLOB NOT NULL,
    UNIQUE (chain, seq)
) STRICT;

"""The tables of `telemetry.db`, as the steps that lead to them."""

from __future__ import annotations

from tokenpak._sqlite import Migration

# A step that has been released is never edited: later changes are further steps.
_V1 = """
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,       -- a client that retries may send the same one again
    timestamp REAL NOT NULL,        -- seconds since the epoch, when the request arrived
    tip_version TEXT NOT NULL,
    profile TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT,
    client TEXT,
    session_id TEXT,
    wire TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,             -- without its query, which may hold a key
    status INTEGER,
    error_code TEXT,
    error_message TEXT,
    stream INTEGER NOT NULL,
    mode TEXT NOT NULL,
    cache_origin TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    tokens_raw INTEGER,             -- o200k, as the client sent it
    tokens_saved INTEGER NOT NULL,  -- o200k
    saved_by TEXT NOT NULL,         -- JSON: technique -> o200k tokens
    stages TEXT NOT NULL,           -- JSON: list of names
    compression_ms REAL NOT NULL,
    proxy_ms REAL,
    provider_ms REAL,
    first_byte_ms REAL,
    duration_ms REAL,
    input_tokens INTEGER,           -- from here: as usage_source says, by default the provider
    output_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    usage_source TEXT NOT NULL,
    cost_usd REAL,
    cost_bound TEXT,                -- exact, estimate, at_least
    savings_usd REAL,
    savings_bound TEXT,
    savings_cache_usd REAL,
    price_model TEXT,
    price_date TEXT,
    price_source TEXT
);
CREATE INDEX requests_by_time ON requests (timestamp);
CREATE INDEX requests_by_session ON requests (session_id, timestamp);
CREATE TABLE calibration (
    model TEXT PRIMARY KEY,
    factor REAL NOT NULL,           -- provider's tokens per o200k token of ours
    samples INTEGER NOT NULL,
    updated REAL NOT NULL
) WITHOUT ROWID;
"""

# `savings_usd` is `cost_unpacked_usd - cost_usd`, and may be negative.
_V2 = """
ALTER TABLE requests ADD COLUMN cost_unpacked_usd REAL;
ALTER TABLE requests ADD COLUMN cache_write_1h_tokens INTEGER;  -- part of cache_write_tokens
ALTER TABLE requests ADD COLUMN cache_break INTEGER;            -- tokens that were not read
ALTER TABLE requests ADD COLUMN cache_break_cause TEXT;         -- proxy, client, expired, unknown
ALTER TABLE requests ADD COLUMN cache_break_where TEXT;         -- the segment that changed
"""

# Counted at the turn at which it happens, so that sums count each once.
_V3 = """
ALTER TABLE requests ADD COLUMN cuts TEXT NOT NULL DEFAULT '{}';     -- JSON: kind -> results cut
ALTER TABLE requests ADD COLUMN fetched TEXT NOT NULL DEFAULT '{}';  -- JSON: kind -> asked for
"""

_V4 = """
ALTER TABLE requests ADD COLUMN engines TEXT NOT NULL DEFAULT '{}';      -- JSON: engine -> tokens
ALTER TABLE requests ADD COLUMN combo TEXT;                              -- id of the combo in force
ALTER TABLE requests ADD COLUMN raw_outputs TEXT NOT NULL DEFAULT '[]';  -- JSON: ids, at their turn
ALTER TABLE requests ADD COLUMN output_mode TEXT;                        -- level, or why it is none
"""

# What an epoch returned is entered with each request that it spared something.
_V5 = """
ALTER TABLE requests ADD COLUMN epoch_why TEXT;            -- sum, cold, window: one begins here
ALTER TABLE requests ADD COLUMN epoch_freed INTEGER;       -- o200k
ALTER TABLE requests ADD COLUMN epoch_rewritten INTEGER;   -- o200k
ALTER TABLE requests ADD COLUMN epoch_cost_usd REAL;
ALTER TABLE requests ADD COLUMN epoch_returns TEXT NOT NULL DEFAULT '{}';  -- JSON: request -> USD
"""

MIGRATIONS: tuple[Migration, ...] = (_V1, _V2, _V3, _V4, _V5)
VERSION = len(MIGRATIONS)

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

-- `savings_usd` is `cost_unpacked_usd - cost_usd`, and may be negative.
ALTER TABLE requests ADD COLUMN cost_unpacked_usd REAL;
ALTER TABLE requests ADD COLUMN cache_write_1h_tokens INTEGER;  -- part of cache_write_tokens
ALTER TABLE requests ADD COLUMN cache_break INTEGER;            -- tokens that were not read
ALTER TABLE requests ADD COLUMN cache_break_cause TEXT;         -- proxy, client, expired, unknown
ALTER TABLE requests ADD COLUMN cache_break_where TEXT;         -- the segment that changed

-- What an epoch returned is entered with each request that it spared something.
ALTER TABLE requests ADD COLUMN epoch_why TEXT;            -- sum, cold, window: one begins here
ALTER TABLE requests ADD COLUMN epoch_freed INTEGER;       -- o200k
ALTER TABLE requests ADD COLUMN epoch_rewritten INTEGER;   -- o200k
ALTER TABLE requests ADD COLUMN epoch_cost_usd REAL;
ALTER TABLE requests ADD COLUMN epoch_returns TEXT NOT NULL DEFAULT '{}';  -- JSON: request -> USD

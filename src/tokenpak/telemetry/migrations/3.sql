-- Counted at the turn at which it happens, so that sums count each once.
ALTER TABLE requests ADD COLUMN cuts TEXT NOT NULL DEFAULT '{}';     -- JSON: kind -> results cut
ALTER TABLE requests ADD COLUMN fetched TEXT NOT NULL DEFAULT '{}';  -- JSON: kind -> asked for

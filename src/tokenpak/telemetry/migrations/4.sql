ALTER TABLE requests ADD COLUMN engines TEXT NOT NULL DEFAULT '{}';      -- JSON: engine -> tokens
ALTER TABLE requests ADD COLUMN combo TEXT;                              -- id of the combo in force
ALTER TABLE requests ADD COLUMN raw_outputs TEXT NOT NULL DEFAULT '[]';  -- JSON: ids, at their turn
ALTER TABLE requests ADD COLUMN output_mode TEXT;                        -- level, or why it is none

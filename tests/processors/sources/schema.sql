-- People and what they wrote.
CREATE TABLE people (
    id bigint PRIMARY KEY, -- never reused
    name text NOT NULL DEFAULT '-- none --'
);

/* Written
   once. */
CREATE FUNCTION greeting(who text) RETURNS text AS $body$
    SELECT 'Hello, ' || who || '!';
$body$ LANGUAGE sql;

CREATE VIEW names AS SELECT name FROM people WHERE name <> '/* */';

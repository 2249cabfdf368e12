"""The functions and the trigger that link events at commit, as the first migration installs them.

What a migration has installed is never edited here: a change is a new text, installed by a migration of its own.

The trigger's function belongs to the owner and runs with its rights: the application role may not write links, heads
and seals itself. A seal is written only for a record that the committing transaction wrote (its row lock orders the
seals of one record), so that a mere look can neither race with a change nor cover up one made behind the audit's back.
"""

LINK_AT_COMMIT = r"""
CREATE FUNCTION audit_event_text(e audit_auditevent) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.entity, e.branch,
    e.actor, e.actor_name, e.action, e.subject_type, e.subject_id, e.subject_label, e.detail, e.changes,
    to_jsonb(e.touched))::text
$$;

CREATE FUNCTION audit_link_hash(previous bytea, seq bigint, e audit_auditevent, seals text) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(encode(previous, 'hex') || ' ' || seq || ' ' || audit_event_text(e) || ' ' || seals, 'UTF8'))
$$;

CREATE FUNCTION audit_seals_text(event bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    string_agg(record || ' ' || version || ' ' || encode(digest, 'hex'), ',' ORDER BY record COLLATE "C"), '')
  FROM audit_recordseal WHERE event_id = event
$$;

CREATE FUNCTION audit_written_here(x xid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT age(x) <= 0
    AND pg_xact_status((pg_current_xact_id()::text::bigint - age(x))::text::xid8) = 'in progress'
$$;

CREATE FUNCTION audit_digest_written_here(table_name text, columns text[], record_id bigint) RETURNS bytea
LANGUAGE plpgsql STABLE SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  digest bytea;
BEGIN
  EXECUTE format(
    'SELECT sha256(convert_to(jsonb_build_array(%s)::text, ''UTF8'')) FROM %I t'
    || ' WHERE t.id = $1 AND audit_written_here(t.xmin)',
    (SELECT string_agg(format('t.%I', name), ', ' ORDER BY place) FROM unnest(columns) WITH ORDINALITY c(name, place)),
    table_name) INTO digest USING record_id;
  RETURN digest;
END $$;

CREATE FUNCTION audit_seal_records(event bigint, touched text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO audit_recordseal (event_id, record, version, digest)
  SELECT event, record, version, digest
  FROM (SELECT DISTINCT unnest(touched) AS record) t
  JOIN LATERAL (
    SELECT version, audit_digest_written_here(table_name, columns, split_part(record, ':', 2)::bigint) AS digest
    FROM audit_sealedtable WHERE label = split_part(record, ':', 1) ORDER BY version DESC LIMIT 1
  ) s ON digest IS NOT NULL
$$;

CREATE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
  key text := NEW.entity || ':' || NEW.branch;
  head audit_auditchain;
  linked bytea;
BEGIN
  PERFORM audit_seal_records(NEW.id, NEW.touched);
  INSERT INTO audit_auditchain (chain, seq, hash) VALUES (key, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_auditchain WHERE chain = key FOR UPDATE;
  linked := audit_link_hash(head.hash, head.seq + 1, NEW, audit_seals_text(NEW.id));
  INSERT INTO audit_auditlink (event_id, chain, seq, previous, hash)
    VALUES (NEW.id, key, head.seq + 1, head.hash, linked);
  UPDATE audit_auditchain SET seq = head.seq + 1, hash = linked WHERE chain = key;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION audit_seal_records(bigint, text[]) FROM PUBLIC;

CREATE CONSTRAINT TRIGGER audit_link_at_commit AFTER INSERT ON audit_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_event();
"""

UNLINK = """
DROP TRIGGER audit_link_at_commit ON audit_auditevent;
DROP FUNCTION audit_link_event(), audit_seal_records(bigint, text[]),
  audit_digest_written_here(text, text[], bigint), audit_written_here(xid), audit_seals_text(bigint),
  audit_link_hash(bytea, bigint, audit_auditevent, text), audit_event_text(audit_auditevent);
"""

BROKEN_LINKS = """
WITH sealed AS (
  SELECT event_id,
    string_agg(record || ' ' || version || ' ' || encode(digest, 'hex'), ',' ORDER BY record COLLATE "C") AS seals
  FROM audit_recordseal GROUP BY event_id
), walked AS (
  SELECT l.chain, l.seq, l.event_id, l.hash, l.previous, e.id IS NULL AS event_missing,
    lag(l.hash, 1, ''::bytea) OVER w AS hash_before, lag(l.seq, 1, 0::bigint) OVER w AS seq_before,
    audit_link_hash(l.previous, l.seq, e, coalesce(s.seals, '')) AS due, e.entity || ':' || e.branch AS key
  FROM audit_auditlink l
  LEFT JOIN audit_auditevent e ON e.id = l.event_id
  LEFT JOIN sealed s ON s.event_id = l.event_id
  WINDOW w AS (PARTITION BY l.chain ORDER BY l.seq)
), ends AS (
  SELECT DISTINCT ON (chain) chain, seq, hash FROM audit_auditlink ORDER BY chain, seq DESC
), faults AS (
  SELECT chain, seq, event_id,
    CASE WHEN event_missing THEN 'event_missing' WHEN seq <> seq_before + 1 THEN 'link_missing'
         WHEN due <> hash THEN 'event_changed' WHEN key <> chain THEN 'link_moved' ELSE 'link_changed' END AS fault
  FROM walked
  WHERE event_missing OR seq <> seq_before + 1 OR previous <> hash_before OR due IS DISTINCT FROM hash OR key <> chain
  UNION ALL
  SELECT coalesce(h.chain, x.chain), coalesce(x.seq, 0) + 1, NULL,
    CASE WHEN h.chain IS NULL THEN 'end_unknown' ELSE 'end_missing' END
  FROM audit_auditchain h FULL JOIN ends x ON x.chain = h.chain
  WHERE (x.seq, x.hash) IS DISTINCT FROM (h.seq, h.hash)
  UNION ALL
  SELECT e.entity || ':' || e.branch, NULL, e.id, 'not_linked'
  FROM audit_auditevent e LEFT JOIN audit_auditlink l ON l.event_id = e.id WHERE l.event_id IS NULL
)
SELECT chain, seq, event_id, fault FROM faults ORDER BY chain, seq NULLS LAST, event_id LIMIT 20
"""

# {versions}: one line of the two below for each version of the table's list of columns, joined by UNION ALL.
RECORDS_AND_SEALS = """
WITH last AS (
  SELECT DISTINCT ON (s.record) s.record, split_part(s.record, ':', 2)::bigint AS id, s.event_id, s.version, s.digest
  FROM audit_recordseal s WHERE starts_with(s.record, {prefix}) ORDER BY s.record, s.id DESC
), compared AS (
  SELECT coalesce(t.id, s.id) AS id, s.event_id, s.digest, t.id IS NULL AS missing,
    CASE s.version {versions} END AS due
  FROM {table} t FULL JOIN last s ON s.id = t.id
)
SELECT {prefix} || id, event_id,
  CASE WHEN missing THEN 'record_missing' WHEN event_id IS NULL THEN 'no_event' ELSE 'record_changed' END
FROM compared WHERE missing OR event_id IS NULL OR due IS DISTINCT FROM digest
ORDER BY id LIMIT 20
"""
DIGEST_OF_ROW = "sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8'))"
DIGEST_OF_VERSION = "WHEN {version} THEN " + DIGEST_OF_ROW
AS_SEALED = "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'"

"""How the events of a transaction that wrote many are linked at its end, as the second migration installs it.

The first of a chain's events whose trigger fires links all of them in their order, seals their records with one
statement for each table, and writes the head of the chain once: a head written for each event would leave as many dead
versions, and each next one would walk past all of them. The others find their link and do nothing. An event that an
earlier one did not find, whatever the reason, links itself: none can stay without.

A few are linked one by one, which is cheaper for them: planning for a set costs more than their seals. Many are guessed
by the numbers given since the event's own, other transactions' included.

As before (audit.sql) it runs with the owner's rights, and seals what the committing transaction wrote and nothing else.
"""

LINK_TOGETHER = r"""
CREATE FUNCTION audit_seal_together(events bigint[]) RETURNS void
LANGUAGE plpgsql SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  sealed record;
BEGIN
  FOR sealed IN
    SELECT DISTINCT ON (label) label, version, table_name,
      (SELECT string_agg(format('t.%I', name), ', ' ORDER BY place) FROM unnest(columns) WITH ORDINALITY c(name, place))
        AS columns
    FROM audit_sealedtable WHERE label IN (
      SELECT split_part(unnest(touched), ':', 1) FROM audit_auditevent WHERE id = ANY(events))
    ORDER BY label, version DESC
  LOOP
    EXECUTE format(
      'INSERT INTO audit_recordseal (event_id, record, version, digest)'
      || ' SELECT n.event_id, n.record, %L, sha256(convert_to(jsonb_build_array(%s)::text, ''UTF8''))'
      || ' FROM (SELECT DISTINCT id AS event_id, record FROM audit_auditevent, unnest(touched) record'
      || '   WHERE id = ANY($1) AND split_part(record, '':'', 1) = %L) n'
      || ' JOIN %I t ON t.id = split_part(n.record, '':'', 2)::bigint'
      || ' WHERE audit_written_here(t.xmin) ORDER BY n.event_id',
      sealed.version, sealed.columns, sealed.label, sealed.table_name) USING events;
  END LOOP;
END $$;

CREATE FUNCTION audit_link_together(first audit_auditevent, key text, last_id bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  together bigint[];
  head audit_auditchain;
  event audit_auditevent;
  linked bytea;
BEGIN
  SELECT array_agg(e.id) INTO together FROM audit_auditevent e
  WHERE e.id BETWEEN first.id AND last_id AND e.entity = first.entity AND e.branch = first.branch
    AND audit_written_here(e.xmin) AND NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.event_id = e.id);
  PERFORM audit_seal_together(together);
  INSERT INTO audit_auditchain (chain, seq, hash) VALUES (key, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_auditchain WHERE chain = key FOR UPDATE;
  FOR event IN SELECT * FROM audit_auditevent WHERE id = ANY(together) ORDER BY id LOOP
    linked := audit_link_hash(head.hash, head.seq + 1, event, audit_seals_text(event.id));
    INSERT INTO audit_auditlink (event_id, chain, seq, previous, hash)
      VALUES (event.id, key, head.seq + 1, head.hash, linked);
    head.seq := head.seq + 1;
    head.hash := linked;
  END LOOP;
  UPDATE audit_auditchain SET seq = head.seq, hash = head.hash WHERE chain = key;
END $$;

CREATE OR REPLACE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
  many CONSTANT integer := 50;
  last_id bigint := pg_sequence_last_value('audit_auditevent_id_seq');
  key text := NEW.entity || ':' || NEW.branch;
  head audit_auditchain;
  linked bytea;
BEGIN
  IF EXISTS (SELECT FROM audit_auditlink WHERE event_id = NEW.id) THEN
    RETURN NULL;
  END IF;
  IF last_id >= NEW.id + many THEN
    PERFORM audit_link_together(NEW, key, last_id);
    RETURN NULL;
  END IF;
  PERFORM audit_seal_records(NEW.id, NEW.touched);
  INSERT INTO audit_auditchain (chain, seq, hash) VALUES (key, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_auditchain WHERE chain = key FOR UPDATE;
  linked := audit_link_hash(head.hash, head.seq + 1, NEW, audit_seals_text(NEW.id));
  INSERT INTO audit_auditlink (event_id, chain, seq, previous, hash)
    VALUES (NEW.id, key, head.seq + 1, head.hash, linked);
  UPDATE audit_auditchain SET seq = head.seq + 1, hash = linked WHERE chain = key;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION audit_seal_together(bigint[]), audit_link_together(audit_auditevent, text, bigint) FROM PUBLIC;
"""

# Before what the first migration installed goes back into its place.
UNLINK_TOGETHER = "DROP FUNCTION audit_link_together(audit_auditevent, text, bigint), audit_seal_together(bigint[]);"

"""What the database itself knows of the keys; installed by the second migration, never edited afterwards.

A transaction that digests holds the gate in share mode until its end; the change of the digest key takes it alone.
The keys are read by a statement of their own after the lock was granted, and so as they are then.
"""

DIGEST_GATE = 7_310_021

HOLD_KEYS = f"""
CREATE FUNCTION vault_hold_keys(OUT seal bigint, OUT digest bigint) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared({DIGEST_GATE});
  SELECT max(id) FILTER (WHERE purpose = 'seal'), max(id) FILTER (WHERE purpose = 'digest') INTO seal, digest
  FROM vault_datakey WHERE in_force_at IS NOT NULL;
END $$;
"""
LET_GO = "DROP FUNCTION vault_hold_keys();"

# On every table with digests, after each statement that adds rows; the arguments are the columns.
DIGESTS_ARE_CURRENT = """
CREATE FUNCTION vault_digests_are_current() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  mark bytea;
  column_name text;
  is_former boolean;
BEGIN
  SELECT CASE WHEN marks THEN int4send(id::int) END INTO mark
  FROM vault_datakey WHERE purpose = 'digest' AND in_force_at IS NOT NULL ORDER BY id DESC LIMIT 1;
  IF mark IS NULL THEN
    RETURN NULL;
  END IF;
  FOREACH column_name IN ARRAY TG_ARGV LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM added WHERE substring(%I FROM 1 FOR 4) <> $1)', column_name)
      INTO is_former USING mark;
    IF is_former THEN
      RAISE EXCEPTION 'a digest for % was made with a former key', TG_TABLE_NAME
        USING ERRCODE = 'serialization_failure';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
"""
TRUST_DIGESTS = "DROP FUNCTION vault_digests_are_current();"

"""The statements of the customer import; every one of them is about one chunk in a staging table of the session."""

from psycopg2 import sql

from customers.jobs.import_rows import COLUMNS

STAGE = """
DROP TABLE IF EXISTS pg_temp.import_stage, pg_temp.import_seen, pg_temp.import_given;
CREATE TEMP TABLE import_stage (
  line bigint NOT NULL, customer_number varchar(20), issued boolean NOT NULL, branch_id bigint NOT NULL,
  name text NOT NULL, sex text NOT NULL, birth_date date NOT NULL, nationality text NOT NULL, occupation text NOT NULL,
  occupation_detail text NOT NULL, address text NOT NULL, employer_address text NOT NULL,
  mobile text NOT NULL, phone text NOT NULL, email text NOT NULL,
  settled_abroad boolean NOT NULL, unit_proof boolean NOT NULL, has_cheque_account boolean NOT NULL,
  key_digest bytea NOT NULL, document_type text NOT NULL, number_ciphertext bytea NOT NULL,
  number_key_id bigint NOT NULL, number_digest bytea NOT NULL, number_masked text NOT NULL,
  valid_from date, valid_until date, long_term boolean NOT NULL, issuing_authority text NOT NULL,
  id bigint DEFAULT {customer_id}, document_id bigint DEFAULT {document_id}
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE import_seen (key_digest bytea PRIMARY KEY, customer_number varchar(20));
CREATE INDEX ON import_seen (customer_number);
CREATE TEMP TABLE import_given (serial bigint PRIMARY KEY);
"""
# A dry run takes nothing from the sequences.
NO_ID = sql.SQL("NULL")
CUSTOMER_ID = sql.SQL("nextval('customers_customer_id_seq')")
DOCUMENT_ID = sql.SQL("nextval('customers_identitydocument_id_seq')")

COPY = f"COPY pg_temp.import_stage ({', '.join(COLUMNS)}) FROM STDIN"

# Numbers of our shape that the file itself gives to somebody, now or in a later line, are for nobody else.
NEWEST_SERIAL = "SELECT last_value FROM customers_customer_serial"
COPY_GIVEN = "COPY pg_temp.import_given (serial) FROM STDIN"
RESERVE = """
WITH drawn AS (SELECT nextval('customers_customer_serial') AS serial FROM generate_series(1, %s))
SELECT serial FROM drawn WHERE serial NOT IN (SELECT g.serial FROM pg_temp.import_given g)
"""

RENUMBER = "UPDATE pg_temp.import_stage SET customer_number = %s WHERE line = %s"

# Lines whose person or number meets another, as rules.import_conflicts settles them; last, whether it is a number of
# ours that a core system has used. Each line looks into the unique indexes by itself, whatever the planner believes of
# tables that this very import is filling.
BY_INDEX = "SET LOCAL enable_seqscan = off"
CONFLICTS = """
SELECT s.line, encode(s.key_digest, 'hex'), coalesce(s.customer_number, ''), coalesce(holder.customer_number, ''),
  seen.found IS NOT NULL OR coalesce(holder.of_this_file, FALSE),
  taken.found IS NOT NULL OR seen_number.found IS NOT NULL,
  s.issued AND (taken.found IS NOT NULL OR s.numbers > 1)
FROM (
  SELECT line, key_digest, customer_number, issued, count(*) OVER (PARTITION BY key_digest) AS people,
    CASE WHEN customer_number IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY customer_number) END AS numbers
  FROM pg_temp.import_stage
) s
LEFT JOIN LATERAL (
  SELECT customer_id FROM customers_identitykey k
  WHERE k.legal_entity_id = %(entity)s AND k.key_digest = s.key_digest LIMIT 1
) known ON TRUE
LEFT JOIN LATERAL (
  SELECT customer_number, opened_at = %(opened_at)s AND channel = 'import' AS of_this_file
  FROM customers_customer c WHERE c.id = known.customer_id LIMIT 1
) holder ON TRUE
LEFT JOIN LATERAL (
  SELECT TRUE AS found FROM customers_customer n
  WHERE n.legal_entity_id = %(entity)s AND n.customer_number = s.customer_number LIMIT 1
) taken ON TRUE
LEFT JOIN LATERAL (
  SELECT TRUE AS found FROM pg_temp.import_seen e WHERE e.key_digest = s.key_digest LIMIT 1
) seen ON TRUE
LEFT JOIN LATERAL (
  SELECT TRUE AS found FROM pg_temp.import_seen e WHERE e.customer_number = s.customer_number LIMIT 1
) seen_number ON TRUE
WHERE s.people > 1 OR s.numbers > 1 OR holder.customer_number IS NOT NULL OR taken.found OR seen.found
  OR seen_number.found
"""
LEAVE_OUT = "DELETE FROM pg_temp.import_stage WHERE line = ANY(%s)"
# A dry run remembers whom it would have taken, since nobody becomes a customer by it.
REMEMBER = "INSERT INTO pg_temp.import_seen SELECT key_digest, customer_number FROM pg_temp.import_stage"

INSERT_CUSTOMERS = """
INSERT INTO customers_customer (
  id, legal_entity_id, customer_number, status, verification, name, sex, birth_date, nationality, occupation,
  occupation_detail, address, employer_address, mobile, phone, email, ethnic_group, marital_status, education,
  income_band, tax_residency, risk_level, settled_abroad, unit_proof, has_cheque_account, channel, opening_branch_id,
  home_branch_id, opened_by_id, opened_at, version)
SELECT id, %(entity)s, customer_number, 'active', 'migrated', name, sex, birth_date, nationality, occupation,
  occupation_detail, address, employer_address, mobile, phone, email, '', '', '',
  '', '', '', settled_abroad, unit_proof, has_cheque_account, 'import', branch_id,
  branch_id, %(staff)s, %(opened_at)s, 1
FROM pg_temp.import_stage
"""
INSERT_DOCUMENTS = """
INSERT INTO customers_identitydocument (
  id, legal_entity_id, customer_id, role, document_type, number_ciphertext, number_key_id, number_digest, number_masked,
  valid_from, valid_until, long_term, issuing_authority, recorded_at)
SELECT document_id, %(entity)s, id, 'primary', document_type, number_ciphertext, number_key_id, number_digest,
  number_masked, valid_from, valid_until, long_term, issuing_authority, now()
FROM pg_temp.import_stage
"""
INSERT_KEYS = """
INSERT INTO customers_identitykey (legal_entity_id, key_digest, customer_id)
SELECT %(entity)s, key_digest, id FROM pg_temp.import_stage
"""
IDS_OF_CUSTOMERS = sql.SQL("SELECT id FROM pg_temp.import_stage")
IDS_OF_DOCUMENTS = sql.SQL("SELECT document_id FROM pg_temp.import_stage")

COPY_REJECTS = "COPY customers_importreject (customer_import_id, line, code, problems) FROM STDIN"
FORGET_REJECTS = "DELETE FROM customers_importreject WHERE customer_import_id = %s"
FORGET_OLD_REJECTS = """
DELETE FROM customers_importreject r USING customers_customerimport i
WHERE i.id = r.customer_import_id AND i.legal_entity_id = %s AND i.finished_at < %s
"""

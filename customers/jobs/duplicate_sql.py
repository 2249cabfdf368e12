"""The statements of the search for duplicates. What they leave in temporary tables is hashed with a salt of the run.

dup_person   every customer in use: name, sex with birth date, and each block of rules.duplicates as a hash.
dup_common   hashes of names that more than a block's most bear.
dup_pair     who shares a block that is not passed over, and may be a pair: the rule itself decides (jobs).
"""

from customers.rules.duplicates import BODY, CITIZEN_DOCUMENTS, MOST_IN_A_BLOCK, PAPERS, WITH_BODY

SETTINGS = """
SET LOCAL work_mem = '48MB'; SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL jit = off;
SET LOCAL parallel_setup_cost = 100; SET LOCAL parallel_tuple_cost = 0.01
"""
IN_USE = "c.legal_entity_id = %(entity)s AND c.status IN ('active', 'suspended')"


def _hashed(*parts: str) -> str:
    return f"hashtextextended({' || chr(31) || '.join(parts)}, %(salt)s)"


def _types(types) -> str:
    return ", ".join(f"'{each.value}'" for each in sorted(types))


REGION, SEQUENCE = "left(d.number_masked, 6)", "substr(d.number_masked, 15, 3)"
BORN = "to_char(c.birth_date, 'YYYYMMDD')"
FAMILY = f"CASE WHEN d.document_type IN ({_types(CITIZEN_DOCUMENTS)}) THEN 'CN' ELSE d.document_type END"
HAS_BODY = f"d.document_type IN ({_types(WITH_BODY)}) AND length(d.number_masked) = {BODY + 1}"
PEOPLE = f"""
SELECT id, name, birth, sex, person,
  CASE WHEN has_body THEN hashtextextended(region || born, whose + 1) END AS region_birth,
  CASE WHEN has_body THEN hashtextextended(region || sequence, whose + 2) END AS region_sequence,
  CASE WHEN has_body THEN hashtextextended(born || sequence, whose + 3) END AS birth_sequence,
  CASE WHEN has_body THEN hashtextextended(region || left(born, 7) || right(sequence, 2), whose + 4) END AS border,
  mobile, paper
FROM (
  SELECT c.id, {_hashed("c.name")} AS name, {BORN}::int AS birth, c.sex = 'male' AS sex,
    {_hashed("'p'", "c.name", BORN, "c.sex")} AS person, {BORN} AS born, {HAS_BODY} AS has_body,
    {REGION} AS region, {SEQUENCE} AS sequence, {_hashed("c.name", FAMILY)} / 2 AS whose,
    CASE WHEN c.mobile <> '' THEN {_hashed("'m'", "c.mobile", BORN)} END AS mobile,
    CASE WHEN d.document_type IN ({_types(PAPERS)}) THEN {_hashed("'d'", "c.name", "d.document_type")} END AS paper
  FROM customers_customer c JOIN customers_identitydocument d ON d.customer_id = c.id AND d.role = 'primary'
  WHERE {IN_USE} OFFSET 0
) p
"""
NAMES = "SELECT name, count(*) AS bearers FROM dup_person GROUP BY name HAVING count(*) > 1"
# How far apart two dates written as YYYYMMDD may lie that differ in one digit or in two exchanged neighbours.
NEAR = sorted({step * d * 10**k for step, places in ((1, 8), (9, 7)) for d in range(1, 10) for k in range(places)})
BODIES = ("region_birth", "region_sequence", "birth_sequence", "border")
KEYS = ("person", *BODIES)
OF_RARE_NAMES = f"""
WITH rare AS MATERIALIZED (
  SELECT p.* FROM dup_person p JOIN dup_name n ON n.name = p.name WHERE n.bearers <= {MOST_IN_A_BLOCK})
SELECT a.id AS first, b.id AS second FROM rare a JOIN rare b ON b.name = a.name AND b.id > a.id
WHERE a.person = b.person OR (a.sex = b.sex AND abs(a.birth - b.birth) = ANY('{{{", ".join(map(str, NEAR))}}}'))
  OR {" OR ".join(f"a.{key} = b.{key}" for key in BODIES)}
"""
KEYS_OF_COMMON = f"""
SELECT k.key, p.id FROM dup_person p JOIN dup_name n ON n.name = p.name
CROSS JOIN LATERAL (VALUES {", ".join(f"(p.{key})" for key in KEYS)}) k(key)
WHERE n.bearers > {MOST_IN_A_BLOCK} AND k.key IS NOT NULL
"""
OF_COMMON_NAMES = f"""
WITH block AS MATERIALIZED (
  SELECT k.key, k.id FROM dup_key k JOIN (
    SELECT key FROM dup_key GROUP BY key HAVING count(*) BETWEEN 2 AND {MOST_IN_A_BLOCK}) s ON s.key = k.key)
SELECT DISTINCT a.id AS first, b.id AS second FROM block a JOIN block b ON b.key = a.key AND b.id > a.id
"""


def shared(key: str, also: str) -> str:
    """Pairs that share one hash borne by few."""
    return f"""
WITH block AS MATERIALIZED (
  SELECT p.{key} AS key, p.id, p.name FROM dup_person p JOIN (
    SELECT {key} FROM dup_person WHERE {key} IS NOT NULL GROUP BY {key}
    HAVING count(*) BETWEEN 2 AND {MOST_IN_A_BLOCK}) s ON s.{key} = p.{key})
SELECT a.id AS first, b.id AS second FROM block a JOIN block b ON b.key = a.key AND b.id > a.id AND {also}
"""


OF_MOBILES, OF_PAPERS = shared("mobile", "b.name <> a.name"), shared("paper", "true")
PAIRS = "SELECT DISTINCT first, second FROM ({parts}) pair"
CROWDED = f"SELECT count(*) FROM dup_name WHERE bearers > {MOST_IN_A_BLOCK}"
FACTS = (
    "c.id, c.name, c.sex, c.birth_date, d.document_type, c.mobile, c.address, d.number_masked, d.number_key_id, "
    f"CASE WHEN d.document_type IN ({_types(PAPERS)}) THEN d.number_ciphertext END"
)
BOTH = f"""
SELECT {FACTS.replace("c.", "c1.").replace("d.", "d1.")}, {FACTS.replace("c.", "c2.").replace("d.", "d2.")},
  n.name IS NOT NULL AS common
FROM dup_pair p
JOIN customers_customer c1 ON c1.id = p.first
JOIN customers_identitydocument d1 ON d1.customer_id = c1.id AND d1.role = 'primary'
JOIN customers_customer c2 ON c2.id = p.second
JOIN customers_identitydocument d2 ON d2.customer_id = c2.id AND d2.role = 'primary'
LEFT JOIN dup_name n ON n.name = {_hashed("c1.name")} AND n.bearers > {MOST_IN_A_BLOCK}
"""
TABLES = """
CREATE TEMPORARY TABLE dup_found (first bigint, second bigint, grounds jsonb, strength int) ON COMMIT DROP;
CREATE TEMPORARY TABLE dup_written (id bigint) ON COMMIT DROP
"""
SAME = "p.legal_entity_id = %(entity)s AND p.first_id = f.first AND p.second_id = f.second"
ADD = """
WITH added AS (
  INSERT INTO customers_duplicatepair
    (legal_entity_id, first_id, second_id, grounds, strength, status, found_at, seen_at, reason)
  SELECT %(entity)s, first, second, grounds, strength, 'open', %(now)s, %(now)s, '' FROM dup_found
  ON CONFLICT (first_id, second_id) DO NOTHING RETURNING id)
INSERT INTO dup_written SELECT id FROM added
"""
# By id, as a merge locks them: of two that each hold some, neither waits for the other.
LOCK_PAIRS = """
SELECT count(*) FROM (
  SELECT FROM customers_duplicatepair WHERE legal_entity_id = %(entity)s ORDER BY id FOR NO KEY UPDATE) locked
"""
SEE_AGAIN = f"""
UPDATE customers_duplicatepair p SET grounds = f.grounds, strength = f.strength, seen_at = %(now)s
FROM dup_found f WHERE {SAME} AND p.seen_at < %(now)s
"""
REOPEN = f"""
WITH again AS (
  UPDATE customers_duplicatepair p SET status = 'open', decided_by_id = NULL, decided_at = NULL
  FROM dup_found f WHERE {SAME} AND p.status = 'gone' RETURNING p.id)
INSERT INTO dup_written SELECT id FROM again
"""
# Merged, closed, or changed so that nothing speaks for it any more.
LET_GO = """
WITH gone AS (
  UPDATE customers_duplicatepair p SET status = 'gone', decided_at = %(now)s
  WHERE p.legal_entity_id = %(entity)s AND p.status = 'open'
    AND NOT EXISTS (SELECT FROM dup_found f WHERE f.first = p.first_id AND f.second = p.second_id)
  RETURNING p.id)
INSERT INTO dup_written SELECT id FROM gone
"""
WRITTEN = "SELECT id FROM dup_written"

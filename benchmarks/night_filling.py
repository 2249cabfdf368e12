"""A bank for the night: customers by the million with branches and staff, and the snapshot file of any day.

Made by SQL alone, and every amount is drawn from a hash of the customer's serial: each run has the same bank, and a
day can be written again. AUM is log-normal (median 5,000 yuan, sigma 2). Customer numbers are scattered as ours are:
neither table nor file is in their order.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks import scratch
from benchmarks.filling import unguarded

ENTITY = "99"
BRANCHES, DISTRICTS, STAFF = 2000, 20, 15
FIRST_DAY = date(2026, 9, 30)
# The first five of a branch; whoever follows is a teller, the sixth a second advisor.
POSITIONS = ("branch_manager", "lobby_manager", "financial_advisor", "wealth_manager", "branch_president")

PLACES = """
INSERT INTO staff_legalentity (code, name) VALUES (%(entity)s, '样例夜间银行');
INSERT INTO staff_branch (legal_entity_id, code, name, path)
SELECT id, '000', '总行', '/000/' FROM staff_legalentity WHERE code = %(entity)s;
INSERT INTO staff_branch (legal_entity_id, code, name, parent_id, path)
SELECT legal_entity_id, (900 + n)::text, n || '区', h.id, path || (900 + n) || '/'
FROM staff_branch h JOIN staff_legalentity e ON e.id = legal_entity_id, generate_series(1, %(districts)s) n
WHERE e.code = %(entity)s;
INSERT INTO staff_branch (legal_entity_id, code, name, parent_id, path)
SELECT legal_entity_id, (10000 + n)::text, n || '支行', d.id, d.path || (10000 + n) || '/'
FROM generate_series(1, %(branches)s) n
JOIN staff_branch d ON d.code = (901 + n %% %(districts)s)::text
JOIN staff_legalentity e ON e.id = legal_entity_id AND e.code = %(entity)s;
"""
PEOPLE = """
CREATE TEMPORARY TABLE bench_people ON COMMIT DROP AS
SELECT legal_entity_id, b.id AS branch_id, 'n' || b.code || '_' || n AS username,
  CASE WHEN length(b.code) = 3 THEN 'deputy_president'
       ELSE coalesce((%(positions)s::text[])[n], CASE n WHEN 6 THEN 'financial_advisor' ELSE 'teller' END)
  END AS position
FROM staff_branch b JOIN staff_legalentity e ON e.id = legal_entity_id AND e.code = %(entity)s,
  LATERAL generate_series(1, CASE WHEN length(b.code) = 3 THEN 1 ELSE %(staff)s END) n
WHERE b.code <> '000';
INSERT INTO staff_staff (password, username, name, initials, legal_entity_id, is_active, must_change_password,
  logins_ended, language, theme, enter_moves, idle_minutes)
SELECT '!', username, username, '', legal_entity_id, true, false, 0, 'zh-hans', 'system', true, 15 FROM bench_people;
INSERT INTO staff_posting (staff_id, position, branch_id, since)
SELECT s.id, position, p.branch_id, '2020-01-01' FROM bench_people p JOIN staff_staff s USING (username);
"""
CUSTOMERS = """
WITH place AS (
  SELECT array_agg(b.id ORDER BY b.id) AS ids, min(b.legal_entity_id) AS entity, min(s.id) AS by
  FROM staff_branch b JOIN staff_legalentity e ON e.id = b.legal_entity_id AND e.code = %(entity)s
  LEFT JOIN staff_staff s ON s.username = 'n' || b.code || '_7'
  WHERE length(b.code) = 5
)
INSERT INTO customers_customer (legal_entity_id, customer_number, status, verification, name, sex, birth_date,
  nationality, occupation, occupation_detail, address, employer_address, mobile, phone, email, ethnic_group,
  marital_status, education, income_band, tax_residency, risk_level, settled_abroad, unit_proof, has_cheque_account,
  channel, opening_branch_id, home_branch_id, opened_by_id, opened_at, version)
SELECT entity, bench_number(n), 'active', 'migrated', '样例' || chr(19968 + (n %% 20000)::int),
  CASE n %% 2 WHEN 0 THEN 'female' ELSE 'male' END, date '1940-01-01' + (n * 7919 %% 29000)::int,
  'CHN', 'clerical', '', '浙江省杭州市西湖区样例路' || n %% 400 || '号', '',
  '154' || lpad((n %% 100000000)::text, 8, '0'), '', '', '', '', '', '', '', '', false, false, false, 'counter',
  branch, branch, by, '2024-05-06 10:00:00+08', 1
FROM place, generate_series(%(from)s::bigint, %(to)s::bigint) n,
  LATERAL (SELECT ids[1 + n %% cardinality(ids)] AS branch) b
"""
DRAWS = """
CREATE FUNCTION bench_number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (100000000000 + n * 381966012473 % 900000000000)::text $$;
CREATE FUNCTION bench_share(n bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (((hashint8extended(n, seed) >> 11) & 4503599627370495)::float8 + 1) / 4503599627370497 $$;
CREATE FUNCTION bench_normal(n bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT sqrt(-2 * ln(bench_share(n, seed))) * cos(2 * pi() * bench_share(n, seed + 1)) $$;
CREATE FUNCTION bench_money(n bigint, seed bigint, often float8, median float8) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN bench_share(n, seed) < often
          THEN round((median * exp(bench_normal(n, seed + 1)))::numeric, 2) ELSE 0 END $$;
"""
DAY = """
COPY (
  SELECT bench_number(n) AS customer_number,
    round(least(5000 * exp(2 * bench_normal(n, 1)
      + CASE WHEN bench_share(n, %(day)s) < %(changed)s THEN 0.3 * bench_normal(n, %(day)s + 1) ELSE 0 END),
      9e10)::numeric, 2) AS aum,
    bench_money(n, 11, 0.3, 8000) AS card_spend_year, bench_money(n, 21, 0.1, 200000) AS personal_loan_balance,
    bench_money(n, 31, 0.03, 5000) AS custody_margin,
    CASE WHEN bench_share(n, 41) < 0.02 THEN 'gold' WHEN bench_share(n, 41) < 0.3 THEN 'standard' ELSE 'none' END
      AS card_level,
    (bench_share(n, 42) < 0.0005)::int AS admission_private_wealth,
    (bench_share(n, 43) < 0.002)::int AS admission_wealth_management,
    (ARRAY['deposit', 'deposit;fund', 'deposit;wealth_product', 'deposit;e_banking', 'deposit;credit_card;e_banking'])
      [1 + (bench_share(n, 44) * 4.999)::int %% 5] AS product_categories
  FROM generate_series(%(from)s::bigint, %(to)s::bigint) n
) TO STDOUT (FORMAT csv, HEADER)
"""


def fill(customers: int, *, branches: int = BRANCHES, staff: int = STAFF) -> int:
    """The bank with that many customers, serials from 1; returns the id of its legal entity."""
    started = time.monotonic()
    given = {"entity": ENTITY, "districts": DISTRICTS, "branches": branches, "staff": staff}
    with unguarded() as cursor:
        cursor.execute(DRAWS)
        cursor.execute(PLACES, given)
        cursor.execute(PEOPLE, given | {"positions": list(POSITIONS)})
    add_customers(1, customers)
    print(f"night's bank: {customers:,} customers in {time.monotonic() - started:.0f} s")
    return legal_entity_id()


def add_customers(first: int, last: int) -> None:
    """Serials `first` to `last`, without asking triggers and foreign keys."""
    with unguarded() as cursor:
        cursor.execute(CUSTOMERS, {"entity": ENTITY, "from": first, "to": last})
    with settled() as cursor:
        cursor.execute("VACUUM (ANALYZE) customers_customer")


def legal_entity_id() -> int:
    with settled() as cursor:
        cursor.execute("SELECT id FROM staff_legalentity WHERE code = %s", [ENTITY])
        return cursor.fetchone()[0]


def write_day(path: Path, day: date, customers: int, *, first: int = 1, changed: float = 0.08) -> Path:
    """The file of that day for serials from `first`; `changed` is the share whose AUM differs from FIRST_DAY's."""
    seed = 100 + 2 * (day - FIRST_DAY).days
    given = {"from": first, "to": customers, "day": seed}
    with settled() as cursor, open(path, "wb") as file:
        text = cursor.mogrify(DAY, given | {"changed": changed if day != FIRST_DAY else 0})
        cursor.copy_expert(text, file)
    return path


@contextmanager
def settled() -> Iterator:
    """Each statement a transaction of its own, as the owner."""
    connection = scratch.connect()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()

"""Who would move, and who would lose the owner that the policy names: one page at a time, the largest assets first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg2.sql import SQL, Composable, Literal

from tellerdesk.core.masking import mask_name
from tiering.enums import Tier
from tiering.jobs import planning
from tiering.jobs.what_if import names
from tiering.jobs.what_if_base import Trial, lacks_lines, tried
from tiering.rules.what_if import Count

PAGE, CHUNK = 50, 5000
KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
CHOSEN = "SELECT customer_id, branch_id, aum, standing, draft FROM ({tried}) a WHERE {conditions}"
OPEN = "SELECT FROM tiering_ownerassignment o WHERE o.customer_id = a.customer_id AND o.until IS NULL AND {named}"
ROWS = """
SELECT a.aum, a.customer_id, c.customer_number, c.name, b.code, b.name, a.standing, a.draft,
  (SELECT array_agg(p.name || ' ' || p.username ORDER BY o.is_primary DESC, o.id)
   FROM tiering_ownerassignment o JOIN staff_staff p ON p.id = o.owner_id
   WHERE o.customer_id = a.customer_id AND o.until IS NULL)
FROM ({chosen} {after} ORDER BY aum DESC, customer_id LIMIT {size}) a
JOIN customers_customer c ON c.id = a.customer_id JOIN staff_branch b ON b.id = a.branch_id
ORDER BY a.aum DESC, a.customer_id
"""
TOTALS = "SELECT count(*), coalesce(sum(aum), 0)::bigint FROM ({chosen}) a"


@dataclass(frozen=True)
class Wanted:
    """Tiers of None are any; `branch_ids` None: the whole bank. `lost`: who loses the owner the policy names."""

    from_tier: Tier | None = None
    to_tier: Tier | None = None
    branch_ids: tuple[int, ...] | None = None
    lost: bool = False


@dataclass(frozen=True)
class Line:
    customer_number: str
    full_name: str
    branch: str
    branch_code: str
    aum: int
    from_tier: Tier
    to_tier: Tier
    owners: tuple[str, ...]

    @property
    def name(self) -> str:
        return mask_name(self.full_name)


def totals(trial: Trial, wanted: Wanted) -> Count:
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        cursor.execute(SQL(TOTALS).format(chosen=_chosen(trial, wanted, absent=lacks_lines(cursor, trial))))
        return Count(*cursor.fetchone())


def page(trial: Trial, wanted: Wanted, after: str = "", *, size: int = PAGE) -> tuple[list[Line], str | None]:
    """Lines and the key to go on with; a key that is none begins anew. Within a transaction."""
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        chosen = _chosen(trial, wanted, absent=lacks_lines(cursor, trial))
        cursor.execute(SQL(ROWS).format(chosen=chosen, after=_after(after), size=Literal(size + 1)))
        rows = cursor.fetchall()
    following = f"{rows[size - 1][0]}.{rows[size - 1][1]}" if len(rows) > size else None
    return [_line(row) for row in rows[:size]], following


def every_line(trial: Trial, wanted: Wanted) -> Iterator[Line]:
    after: str | None = ""
    while after is not None:
        lines, after = page(trial, wanted, after, size=CHUNK)
        yield from lines


def _chosen(trial: Trial, wanted: Wanted, *, absent: bool) -> Composable:
    found = [SQL("true") if wanted.lost else SQL("draft <> standing")]
    if wanted.lost:
        now = SQL(OPEN).format(named=names(trial.present, "a.standing", "o.position"))
        then = SQL(OPEN).format(named=names(trial.draft, "a.draft", "o.position"))
        found.append(SQL("EXISTS ({}) AND NOT EXISTS ({})").format(now, then))
    if wanted.from_tier is not None:
        found.append(SQL("standing = {}").format(Literal(int(wanted.from_tier))))
    if wanted.to_tier is not None:
        found.append(SQL("draft = {}").format(Literal(int(wanted.to_tier))))
    if wanted.branch_ids is not None:
        found.append(SQL("branch_id = ANY({}::bigint[])").format(Literal(list(wanted.branch_ids))))
    return SQL(CHOSEN).format(tried=tried(trial, absent=absent), conditions=SQL(" AND ").join(found))


def _after(text: str) -> Composable:
    found = KEY.fullmatch(text)
    if not found:
        return SQL("")
    aum, customer = (Literal(int(part)) for part in found.groups())
    return SQL("AND (aum < {aum} OR aum = {aum} AND customer_id > {customer})").format(aum=aum, customer=customer)


def _line(row: tuple) -> Line:
    aum, _pk, number, name, code, branch, standing, draft, owners = row
    return Line(number, name, f"{code} {branch}", code, aum, Tier(standing), Tier(draft), tuple(owners or ()))

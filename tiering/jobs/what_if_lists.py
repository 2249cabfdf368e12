"""Who would move, and who would lose the owner that the policy names: one page at a time, the largest assets first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg2.sql import SQL, Composable, Literal

from tellerdesk.core.masking import mask_name
from tiering.enums import Tier
from tiering.jobs import planning
from tiering.jobs.what_if import concerned, names
from tiering.jobs.what_if_base import Trial, lacks_lines, tried
from tiering.models import WhatIfBasis
from tiering.rules.what_if import Count
from tiering.selectors.trials import holding_basis

PAGE, CHUNK = 50, 50_000
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
class Listing:
    """`basis` and `absent` as in jobs.what_if.Movement."""

    trial: Trial
    wanted: Wanted
    absent: bool
    basis: WhatIfBasis | None

    @property
    def chosen(self) -> Composable:
        people = concerned(self.trial, self.basis, absent=self.absent)
        return SQL(CHOSEN).format(tried=tried(self.trial, people), conditions=_conditions(self.trial, self.wanted))


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


def listing_of(trial: Trial, wanted: Wanted) -> Listing:
    """Within the transaction that goes on to read it."""
    basis = holding_basis(trial.legal_entity_id, trial.as_of)
    if basis:
        return Listing(trial, wanted, basis.absent, basis)
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        return Listing(trial, wanted, lacks_lines(cursor, trial), None)


def totals(listing: Listing) -> Count:
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        cursor.execute(SQL(TOTALS).format(chosen=listing.chosen))
        return Count(*cursor.fetchone())


def page(listing: Listing, after: str = "", *, size: int = PAGE) -> tuple[list[Line], str | None]:
    """Lines and the key to go on with; a key that is none begins anew."""
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        cursor.execute(SQL(ROWS).format(chosen=listing.chosen, after=_after(after), size=Literal(size + 1)))
        rows = cursor.fetchall()
    following = f"{rows[size - 1][0]}.{rows[size - 1][1]}" if len(rows) > size else None
    return [_line(row) for row in rows[:size]], following


def every_line(listing: Listing) -> Iterator[Line]:
    """Each chunk is a look at every line, so there are few."""
    after: str | None = ""
    while after is not None:
        lines, after = page(listing, after, size=CHUNK)
        yield from lines


def _conditions(trial: Trial, wanted: Wanted) -> Composable:
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
    return SQL(" AND ").join(found)


def _after(text: str) -> Composable:
    found = KEY.fullmatch(text)
    if not found:
        return SQL("")
    aum, customer = (Literal(int(part)) for part in found.groups())
    return SQL("AND (aum < {aum} OR aum = {aum} AND customer_id > {customer})").format(aum=aum, customer=customer)


def _line(row: tuple) -> Line:
    aum, _pk, number, name, code, branch, standing, draft, owners = row
    return Line(number, name, f"{code} {branch}", code, aum, Tier(standing), Tier(draft), tuple(owners or ()))

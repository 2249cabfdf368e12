"""Tier and reasons as SQL, in one pass over a day's lines and without a join; the twin is rules.evaluation.evaluate.

Cheapest exit first: four customers of five are below the lowest band, admitted to nothing, and out of scope.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from psycopg2 import sql
from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import Reason, Tier
from tiering.rules.birth_dates import born_after
from tiering.rules.policy import Band, Policy

FIGURES = ("card_spend_year", "personal_loan_balance", "custody_margin")
Column = Callable[[str], Composable]


class TierSql(NamedTuple):
    """Two expressions of type smallint."""

    tier: Composable
    reasons: Composable


def tier_and_reasons(
    policy: Policy, as_of: date, *, table: str | None = None, aum: Composable | None = None
) -> TierSql:
    """Over aum, card_spend_year, personal_loan_balance, custody_margin (null is nought), card_level, admission and
    birth_date of `table`. With `aum` for the column: the tier of who had that much.
    """

    def column(name: str) -> Composable:
        if name == "aum" and aum is not None:
            return aum
        return sql.Identifier(table, name) if table else sql.Identifier(name)

    return TierSql(_tier(policy, as_of, column), _reasons(policy, column))


def _tier(policy: Policy, as_of: date, column: Column) -> Composable:
    text = SQL(
        "(CASE WHEN NOT {reached} AND {admission} = 0 THEN CASE WHEN {other} THEN {unbanded} ELSE {out} END"
        " WHEN {admission} & {private} <> 0 THEN {highest} {bands} ELSE {unbanded} END)::smallint"
    )
    return text.format(
        reached=_reached(policy.entry, column("aum")),
        admission=column("admission"),
        other=SQL(" OR ").join(other_criteria(policy, column).values()),
        private=Literal(int(Reason.ADMISSION_PRIVATE_WEALTH)),
        highest=Literal(int(Tier.PRIVATE_WEALTH)),
        bands=SQL(" ").join(_band(band, as_of, column) for band in policy.bands),
        unbanded=Literal(int(Tier.UNBANDED)),
        out=Literal(int(Tier.OUT_OF_SCOPE)),
    )


def _band(band: Band, as_of: date, column: Column) -> Composable:
    fits = SQL(" AND ").join(_conditions(band, as_of, column))
    if band.tier == Tier.WEALTH_MANAGEMENT:
        bit = Literal(int(Reason.ADMISSION_WEALTH_MANAGEMENT))
        fits = SQL("({admission} & {bit} <> 0 OR {fits})").format(admission=column("admission"), bit=bit, fits=fits)
    return SQL("WHEN {} THEN {}").format(fits, Literal(int(band.tier)))


def _conditions(band: Band, as_of: date, column: Column) -> list[Composable]:
    found = [_reached(band, column("aum"))]
    if band.ceiling is not None:
        operator = SQL("<=") if band.ceiling_inclusive else SQL("<")
        found.append(SQL("{} {} {}").format(column("aum"), operator, Literal(band.ceiling)))
    if band.max_age is not None:
        born = born_after(band, as_of)
        limit = SQL("IS NOT NULL") if born is None else SQL("> {}").format(_date(born))
        found.append(SQL("{} {}").format(column("birth_date"), limit))
    return found


def _reached(band: Band, aum: Composable) -> Composable:
    operator = SQL(">=") if band.floor_inclusive else SQL(">")
    return SQL("{} {} {}").format(aum, operator, Literal(band.floor))


def other_criteria(policy: Policy, column: Column = sql.Identifier) -> dict[Reason, Composable]:
    """Scope beside the assets. Null, which is not known, counts as not fulfilled wherever these stand."""
    found = {Reason.CARD_LEVEL: _at_least(column("card_level"), policy.scope.card_level)}
    for name in FIGURES:
        limit = getattr(policy.scope, name)
        figure = column(name) if limit > 0 else SQL("COALESCE({}, 0)").format(column(name))
        found[Reason.of_code(name.upper())] = _at_least(figure, limit)
    return found


def _at_least(figure: Composable, limit: int) -> Composable:
    return SQL("{} >= {}").format(figure, Literal(int(limit)))


def _reasons(policy: Policy, column: Column) -> Composable:
    """Admission bits are reason bits."""
    criteria = {Reason.AUM: _reached(policy.entry, column("aum"))} | other_criteria(policy, column)
    bits = [SQL("CASE WHEN {} THEN {} ELSE 0 END").format(holds, Literal(int(bit))) for bit, holds in criteria.items()]
    return SQL("(CASE WHEN {any} OR {admission} <> 0 THEN {admission} + {bits} ELSE 0 END)::smallint").format(
        any=SQL(" OR ").join(criteria.values()), admission=column("admission"), bits=SQL(" + ").join(bits)
    )


def _date(day: date) -> Composable:
    return SQL("{}::date").format(Literal(day.isoformat()))

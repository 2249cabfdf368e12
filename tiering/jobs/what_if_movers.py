"""Those of a basis whom a draft may put into another tier than they stand in, found by their place in an order: few
lines are looked at, and whoever moves is among them.
"""

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.jobs.tier_sql import FIGURES
from tiering.jobs.what_if_base import Trial
from tiering.models import WhatIfBasis
from tiering.rules.what_if import figures_of
from tiering.rules.what_if_edges import entry_edge, spans_that_differ

LINES = """
SELECT customer_id, branch_id, aum, birth_date, card_spend_year, personal_loan_balance, custody_margin, card_level,
  admission, standing
FROM tiering_whatifline WHERE basis_id = {basis} AND {condition}
"""


def may_move(trial: Trial, basis: WhatIfBasis, *, standing: tuple[int, ...] = ()) -> Composable:
    """As jobs.what_if_base.everybody has them; besides, all who stand in one of `standing`."""
    found, former = [], []
    for condition in _conditions(trial, standing):
        once = SQL(" AND ").join([condition, *(SQL("({}) IS NOT TRUE").format(each) for each in former)])
        found.append(SQL(LINES).format(basis=Literal(basis.pk), condition=once))
        former.append(condition)
    return SQL(" UNION ALL ").join(found)


def _conditions(trial: Trial, standing: tuple[int, ...]) -> list[Composable]:
    found = [SQL("held")]
    found += [
        SQL("aum BETWEEN {} AND {}").format(*map(Literal, span))
        for span in spans_that_differ(trial.present, trial.draft)
    ]
    if changed := scope_changes(trial):
        entry = max(entry_edge(trial.present), entry_edge(trial.draft))
        found.append(SQL("admission = 0 AND aum < {} AND ({})").format(Literal(entry), SQL(" OR ").join(changed)))
    if standing:
        found.append(SQL("standing = ANY({}::smallint[])").format(Literal(list(standing))))
    return found


def scope_changes(trial: Trial) -> list[Composable]:
    """Who meets a criterion beside the assets under one of the two policies alone."""
    return [*figure_changes(trial), *_card_changes(trial)]


def figure_changes(trial: Trial) -> list[Composable]:
    limits = zip(FIGURES, figures_of(trial.present.scope), figures_of(trial.draft.scope), strict=True)
    return [_between(figure, *sorted(pair)) for figure, *pair in limits if pair[0] != pair[1]]


def _card_changes(trial: Trial) -> list[Composable]:
    levels = sorted(int(policy.scope.card_level) for policy in (trial.present, trial.draft))
    return [_between("card_level", *levels)] if levels[0] != levels[1] else []


def _between(column: str, low: int, high: int) -> Composable:
    """Not known is nought."""
    figure = Identifier(column) if low > 0 else SQL("coalesce({}, 0)").format(Identifier(column))
    return SQL("({figure} >= {low} AND {figure} < {high})").format(figure=figure, low=Literal(low), high=Literal(high))

"""The movement under a draft, from the sums of a basis: at each limit everybody below it, and the difference of two
limits is who lies between them. Lines are read only from the last sum below a limit up to it, and where a criterion of
scope has another limit, those whom that puts in or out.
"""

from itertools import pairwise

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import Tier
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_movers import figure_changes
from tiering.jobs.what_if_tables import figures_met
from tiering.models import WhatIfBasis
from tiering.rules.what_if_edges import FAR, edges, entry_edge

# The last sum at or below each limit.
NEAREST = """
SELECT edge, coalesce((SELECT max(low) FROM tiering_whatifsum WHERE basis_id = {basis} AND low <= edge), {nothing})
FROM unnest({edges}::bigint[]) edge ORDER BY edge
"""
BY_AGE = """
SELECT {edge}::bigint AS edge, birth_date, admission, standing, customers, aum AS total FROM tiering_whatifsum
WHERE basis_id = {basis} AND low = {low} AND by_age
UNION ALL SELECT {edge}, birth_date, admission, standing, 1, aum FROM tiering_whatifline
WHERE basis_id = {basis} AND aum >= {low} AND aum < {edge}
"""
# Whoever is below a limit counts between it and the one before, and no longer beyond it. `aum` stands for the span.
BETWEEN = """
SELECT standing, {tier} AS draft, sign * customers AS customers, sign * total AS total
FROM (
  SELECT side.aum, side.sign, birth_date, admission, standing, customers, total, -1 AS card_level,
    -1 AS card_spend_year, -1 AS personal_loan_balance, -1 AS custody_margin
  FROM ({below}) below JOIN (VALUES {sides}) side (edge, aum, sign) USING (edge)
  WHERE admission <> 0 OR side.aum >= {entry}
) cell
"""
# Below the lowest band and admitted to nothing: in scope by a criterion beside the assets, or out of it.
UNREACHED = """
SELECT standing, CASE WHEN met OR card_level >= {card_level} THEN {unbanded} ELSE {out} END, customers, total FROM (
  SELECT standing, met, card_level, customers, aum AS total FROM tiering_whatifsum
  WHERE basis_id = {basis} AND low = {low} AND NOT by_age
  UNION ALL SELECT standing, coalesce({met}, false), card_level, 1, aum FROM tiering_whatifline
  WHERE basis_id = {basis} AND aum >= {low} AND aum < {entry} AND admission = 0
) cell
"""
# The sums have them as the present criteria do.
ANEW = """
SELECT standing, CASE WHEN then_met = (sign > 0) THEN {unbanded} ELSE {out} END, sign, sign * aum FROM (
  SELECT standing, aum, coalesce({now_met}, false) AS now_met, coalesce({then_met}, false) AS then_met
  FROM tiering_whatifline
  WHERE basis_id = {basis} AND admission = 0 AND aum < {entry} AND card_level < {card_level} AND ({changed})
) line, (VALUES (1), (-1)) side (sign)
WHERE now_met <> then_met
"""
MATRIX = """
SELECT standing, draft, sum(customers)::bigint, sum(total)::bigint
FROM ({parts}) part (standing, draft, customers, total)
GROUP BY standing, draft HAVING sum(customers) <> 0
"""
TIERS = {"unbanded": Literal(int(Tier.UNBANDED)), "out": Literal(int(Tier.OUT_OF_SCOPE))}


def matrix_of_cells(cursor, trial: Trial, basis: WhatIfBasis) -> list[tuple]:
    """From, to, customers, fen; where rules.what_if.cells_suffice, and the basis holds."""
    limits = [*edges(trial.draft), FAR]
    given = {"basis": Literal(basis.pk), "edges": Literal(limits), "nothing": Literal(-FAR)}
    cursor.execute(SQL(NEAREST).format(**given))
    nearest = dict(cursor.fetchall())
    parts = [_between(trial, basis, nearest), _unreached(trial, basis, nearest)]
    changed = figure_changes(trial)
    if changed:
        parts.append(_anew(trial, basis, changed))
    cursor.execute(SQL(MATRIX).format(parts=SQL(" UNION ALL ").join(parts)))
    return cursor.fetchall()


def _between(trial: Trial, basis: WhatIfBasis, nearest: dict[int, int]) -> Composable:
    below = [
        SQL(BY_AGE).format(edge=Literal(edge), low=Literal(low), basis=Literal(basis.pk))
        for edge, low in nearest.items()
    ]
    return SQL(BETWEEN).format(
        tier=tier_and_reasons(trial.draft, trial.as_of).tier,
        below=SQL(" UNION ALL ").join(below),
        sides=SQL(", ").join(_sides(list(nearest))),
        entry=Literal(entry_edge(trial.draft)),
    )


def _sides(limits: list[int]) -> list[Composable]:
    spans = pairwise([-FAR, *limits])
    found = [(high, low, 1) for low, high in spans] + [(low, low, -1) for low in limits if low != FAR]
    return [SQL("({}::bigint, {}::bigint, {})").format(*map(Literal, side)) for side in found]


def _unreached(trial: Trial, basis: WhatIfBasis, nearest: dict[int, int]) -> Composable:
    entry = entry_edge(trial.draft)
    return SQL(UNREACHED).format(
        card_level=Literal(int(trial.draft.scope.card_level)),
        basis=Literal(basis.pk),
        low=Literal(nearest[entry]),
        met=figures_met(trial.present),
        entry=Literal(entry),
        **TIERS,
    )


def _anew(trial: Trial, basis: WhatIfBasis, changed: list[Composable]) -> Composable:
    return SQL(ANEW).format(
        now_met=figures_met(trial.present),
        then_met=figures_met(trial.draft),
        basis=Literal(basis.pk),
        entry=Literal(entry_edge(trial.draft)),
        card_level=Literal(int(trial.draft.scope.card_level)),
        changed=SQL(" OR ").join(changed),
        **TIERS,
    )

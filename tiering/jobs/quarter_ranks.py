"""分类考核: as what somebody is assessed, and the rank of each indicator among all of that category in the bank.

The twins are rules.indicators.rates_of and ranked.
"""

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.enums import Indicator
from tiering.jobs.quarter import Assessed
from tiering.rules.indicators import COUNTED
from tiering.rules.quarter_owners import CATEGORY_BY_POSITION

# Numerator, denominator, and how they are divided to whole hundredths: counts as bigint, of which / leaves the rest
# away; 20,000 times an amount is too large for one.
COUNTS, MONEY = "({} / {})", "div({}, {})"
RATES = {
    Indicator.CHURN_RATE: ("churned", "opening_customers", COUNTS),
    Indicator.UPGRADE_RATE: ("upgraded", "opening_customers", COUNTS),
    Indicator.PRODUCT_COVERAGE: ("products", "closing_customers * {categories}", COUNTS),
    Indicator.CUSTOMER_GROWTH: ("new_customers - left_customers", "opening_customers", COUNTS),
    Indicator.AUM_GROWTH: ("closing_aum::numeric - opening_aum", "opening_aum::numeric", MONEY),
}
# Hundredths of a percent, rounded half up; null where there is nothing to divide by.
RATE = """
CASE WHEN {of} > 0 THEN CASE WHEN {number} < 0 THEN -{size} ELSE {size} END END AS {name}
"""
# Whoever has no rate stands apart and has no rank.
PLACE = """
CASE WHEN {name} IS NOT NULL THEN rank() OVER (PARTITION BY category, {name} IS NULL ORDER BY {name} {order}) END
"""
# In the order of their key, which is written faster then.
RANK = """
WITH rated AS MATERIALIZED (
  SELECT owner_id, position, category, {rates}
  FROM (SELECT owner_id, {tally} FROM assess_figures WHERE owner_id IS NOT NULL GROUP BY owner_id) tally
  JOIN assess_positions USING (owner_id) JOIN (VALUES {categories}) assessed (position, category) USING (position)
)
INSERT INTO tiering_assessedowner (assessment_id, owner_id, position, category, {names})
SELECT {assessment}, owner_id, position, category, {places} FROM rated ORDER BY owner_id
"""


def rank(cursor, assessed: Assessed) -> None:
    """Wants assess_figures and assess_positions."""
    text = SQL(RANK).format(
        assessment=Literal(assessed.assessment_id),
        names=_listed(Identifier(each) for each in Indicator),
        places=_listed(_place(each) for each in Indicator),
        rates=_listed(_rate(each, assessed) for each in Indicator),
        tally=_listed(SQL("sum_fen({0}) AS {0}").format(Identifier(name)) for name in COUNTED),
        categories=_listed(SQL("({}, {})").format(*map(Literal, pair)) for pair in CATEGORY_BY_POSITION.items()),
    )
    cursor.execute(text)


def _rate(indicator: Indicator, assessed: Assessed) -> Composable:
    number, of, divided = RATES[indicator]
    number, of = SQL(number), SQL(of).format(categories=Literal(assessed.listed))
    size = SQL(divided).format(SQL("(20000 * abs({}) + {})").format(number, of), SQL("(2 * {})").format(of))
    return SQL(RATE).format(name=Identifier(indicator), number=number, of=of, size=size)


def _place(indicator: Indicator) -> Composable:
    order = SQL("ASC" if indicator == Indicator.CHURN_RATE else "DESC")
    return SQL(PLACE).format(name=Identifier(indicator), order=order)


def _listed(parts) -> Composable:
    return SQL(", ").join(parts)

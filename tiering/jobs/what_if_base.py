"""Every customer of the newest day as one query: facts, standing tier, and the tier that a draft would give.

Whoever was closed or merged since the night is left out. Who stands without a line counts with the standing figures.
"""

from dataclasses import dataclass
from datetime import date

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import Reason
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.rules.policy import Policy

# A set that every worker has for itself: an anti-join keeps the look at the lines from being shared out.
KEPT = """
NOT IN (SELECT id FROM customers_customer WHERE legal_entity_id = {entity} AND status IN ('closed', 'merged'))
"""
LINES = """
SELECT l.customer_id, l.branch_id, l.aum, l.birth_date, l.card_spend_year, l.personal_loan_balance, l.custody_margin,
  l.card_level, l.admission, coalesce(s.tier, 0)::smallint AS standing
FROM tiering_snapshotline l LEFT JOIN tiering_tierassignment s ON s.customer_id = l.customer_id
WHERE l.legal_entity_id = {entity} AND l.as_of = {day} AND l.customer_id {kept}
"""
ABSENT = """
SELECT s.customer_id, s.branch_id, s.aum, c.birth_date, s.card_spend_year, s.personal_loan_balance, s.custody_margin,
  s.card_level, (s.reasons & {admissions})::smallint, s.tier
FROM tiering_tierassignment s JOIN customers_customer c ON c.id = s.customer_id
WHERE s.legal_entity_id = {entity} AND s.tier > 0 AND c.status NOT IN ('closed', 'merged')
  AND NOT EXISTS (SELECT FROM tiering_snapshotline l
    WHERE l.legal_entity_id = {entity} AND l.as_of = {day} AND l.customer_id = s.customer_id)
"""
STANDING = """
SELECT count(*) FROM tiering_tierassignment WHERE legal_entity_id = {entity} AND tier > 0 AND customer_id {kept}
"""
WITH_LINE = "SELECT count(*) FROM ({lines}) line WHERE standing > 0"
ADMISSIONS = int(Reason.ADMISSION_PRIVATE_WEALTH | Reason.ADMISSION_WEALTH_MANAGEMENT)


@dataclass(frozen=True)
class Trial:
    """A draft on the newest day of a legal entity; `present` is the policy that gave the day its tiers."""

    legal_entity_id: int
    as_of: date
    present: Policy
    draft: Policy

    @property
    def parts(self) -> dict[str, Composable]:
        day = SQL("{}::date").format(Literal(self.as_of.isoformat()))
        entity = Literal(self.legal_entity_id)
        return {
            "entity": entity,
            "day": day,
            "admissions": Literal(ADMISSIONS),
            "kept": SQL(KEPT).format(entity=entity),
        }


def everybody(trial: Trial, *, absent: bool) -> Composable:
    """`absent`: with those who stand and have no line."""
    texts = [LINES, ABSENT] if absent else [LINES]
    return SQL(" UNION ALL ").join(SQL(text).format(**trial.parts) for text in texts)


def tried(trial: Trial, people: Composable) -> Composable:
    """With `draft`, the tier that the draft would give."""
    return SQL("SELECT *, {} AS draft FROM ({}) person").format(tier_and_reasons(trial.draft, trial.as_of).tier, people)


def lacks_lines(cursor, trial: Trial, with_line: int | None = None) -> bool:
    """Whether somebody stands without a line, which is dear to list; `with_line`: how many stand who have one."""
    if with_line is None:
        with_line = _one(cursor, SQL(WITH_LINE).format(lines=everybody(trial, absent=False)))
    return _one(cursor, SQL(STANDING).format(**trial.parts)) != with_line


def _one(cursor, query: Composable) -> int:
    cursor.execute(query)
    return cursor.fetchone()[0]

"""升级意愿: a case for every owned customer who rose tonight; open ones follow the tier or lapse (rules.upgrades).

Referrals end with what they rest on.
"""

from dataclasses import dataclass

from tiering.enums import BANDED, Tier
from tiering.jobs.night import Night

LAPSE = """
UPDATE tiering_upgradecase c SET status = 'lapsed', decided_on = %(as_of)s
WHERE c.legal_entity_id = %(entity)s AND c.status = 'open' AND NOT EXISTS (
  SELECT FROM tiering_tierassignment t
  WHERE t.legal_entity_id = c.legal_entity_id AND t.customer_id = c.customer_id AND t.owner_id IS NOT NULL
    AND t.tier > c.from_tier)
"""
FOLLOW = """
UPDATE tiering_upgradecase c SET to_tier = t.tier, branch_id = t.branch_id
FROM tiering_tierassignment t
WHERE c.legal_entity_id = %(entity)s AND c.status = 'open'
  AND t.legal_entity_id = c.legal_entity_id AND t.customer_id = c.customer_id
  AND (c.to_tier, c.branch_id) IS DISTINCT FROM (t.tier, t.branch_id)
"""
# Owners that the night has dealt carry its own transaction's time: nobody had been there to stay with. `begun` is the
# tier before the day, of whom an earlier file of the day moved (rules.upgrades.risen_from).
OPEN = """
WITH begun AS (
  SELECT customer_id, (min(8 * id + from_tier) %% 8)::smallint AS tier FROM tiering_tiermove
  WHERE legal_entity_id = %(entity)s AND as_of = %(as_of)s AND run_id <> %(run)s GROUP BY customer_id
), asked AS (
  SELECT DISTINCT customer_id FROM tiering_upgradecase
  WHERE legal_entity_id = %(entity)s AND status = 'lapsed' AND decided_on = %(as_of)s
), risen AS (
  SELECT customer_id,
    CASE WHEN asked.customer_id IS NULL THEN greatest(d.from_tier, begun.tier) ELSE d.from_tier END AS from_tier
  FROM night_delta d LEFT JOIN begun USING (customer_id) LEFT JOIN asked USING (customer_id)
  WHERE d.tier > d.from_tier
)
INSERT INTO tiering_upgradecase (legal_entity_id, branch_id, customer_id, owner_id, opened_on, from_tier, to_tier,
  status, note)
SELECT t.legal_entity_id, t.branch_id, t.customer_id, t.owner_id, %(as_of)s, d.from_tier, t.tier, 'open', ''
FROM risen d
JOIN tiering_tierassignment t ON t.customer_id = d.customer_id
JOIN tiering_ownerassignment o
  ON o.legal_entity_id = t.legal_entity_id AND o.customer_id = t.customer_id AND o.owner_id = t.owner_id
  AND o.until IS NULL
WHERE t.legal_entity_id = %(entity)s AND d.from_tier > %(out_of_scope)s AND t.tier > d.from_tier
  AND t.tier = ANY(%(banded)s) AND o.recorded_at < now()
ON CONFLICT (customer_id) WHERE status = 'open' DO NOTHING
"""
# rules.referral.lasts
END_REFERRALS = """
UPDATE tiering_referral r SET until = greatest(since, %(as_of)s)
WHERE r.legal_entity_id = %(entity)s AND r.until IS NULL AND NOT EXISTS (
  SELECT FROM tiering_tierassignment t JOIN staff_staff s ON s.id = r.specialist_id
  WHERE t.customer_id = r.customer_id AND t.owner_id IS NOT NULL AND t.tier > %(out_of_scope)s AND s.is_active)
"""


@dataclass(frozen=True)
class UpgradeReport:
    """Cases, and the referrals that ended."""

    opened: int = 0
    lapsed: int = 0
    followed: int = 0
    referrals_ended: int = 0


def open_upgrade_cases(cursor, night: Night) -> UpgradeReport:
    """After the owners; wants night_delta. Nothing where the standing tiers are those of a newer day."""
    if not night.moves_standing:
        return UpgradeReport()
    values = {
        "entity": night.legal_entity_id,
        "as_of": night.as_of,
        "run": night.run_id,
        "out_of_scope": int(Tier.OUT_OF_SCOPE),
        "banded": [int(tier) for tier in BANDED],
    }
    lapsed = _run(cursor, LAPSE, values)
    followed = _run(cursor, FOLLOW, values)
    opened = _run(cursor, OPEN, values)
    return UpgradeReport(opened, lapsed, followed, _run(cursor, END_REFERRALS, values))


def _run(cursor, statement: str, values: dict) -> int:
    cursor.execute(statement, values)
    return cursor.rowcount

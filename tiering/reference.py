"""The policy that every legal entity begins with (rules 4.2, 4.6)."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tellerdesk.audit.services import record
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from tiering.enums import CardLevel, PolicyStatus, Tier
from tiering.models import ProductCategory, TierBand, TierPolicy
from tiering.rules.money import parse_fen

DATA = Path(__file__).parent / "data" / "standard_policy.json"
# Shared by all legal entities, so the event stands in a chain of its own.
SHARED = System(LegalEntity(code="-", name="-"))


def load_policy() -> bool:
    """Makes the standard policy where it is not there yet; says whether it did."""
    if TierPolicy.objects.filter(legal_entity=None).exists():
        return False
    _load(json.loads(DATA.read_text(encoding="utf-8")))
    return True


@transaction.atomic
def _load(given: dict) -> None:
    scope = given["scope"]
    policy = TierPolicy.objects.create(
        version=1,
        effective_from=date.fromisoformat(given["effective_from"]),
        note=given["note"],
        downgrade_grace_days=given["downgrade_grace_days"],
        card_level=CardLevel.of_code(scope["card_level"]),
        **{name: parse_fen(scope[name]) for name in ("card_spend_year", "personal_loan_balance", "custody_margin")},
    )
    bands = [_band(policy, band) for band in given["bands"]]
    categories = [
        ProductCategory.objects.create(policy=policy, bit=bit, **category)
        for bit, category in enumerate(given["product_categories"])
    ]
    policy.status, policy.approved_at = PolicyStatus.APPROVED, timezone.now()
    policy.save(update_fields=["status", "approved_at"])
    record("tiering.policy_loaded", subject=policy, by=SHARED, touched=[*bands, *categories])


def _band(policy: TierPolicy, given: dict) -> TierBand:
    ends = {"floor": parse_fen(given["floor"]), "ceiling": given["ceiling"] and parse_fen(given["ceiling"])}
    return TierBand.objects.create(policy=policy, **given | ends | {"tier": Tier.of_code(given["tier"])})

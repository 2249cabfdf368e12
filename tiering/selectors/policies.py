"""Policies as rules read them, and as people do."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.staff.enums import Position
from tiering.enums import CardLevel, PolicyStatus, Tier
from tiering.models import ProductCategory, TierBand, TierPolicy
from tiering.rules.policy import Band, Policy, Scope


def policy_row(legal_entity_id: int, day: date) -> TierPolicy:
    """The version in force on that day; before the first one, the first (a customer always has a policy)."""
    versions = TierPolicy.objects.of_entity(legal_entity_id)
    in_force = versions.in_force_on(day).first()
    return in_force or versions.in_force_on(date.max).last()


def policy_in_force(legal_entity_id: int, day: date) -> Policy:
    """Three queries."""
    return as_rules(policy_row(legal_entity_id, day))


def as_rules(row: TierPolicy) -> Policy:
    return rules_of(row, row.bands.order_by("-tier"), row.categories.order_by("bit"))


def rules_of(row: TierPolicy, bands, categories) -> Policy:
    scope = Scope(row.card_spend_year, row.personal_loan_balance, row.custody_margin, CardLevel(row.card_level))
    codes = {each.code: each.bit for each in categories}
    rows = tuple(_band(each) for each in bands)
    return Policy(row.version, row.effective_from, rows, scope, codes, row.downgrade_grace_days)


def _band(row) -> Band:
    ends = (row.floor, row.floor_inclusive, row.ceiling, row.ceiling_inclusive)
    age = (row.max_age, row.max_age_inclusive)
    return Band(Tier(row.tier), *ends, *age, tuple(row.positions), row.positions_needed)


@dataclass(frozen=True)
class Version:
    """One version as page and interface show it; `rules` are its limits, `is_past` was in force once."""

    row: TierPolicy
    band_rows: list[TierBand]
    category_rows: list[ProductCategory]
    in_force: bool
    is_past: bool

    def __getattr__(self, name):
        return getattr(self.row, name)

    @property
    def rules(self) -> Policy:
        return rules_of(self.row, self.band_rows, self.category_rows)

    @property
    def positions_by_tier(self) -> list[tuple[TierBand, list[str]]]:
        return [(band, [str(Position(each).label) for each in band.positions]) for band in self.band_rows]


def policy_versions(staff, day: date) -> list[Version]:
    """The one in force on that day first, then the newest. Three queries."""
    rows = list(TierPolicy.objects.of_entity(staff.legal_entity_id).prefetch_related("bands", "categories"))
    begun = [row for row in rows if row.status == PolicyStatus.APPROVED and row.effective_from <= day]
    current = begun[0] if begun else next((r for r in reversed(rows) if r.status == PolicyStatus.APPROVED), None)
    found = [_version(row, current, row in begun and row is not current) for row in rows]
    return sorted(found, key=lambda each: not each.in_force)


def policy_numbered(staff, number: int) -> Version | None:
    """Of the legal entity, else of the standard."""
    rows = TierPolicy.objects.of_entity(staff.legal_entity_id).filter(version=number)
    row = max(rows, key=lambda each: each.legal_entity_id is not None, default=None)
    return _version(row, None, False) if row else None


def _version(row: TierPolicy, current: TierPolicy | None, is_past: bool) -> Version:
    bands = sorted(row.bands.all(), key=lambda each: -each.tier)
    categories = sorted(row.categories.all(), key=lambda each: each.bit)
    return Version(row, bands, categories, row is current, is_past)

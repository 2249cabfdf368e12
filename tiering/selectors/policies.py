"""Policies as rules read them, and as people do."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tellerdesk.staff.enums import Position
from tiering.enums import CardLevel, PolicyStatus, PolicyStepKind, Tier
from tiering.models import PolicyStep, ProductCategory, TierBand, TierPolicy
from tiering.rules.policy import Band, Policy, Scope
from tiering.rules.policy_draft import Category, Draft


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


def draft_of(row: TierPolicy) -> Draft:
    """What a version says, as whoever drafts gives it. Two queries."""
    return as_draft(row, as_rules(row), row.categories.order_by("bit"))


def as_draft(row: TierPolicy, rules: Policy, categories) -> Draft:
    named = tuple(Category(each.code, each.name) for each in categories)
    return Draft(row.effective_from, row.note, rules.bands, rules.scope, rules.grace_days, named)


def _band(row) -> Band:
    ends = (row.floor, row.floor_inclusive, row.ceiling, row.ceiling_inclusive)
    age = (row.max_age, row.max_age_inclusive)
    return Band(Tier(row.tier), *ends, *age, tuple(row.positions), row.positions_needed)


# The steps whose people never approve.
HANDS = (PolicyStepKind.DRAFTED, PolicyStepKind.REVISED, PolicyStepKind.SUBMITTED)


@dataclass(frozen=True)
class Version:
    """One version as page and interface show it; `rules` are its limits, `is_past` was in force once.

    Of two approved ones that begin on one day the higher counts: the lower is `taken_over` and never begins.
    """

    row: TierPolicy
    band_rows: list[TierBand]
    category_rows: list[ProductCategory]
    in_force: bool
    is_past: bool
    taken_over: bool = False

    def __getattr__(self, name):
        return getattr(self.row, name)

    @property
    def begins(self) -> bool:
        """Approved, and its day is still to come."""
        is_approved = self.row.status == PolicyStatus.APPROVED
        return is_approved and not (self.in_force or self.is_past or self.taken_over)

    @property
    def is_discarded(self) -> bool:
        return self.row.status == PolicyStatus.DISCARDED

    @property
    def state(self) -> str:
        if self.in_force:
            return _("in force")
        if self.is_past:
            return pgettext("policy", "former")
        if self.taken_over:
            return _("never in force")
        return _("yet to begin") if self.begins else str(self.row.get_status_display())

    @cached_property
    def rules(self) -> Policy:
        return rules_of(self.row, self.band_rows, self.category_rows)

    @cached_property
    def draft(self) -> Draft:
        return as_draft(self.row, self.rules, self.category_rows)

    @cached_property
    def steps(self) -> list[PolicyStep]:
        return list(self.row.steps.all())

    @property
    def submitted_by(self):
        """Whoever submitted what waits or was approved; None for a draft, discarded or not."""
        if self.row.status in (PolicyStatus.DRAFT, PolicyStatus.DISCARDED):
            return None
        found = [step.by for step in self.steps if step.kind == PolicyStepKind.SUBMITTED]
        return found[-1] if found else None

    @property
    def returned(self) -> PolicyStep | None:
        """Why it is a draft again; None once it was revised or submitted after that."""
        last = self.steps[-1] if self.steps else None
        return last if last and last.kind == PolicyStepKind.RETURNED else None

    @property
    def discarded(self) -> PolicyStep | None:
        """By whom, when and why; None for whatever is no discarded draft."""
        return self.steps[-1] if self.is_discarded else None

    def is_of(self, staff) -> bool:
        """Whether they drafted or submitted it, and so never approve it."""
        return any(step.by_id == staff.pk for step in self.steps if step.kind in HANDS)

    @property
    def positions_by_tier(self) -> list[tuple[TierBand, list[str]]]:
        return [(band, [str(Position(each).label) for each in band.positions]) for band in self.band_rows]


@dataclass(frozen=True)
class Drawn:
    """What the number line shows of a version that nobody has kept yet."""

    version: int
    state: str
    rules: Policy


def policy_versions(staff, day: date) -> list[Version]:
    """The one in force on that day first, then the newest. Four queries."""
    steps = Prefetch("steps", PolicyStep.objects.select_related("by"))
    people = TierPolicy.objects.select_related("drafted_by", "approved_by", "based_on")
    rows = list(people.of_entity(staff.legal_entity_id).prefetch_related("bands", "categories", steps))
    begun = [row for row in rows if row.status == PolicyStatus.APPROVED and row.effective_from <= day]
    current = begun[0] if begun else next((r for r in reversed(rows) if r.status == PolicyStatus.APPROVED), None)
    last = {row.effective_from: row for row in reversed(rows) if row.status == PolicyStatus.APPROVED}
    found = [_version(row, current, row in begun and row is not current, last) for row in rows]
    return sorted(found, key=lambda each: not each.in_force)


def policy_numbered(staff, number: int) -> Version | None:
    """Of the legal entity, else of the standard."""
    rows = TierPolicy.objects.of_entity(staff.legal_entity_id).filter(version=number)
    row = max(rows, key=lambda each: each.legal_entity_id is not None, default=None)
    return _version(row, None, False, {}) if row else None


def _version(row: TierPolicy, current: TierPolicy | None, is_past: bool, last: dict[date, TierPolicy]) -> Version:
    """`last`: the approved version that counts, by the day it begins on."""
    bands = sorted(row.bands.all(), key=lambda each: -each.tier)
    categories = sorted(row.categories.all(), key=lambda each: each.bit)
    taken_over = row.status == PolicyStatus.APPROVED and last.get(row.effective_from) is not row
    return Version(row, bands, categories, row is current, is_past and not taken_over, taken_over)


def own_policy(staff, number: int) -> TierPolicy | None:
    """A version of the person's legal entity, the standard included: that one is approved, so nothing is done to it."""
    if not 0 < number < 2**31:
        return None
    return TierPolicy.objects.of_entity(staff.legal_entity_id).filter(version=number).first()


def category_names(legal_entity_id: int) -> dict[str, str]:
    """What every code was called last."""
    rows = ProductCategory.objects.of_entity(legal_entity_id).order_by("policy__version")
    return dict(rows.values_list("code", "name"))


def policies_to_decide(staff) -> int:
    """For spine and home: what waits for approval by somebody who has no hand in it. One query, none for others."""
    if not staff.postings_granting("tiering.approve_policy"):
        return 0
    waiting = TierPolicy.objects.filter(legal_entity_id=staff.legal_entity_id, status=PolicyStatus.SUBMITTED)
    return waiting.exclude(steps__in=PolicyStep.objects.filter(by=staff, kind__in=HANDS)).count()

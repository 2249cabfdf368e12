"""One customer's tier and owners, as the file, the tier's page and the API twin show them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.functional import cached_property

from customers.models import Customer
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import BANDED, Reason, Tier
from tiering.messages import missing_words, reason_text
from tiering.models import OwnerAssignment, TierAssignment, TierMove
from tiering.rules.completeness import Completeness, completeness, missing_positions
from tiering.rules.deadlines import is_overdue
from tiering.selectors.owed import with_due
from tiering.selectors.policies import policy_in_force

MOST_LINES = 200


@dataclass(frozen=True)
class CustomerTier:
    """`assignment` is None for a customer who never was in scope. `owners` are the present ones, the primary first."""

    customer: Customer
    assignment: TierAssignment | None
    owners: list[OwnerAssignment]

    @property
    def branch(self) -> Branch:
        """Where the customer is listed and counted: as of the last night, which may be before the latest move."""
        return self.assignment.branch if self.is_in_scope else self.customer.home_branch

    @property
    def tier(self) -> Tier:
        return Tier(self.assignment.tier) if self.assignment else Tier.OUT_OF_SCOPE

    @property
    def since(self) -> date | None:
        return self.assignment.since if self.assignment else None

    @property
    def reasons(self) -> list[Reason]:
        return Reason.in_mask(self.assignment.reasons) if self.assignment else []

    @property
    def reason_codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    @property
    def reason_text(self) -> str:
        return reason_text(self.assignment.reasons, self.assignment) if self.assignment else ""

    @property
    def figures(self) -> TierAssignment | None:
        """None out of scope: the row then is of the day the customer fell out, and is not looked after any more."""
        return self.assignment if self.is_in_scope else None

    @property
    def initial_maintainer(self) -> Staff | None:
        return self.assignment.initial_maintainer if self.assignment else None

    @property
    def credited_to(self) -> Staff | None:
        """初始维护人: whose the revenue stays, whoever looks after the customer now (rules 4.4)."""
        return self.initial_maintainer

    @property
    def credit_beneficiary(self) -> Branch | None:
        """Where the initial maintainer has left: the credit stays on record, and the customer's branch has it."""
        left = self.credited_to is not None and not self.credited_to.is_active
        return self.branch if left else None

    @property
    def is_in_scope(self) -> bool:
        return self.tier != Tier.OUT_OF_SCOPE

    @cached_property
    def lacks_owner(self) -> bool:
        """In a band, and nobody's."""
        return self.tier in BANDED and self.assignment.owner_id is None


@dataclass(frozen=True)
class Owed:
    """What the tier still wants of owners. `due_on` where there is none at all; `missing` positions where there is one
    and the policy names further ones, which is a mere warning where `completeness` says so.
    """

    due_on: date | None = None
    is_overdue: bool = False
    completeness: Completeness = Completeness.COMPLETE
    missing: tuple[str, ...] = ()

    @property
    def missing_words(self) -> str:
        return missing_words(self.missing)


NOTHING_OWED = Owed()


def owed_of(standing: CustomerTier, day: date) -> Owed:
    """Two to five queries for a customer in a band, none for others."""
    if standing.tier not in BANDED:
        return NOTHING_OWED
    if standing.lacks_owner:
        due = with_due(TierAssignment.objects.filter(pk=standing.assignment.pk)).values_list("due_on", flat=True).get()
        return Owed(due, is_overdue(due, day), Completeness.INCOMPLETE)
    band = policy_in_force(standing.assignment.legal_entity_id, day).band(standing.tier)
    if band is None:
        return NOTHING_OWED
    held = [row.position for row in standing.owners]
    state = completeness(band, held)
    missing = () if state == Completeness.COMPLETE else missing_positions(band, held)
    return Owed(completeness=state, missing=missing)


def customer_tier(customer: Customer) -> CustomerTier:
    """Two queries."""
    people = TierAssignment.objects.select_related("initial_maintainer", "branch")
    assignment = people.filter(customer=customer).first()
    return CustomerTier(customer, assignment, present_owners(customer))


def present_owners(customer: Customer) -> list[OwnerAssignment]:
    found = customer.owner_assignments.current().select_related("owner")
    return list(found.order_by("-is_primary", "since", "pk"))


@dataclass(frozen=True)
class TierStep:
    """A step from one tier to another; the higher number is the higher tier."""

    move: TierMove

    @property
    def from_tier(self) -> Tier:
        return Tier(self.move.from_tier)

    @property
    def to_tier(self) -> Tier:
        return Tier(self.move.to_tier)

    @property
    def rises(self) -> bool:
        return self.move.to_tier > self.move.from_tier

    @property
    def reason_codes(self) -> list[str]:
        return [reason.code for reason in Reason.in_mask(self.move.reasons)]

    @property
    def reason_text(self) -> str:
        return reason_text(self.move.reasons, Figures.of(self.move))


@dataclass(frozen=True)
class Figures:
    """A move's amounts by the names of a standing row."""

    aum: int
    card_spend_year: int
    personal_loan_balance: int
    custody_margin: int
    card_level: int

    @classmethod
    def of(cls, move: TierMove) -> "Figures":
        return cls(move.to_aum, move.card_spend_year, move.personal_loan_balance, move.custody_margin, move.card_level)


def tier_steps(customer: Customer) -> list[TierStep]:
    """The newest first."""
    return [TierStep(move) for move in customer.tier_moves.order_by("-as_of", "-pk")[:MOST_LINES]]


def owner_history(customer: Customer) -> list[OwnerAssignment]:
    """Present ones, the primary first, then the former, the last ended first."""
    found = customer.owner_assignments.select_related("owner", "by")
    return list(found.order_by(F("until").desc(nulls_first=True), "-is_primary", "-since", "-pk")[:MOST_LINES])

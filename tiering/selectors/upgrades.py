"""升级意愿: the open cases of one's view, and who may decide on each."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.core.api import PAGE_SIZE
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.enums import Tier
from tiering.models import OwnerAssignment, UpgradeCase
from tiering.selectors.scope import SET_OWNERS, Scope, listed_branches, may_set_owners, owned_now

CHOICE = "tiering.record_choice"
WITH = ("customer", "branch", "owner", "customer__tierassignment__owner")


@dataclass(frozen=True)
class CaseLine:
    """One open case; the owner shown is the present one, with whom the customer would stay, if there is one."""

    case: UpgradeCase
    today: date
    may_choose: bool

    @property
    def days(self) -> int:
        return (self.today - self.case.opened_on).days

    @property
    def from_tier(self) -> Tier:
        return Tier(self.case.from_tier)

    @property
    def to_tier(self) -> Tier:
        return Tier(self.case.to_tier)

    @property
    def customer_number(self) -> str:
        return self.case.customer.customer_number

    @property
    def full_name(self) -> str:
        return self.case.customer.name

    @property
    def name(self) -> str:
        return mask_name(self.full_name)

    @property
    def owner(self) -> Staff | None:
        return self.case.customer.tierassignment.owner

    @property
    def aum(self) -> int:
        return self.case.customer.tierassignment.aum


def open_cases(scope: Scope):
    """The oldest first."""
    return scope.of(UpgradeCase.objects.open()).select_related(*WITH).order_by("pk")


def page_of_cases(cases, after: str | None, *, size: int = PAGE_SIZE) -> tuple[list[UpgradeCase], str | None]:
    """And the key to go on with; numbers rise with the days."""
    rows = list(cases.filter(pk__gt=int(after or 0)).order_by("pk")[: size + 1])
    return rows[:size], str(rows[size - 1].pk) if len(rows) > size else None


def case_lines(cases, day: date, staff: Staff) -> list[CaseLine]:
    """With whether `staff` may decide on each, in two queries for all of them."""
    cases = list(cases)
    mine = set(
        owned_now(staff).filter(customer__in=[each.customer_id for each in cases]).values_list("customer", flat=True)
    )
    branches = set(listed_branches(staff, SET_OWNERS).values_list("pk", flat=True)) if cases else set()
    return [CaseLine(each, day, each.customer_id in mine or each.branch_id in branches) for each in cases]


def open_case_count(scope: Scope) -> int:
    return scope.of(UpgradeCase.objects.open()).count()


@dataclass(frozen=True)
class OpenChoice:
    """For the customer's file: the open case, if there is one."""

    case: UpgradeCase | None

    @property
    def number(self) -> int:
        return int(self.case is not None)


def open_case_of(customer) -> UpgradeCase | None:
    return customer.upgrade_cases.open().select_related("branch").first()


def case_in_view(staff: Staff, pk: int) -> UpgradeCase | None:
    """One that `staff` may decide on: an owner of the customer, or whoever may set owners there."""
    case = UpgradeCase.objects.of_entity_of(staff).select_related(*WITH).filter(pk=pk).first()
    return case if case and may_choose(staff, case) else None


def may_choose(staff: Staff, case: UpgradeCase) -> bool:
    return owns(staff, case.customer_id) or may_set_owners(staff, case.branch)


def owns(staff: Staff, customer: int) -> bool:
    return OwnerAssignment.objects.current().filter(owner=staff, customer=customer).exists()

"""升级意愿: the open cases of one's view, and who may decide on each."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.enums import Tier
from tiering.models import OwnerAssignment, UpgradeCase
from tiering.selectors.scope import Scope, may_set_owners

CHOICE = "tiering.record_choice"
WITH = ("customer", "branch", "owner", "customer__tierassignment__owner")


@dataclass(frozen=True)
class CaseLine:
    """One open case; the owner shown is the present one, with whom the customer would stay."""

    case: UpgradeCase
    today: date

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
    def owner(self) -> Staff:
        return self.case.customer.tierassignment.owner or self.case.owner

    @property
    def aum(self) -> int:
        return self.case.customer.tierassignment.aum


def open_cases(scope: Scope):
    """The oldest first."""
    return scope.of(UpgradeCase.objects.open()).select_related(*WITH).order_by("opened_on", "pk")


def case_lines(rows, day: date) -> list[CaseLine]:
    return [CaseLine(case, day) for case in rows]


def open_case_count(scope: Scope) -> int:
    return scope.of(UpgradeCase.objects.open()).count()


def open_case_of(customer) -> UpgradeCase | None:
    return customer.upgrade_cases.open().select_related("owner").first()


def case_in_view(staff: Staff, pk: int) -> UpgradeCase | None:
    """One that `staff` may decide on: an owner of the customer, or whoever may set owners there."""
    case = UpgradeCase.objects.of_entity_of(staff).select_related(*WITH).filter(pk=pk).first()
    return case if case and may_choose(staff, case) else None


def may_choose(staff: Staff, case: UpgradeCase) -> bool:
    return owns(staff, case.customer_id) or may_set_owners(staff, case.branch)


def owns(staff: Staff, customer: int) -> bool:
    return OwnerAssignment.objects.current().filter(owner=staff, customer=customer).exists()

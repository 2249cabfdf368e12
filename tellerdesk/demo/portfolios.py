"""What people did about owners: choices after a rise, referrals, an adoption carried out and one that waits."""

import io
from collections.abc import Callable

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import Tier
from tiering.models import UpgradeCase
from tiering.selectors.adoption import unowned_in
from tiering.selectors.specialists import specialists_for
from tiering.selectors.standing import present_owners
from tiering.services.adopting import adopt_by_file, adopt_by_hand
from tiering.services.owner_batches import apply_batch
from tiering.services.referring import refer
from tiering.services.upgrade_choices import record_change, record_stay

ADVISOR = "advisor"
DECIDED = 2  # choices; the rest stay open
ADOPTED = 2  # customers of the batch carried out
REFERRED_FOR = ("协助资产配置建议", "基金定投方案")


def load_portfolios(*, progress: Callable[[str], None] = print) -> None:
    """After the nights, which open the cases."""
    manager, second = _person("manager"), _person("manager2")
    if manager is None or second is None:
        return
    decided = _decide(manager)
    batches = _adopt(second)
    progress(f"sample portfolios: {decided} choices recorded, {batches} adoptions")


def _person(username: str) -> Staff | None:
    return Staff.objects.filter(username=username).first()


def _decide(manager: Staff) -> int:
    """The first stays, with two specialists beside the owner; the second chooses another."""
    cases = UpgradeCase.objects.open().filter(branch=manager.branch, to_tier=Tier.WEALTH_MANAGEMENT)
    cases = cases.exclude(customer__tierassignment__owner__username=ADVISOR)  # whom the customers turn to
    found = list(cases.select_related("customer__tierassignment__branch").order_by("pk")[:DECIDED])
    for case in found[:1]:
        record_stay(case=case, note="客户到店表示仍由原责任人维护", by=manager)
        _refer(case, manager)
    for case in found[1:]:
        record_change(case=case, owner=ADVISOR, note="客户要求由理财经理维护", by=manager)
    return len(found)


def _refer(case: UpgradeCase, manager: Staff) -> None:
    owners = {row.owner_id for row in present_owners(case.customer)}
    specialists = specialists_for(case.customer.tierassignment.branch, today()).items()
    free = [username for username, each in specialists if each.staff.pk not in owners]
    for username, note in zip(free, REFERRED_FOR, strict=False):
        refer(customer=case.customer, specialist=username, note=note, by=manager)


def _adopt(manager: Staff) -> int:
    """Of a branch without a wealth manager the night leaves the private customers to the manager. The second batch
    came by file, with a line that the first has overtaken.
    """
    branch: Branch = manager.branch
    rows = list(unowned_in(branch, (Tier.PRIVATE_WEALTH,)).values_list("customer__customer_number", flat=True))
    if len(rows) <= ADOPTED:
        return 0
    note = "网点暂无财富经理，由主管行长维护"
    batch = adopt_by_hand(branch=branch, customer_numbers=rows[:ADOPTED], owner="deputy", note=note, by=manager)
    apply_batch(batch=batch, by=manager)
    lines = "".join(f"{number},deputy,1,\n" for number in rows[ADOPTED - 1 :])
    data = f"客户号,责任人,主责,备注\n{lines}".encode()
    adopt_by_file(
        branch=branch,
        file_name="002运河支行领养清单.csv",
        source=lambda: io.BytesIO(data),
        note="年末集中分配",
        by=manager,
    )
    return 2

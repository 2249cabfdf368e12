"""A small bank after three nights, with something of everything: the end of a quarter, of a month, and a day.

Branch 001 has all positions, 011 stands below it without a manager, 002 beside it without a teller.
"""

from dataclasses import dataclass, field
from datetime import date

from tellerdesk.staff.models import Branch, LegalEntity, Staff
from tests.factories import make_branch, make_customer, make_entity, make_qualified, make_staff
from tests.tiering.nights import run_lines
from tests.training.makers import make_course

QUARTER_END, MONTH_END, DAY = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 23)
DAYS = (QUARTER_END, MONTH_END, DAY)
TODAY = date(2026, 11, 24)
HEADER = "customer_number,aum,card_spend_year"
# AUM on the three days, card spend; everybody is born in 1985.
CUSTOMERS = {
    "001": {
        "private": (2_500_000, 2_500_000, 2_600_000),
        "rose": (150_000, 150_000, 250_000),
        "fell in October": (250_000, 150_000, 150_000),
        "entered": (40_000, 40_000, 60_000),
        "left": (60_000, 60_000, 40_000),
        "up and down again": (60_000, 150_000, 60_000),
        "near the next": (98_000, 98_000, 98_000),
        "near the last": (205_000, 205_000, 205_000),
        "by card": (1_000, 1_000, 1_000, 62_000),
        "about to enter": (48_000, 48_000, 48_000),
        "poor": (100, 100, 100),
    },
    "011": {"lead of 011": (130_000, 130_000, 130_000)},
    "002": {"staff of 002": (75_000, 75_000, 75_000), "wealth of 002": (400_000, 500_000, 500_000)},
}
STAFF = (
    ("manager", "branch_manager", "001", "方砚"),
    ("lobby", "lobby_manager", "001", "程小满"),
    ("advisor", "financial_advisor", "001", "苏晚晴"),
    ("wealth", "wealth_manager", "001", "秦望舒"),
    ("president", "branch_president", "001", "陆鸣谦"),
    ("teller", "teller", "001", "许知微"),
    ("teller011", "teller", "011", "林一诺"),
    ("manager2", "branch_manager", "002", "邹砺"),
    ("advisor2", "financial_advisor", "002", "江疏影"),
    ("deputy", "deputy_president", "000", "顾维桢"),
    ("headoffice", "head_office", "000", "沈听澜"),
    ("auditor", "auditor", "000", "钟恪"),
)


@dataclass
class Bank:
    entity: LegalEntity
    branches: dict[str, Branch]
    staff: dict[str, Staff]
    customers: dict[str, str] = field(default_factory=dict)

    def night(self, place: int, day: date | None = None) -> None:
        """The file of the place-th day."""
        rows = {name: row for group in CUSTOMERS.values() for name, row in group.items()}
        lines = [f"{self.customers[name]},{row[place]},{row[3] if len(row) > 3 else 0}" for name, row in rows.items()]
        run = run_lines(self.entity, day or DAYS[place], "\n".join([HEADER, *lines, ""]).encode())
        assert (run.status, run.rejected) == ("succeeded", 0), run.rejects_by_code


def make_bank(*, nights: int = 3, courses: bool = False) -> Bank:
    if courses:
        make_course()
    entity = make_entity()
    first = make_branch("001")
    branches = {
        "000": entity.branch_set.get(code="000"),
        "001": first,
        "011": make_branch("011", parent=first, name="运河分理处"),
        "002": make_branch("002", name="湖滨支行"),
    }
    staff = {
        username: make_staff(username, position=position, branch=branches[branch], name=name)
        for username, position, branch, name in STAFF
    }
    bank = Bank(entity, branches, staff)
    opener = {code: make_staff(f"opener{code}", position="supervisor", branch=branches[code]) for code in CUSTOMERS}
    for code, group in CUSTOMERS.items():
        for name in group:
            bank.customers[name] = make_customer(by=opener[code], name="欧阳娜娜").customer_number
    for place in range(nights):
        bank.night(place)
    if courses:
        for each in staff.values():
            make_qualified(each)
    return bank

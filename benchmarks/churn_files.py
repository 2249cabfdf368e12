"""A published churn file as a bank's files: its people get made-up documents, its balances become assets.

Semicolon-separated, with CustomerId, Surname, Geography, Gender, Age, Balance, NumOfProducts and HasCrCard.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from customers.rules.check_digits import mod_11_2
from tellerdesk.core.ages import age_on, years_after

BRANCHES = {"France": "001", "Spain": "002", "Germany": "003"}
COUNTY, FIRST_SEQUENCE, SEQUENCES = "330106", 100, 400
PRODUCTS = ("存款", "理财", "基金", "保险")
CUSTOMER_HEADER = "客户号,姓名,性别,证件类型,证件号码,起始日,到期日,职业,地址,手机号,归属网点"
SNAPSHOT_HEADER = "客户号,个人金融资产,卡级别,持有产品"


@dataclass(frozen=True)
class Person:
    """`balance` as the file writes it, in yuan."""

    customer_number: str
    surname: str
    is_male: bool
    age: int
    balance: str
    branch: str
    products: int
    has_card: bool
    document_number: str


def people(path: Path, *, today: date) -> list[Person]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_person(place, row, today) for place, row in enumerate(csv.DictReader(file, delimiter=";"))]


def _person(place: int, row: dict[str, str], today: date) -> Person:
    male, age = row["Gender"] == "Male", int(row["Age"])
    return Person(
        customer_number=row["CustomerId"],
        surname=row["Surname"],
        is_male=male,
        age=age,
        balance=row["Balance"],
        branch=BRANCHES[row["Geography"]],
        products=int(row["NumOfProducts"]),
        has_card=row["HasCrCard"] == "1",
        document_number=resident_number(place, age, male, today),
    )


def resident_number(place: int, age: int, male: bool, today: date) -> str:
    """A valid number nobody else of the file has, of somebody of that age on that day."""
    day, sequence = divmod(place, SEQUENCES)
    born = years_after(today, -age) - timedelta(days=day)
    if age_on(born, today) != age:
        raise ValueError(f"{born} is not {age} on {today}")
    body = f"{COUNTY}{born:%Y%m%d}{FIRST_SEQUENCE + 2 * sequence + male:03}"
    return body + mod_11_2(body)


def customer_file(found: list[Person]) -> Iterator[str]:
    yield CUSTOMER_HEADER
    for place, each in enumerate(found):
        name = each.surname.replace(",", " ")
        cells = (
            *(each.customer_number, name, "男" if each.is_male else "女", "居民身份证", each.document_number),
            *("2020-01-01", "长期", "商业服务", "浙江省杭州市样例路1号"),
            *(f"139{place:08}", each.branch),
        )
        yield ",".join(cells)


def snapshot_file(found: list[Person]) -> Iterator[str]:
    yield SNAPSHOT_HEADER
    for each in found:
        products = ";".join(PRODUCTS[: each.products])
        yield ",".join((each.customer_number, each.balance, "普通" if each.has_card else "无", products))

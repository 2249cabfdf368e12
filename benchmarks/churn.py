"""Tiers of people nobody here made up: a published churn file as customers and as a snapshot, through the real jobs.

Everything is then compared with arithmetic that shares no code with the jobs: tiers with rules.evaluation, bands with
plain comparisons of what the file says.
"""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.churn_files import BRANCHES, Person, customer_file, people, snapshot_file
from benchmarks.figures import table
from customers.jobs.import_customers import run_import
from customers.models import Customer, CustomerImport
from customers.services.importing import queue_import
from tellerdesk.core.business_date import today
from tellerdesk.files.storage import keep
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, LegalEntity, Staff
from tellerdesk.staff.services.accounts import create_staff
from tellerdesk.staff.services.places import create_branch, found_legal_entity
from tellerdesk.staff.system import System
from tiering.enums import CardLevel, Tier
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun, OwnerAssignment, SnapshotLine, TierAssignment
from tiering.rules.evaluation import Facts, evaluate
from tiering.selectors.policies import policy_in_force

CODE = "CH"
STAFF = {
    Position.WEALTH_MANAGER: 2,
    Position.BRANCH_PRESIDENT: 1,
    Position.FINANCIAL_ADVISOR: 3,
    Position.BRANCH_MANAGER: 1,
    Position.LOBBY_MANAGER: 1,
    Position.TELLER: 6,
}


def run(path: Path) -> bool:
    """Whether everything agrees."""
    entity, head = bank()
    found = people(path, today=today())
    imported = import_people(found, head)
    customers = Customer.objects.filter(legal_entity=entity)
    night = load_day(found, entity, today() - timedelta(days=1))
    checks = {
        "every line became a customer": imported.accepted == len(found) == customers.count(),
        "every line of the snapshot was accepted": (night.accepted, night.rejected) == (len(found), 0),
        "every tier and reason agrees with the rules": differing(found, entity, night.as_of) == [],
        "every band agrees with the file's own figures": bands_of(night) == bands_by_hand(found),
        "owners are balanced": max(spread for *_, spread in loads(entity)) <= 1,
        "nobody in a band is without an owner": night.unowned == 0,
    }
    report(found, imported, night, entity, checks)
    return all(checks.values())


def bank() -> tuple[LegalEntity, Staff]:
    entity = found_legal_entity(code=CODE, name="流失样例银行", head_office_name="总行")
    by, office = System(entity), Branch.objects.get(legal_entity=entity)
    for country, code in BRANCHES.items():
        branch = create_branch(code=code, name=country, parent=office, by=by)
        for position, number in STAFF.items():
            for place in range(number):
                post(f"ch{code}{position[:2]}{position[-3:]}{place}", position, branch, by)
    post("chdeputy", Position.DEPUTY_PRESIDENT, office, by)
    return entity, post("chhead", Position.HEAD_OFFICE, office, by)


def post(username: str, position: str, branch: Branch, by) -> Staff:
    about = {"username": username, "name": username, "position": position, "since": date(2020, 1, 1)}
    return create_staff(branch=branch, by=by, **about).staff


def import_people(found: list[Person], head: Staff) -> CustomerImport:
    stored = keep(encoded(customer_file(found)))
    imported = queue_import(stored=stored, file_name="customers.csv", dry_run=False, by=head)
    run_import(imported.pk)
    imported.refresh_from_db()
    return imported


def load_day(found: list[Person], entity: LegalEntity, day: date) -> NightlyRun:
    stored = keep(encoded(snapshot_file(found)))
    about = {"file_name": "snapshot.csv", "file_size": stored.size, "stored": stored.name}
    return run_night(NightlyRun.objects.create(legal_entity=entity, as_of=day, **about).pk)


def encoded(lines: Iterable[str]) -> Iterable[bytes]:
    return (f"{line}\r\n".encode() for line in lines)


def differing(found: list[Person], entity: LegalEntity, day: date) -> list[str]:
    """Customers whose line of the day, or whose standing, is not what the rules make of the file."""
    policy = policy_in_force(entity.pk, day)
    numbers = dict(Customer.objects.filter(legal_entity=entity).values_list("customer_number", "pk"))
    lines = SnapshotLine.objects.filter(legal_entity_id=entity.pk, as_of=day)
    by_customer = {pk: (tier, mask) for pk, tier, mask in lines.values_list("customer_id", "tier", "reasons")}
    standing = dict(TierAssignment.objects.filter(legal_entity=entity).values_list("customer_id", "tier"))
    return [
        each.customer_number
        for each in found
        if not agrees(evaluate(facts_of(each), policy), numbers[each.customer_number], by_customer, standing)
    ]


def agrees(due, customer: int, lines: dict, standing: dict) -> bool:
    told = lines.get(customer) == (due.tier, due.reason_mask)
    return told and standing.get(customer, Tier.OUT_OF_SCOPE) == due.tier


def facts_of(person: Person) -> Facts:
    card = CardLevel.STANDARD if person.has_card else CardLevel.NONE
    return Facts(aum=int(Decimal(person.balance) * 100), age=person.age, card_level=card)


def bands_by_hand(found: list[Person]) -> Counter:
    """As somebody with the file and a pencil would count."""
    bands = Counter()
    for each in found:
        balance = float(each.balance)
        if balance > 2_000_000:
            bands["private_wealth"] += 1
        elif balance >= 200_000:
            bands["wealth_management"] += 1
        elif balance >= 100_000:
            bands["branch_lead"] += 1
        elif balance >= 50_000:
            bands["branch_staff" if each.age <= 60 else "unbanded"] += 1
        else:
            bands["out_of_scope"] += 1
    return bands


def bands_of(night: NightlyRun) -> Counter:
    return Counter({tier: count for tier, count in night.tiers.items() if count})


def loads(entity: LegalEntity) -> list[tuple[str, str, int, int, int, int]]:
    """Per branch and position: people, fewest and most customers of one of them, and the difference."""
    open_now = OwnerAssignment.objects.current().filter(legal_entity=entity)
    owned = Counter(open_now.values_list("owner", flat=True))
    rows = []
    for branch in Branch.objects.filter(legal_entity=entity, code__in=BRANCHES.values()):
        for group in ([Position.BRANCH_MANAGER, Position.LOBBY_MANAGER], *([each] for each in STAFF)):
            people = Staff.objects.filter(posting__branch=branch, posting__position__in=group)
            counts = [owned[each.pk] for each in people]
            rows.append(
                (branch.name, "+".join(group), len(counts), min(counts), max(counts), max(counts) - min(counts))
            )
    dealt = [row for row in rows if row[4]]
    return [row for row in dealt if row[1] not in (Position.BRANCH_MANAGER, Position.LOBBY_MANAGER)]


def report(found, imported, night, entity, checks) -> None:
    print(f"\n{len(found):,} customers imported in {imported.seconds:.1f} s, {imported.rejected} rejected")
    print(f"the night took {night.seconds:.1f} s: {night.seconds_by_step}")
    started = time.monotonic()
    rows = [[tier.code, night.tiers.get(tier.code, 0), bands_by_hand(found)[tier.code]] for tier in reversed(Tier)]
    table("Customers by tier", ["", "the night", "by hand"], rows)
    heads = ["branch", "position", "people", "fewest", "most", "difference"]
    table(f"Customers of one owner ({time.monotonic() - started:.1f} s)", heads, [list(row) for row in loads(entity)])
    table("Agreement", ["", ""], [[what, "yes" if holds else "NO"] for what, holds in checks.items()])

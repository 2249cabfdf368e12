"""1,000 changes wait; eight checkers go through all that their branch may decide, each in an order of its own."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from threading import Barrier

from benchmarks.figures import table
from benchmarks.site import Visitor
from customers.models import Amendment, Customer
from customers.rules.check_digits import mod_11_2
from customers.rules.documents import parse_document
from customers.rules.particulars import Particulars
from customers.services import amend_customer, check_identity, open_customer
from tellerdesk.audit.verification import verify
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff

REQUESTS = 1_000
# Four people open, so that nobody asks more often in a minute than is allowed.
OPENERS = ("teller", "supervisor", "teller2", "supervisor2")
CHECKERS = {"teller": ("supervisor", "manager"), "teller2": ("supervisor2", "manager2")}
CLIENTS = 2  # for each checker
AT_ONCE = 120  # seconds that a checker waits for the others
FIRST_BIRTH = date(1961, 1, 1)


def run(port: int) -> None:
    staff = {each.username: each for each in Staff.objects.filter(username__in=[*OPENERS, *CHECKERS])}
    customers = [opened(place, staff[OPENERS[place % len(OPENERS)]]) for place in range(REQUESTS)]
    waiting = {maker: [] for maker in CHECKERS}
    for place, customer in enumerate(customers):
        maker = list(CHECKERS)[place % 2]
        waiting[maker].append(asked(customer, place, staff[maker]))
    jobs = [(checker, waiting[maker]) for maker, names in CHECKERS.items() for checker in names * CLIENTS]
    visitors = [Visitor(port).log_in(checker) for checker, _ in jobs]
    start, begun = Barrier(len(jobs)), time.monotonic()
    with ThreadPoolExecutor(len(jobs)) as pool:
        working = [
            pool.submit(work, visitor, queue, Random(place), start)
            for place, (visitor, (_, queue)) in enumerate(zip(visitors, jobs, strict=True))
        ]
        answers = Counter(answer for each in working for answer in each.result())
    report(answers, customers, time.monotonic() - begun)


def opened(place: int, by: Staff) -> Customer:
    day = FIRST_BIRTH + timedelta(days=place)
    body = f"330106{day:%Y%m%d}{100 + place % 700:03}"
    paper = parse_document("resident_id", body + mod_11_2(body), today=today())
    check = check_identity(name="样例复", paper=paper, business="open_customer", by=by)
    entered = Particulars(
        name="样例复",
        occupation="clerical",
        address="浙江省杭州市西湖区样例路1号",
        mobile=mobile(place, 0),
        document_type="resident_id",
        document_number=paper.normalized,
        valid_from=date(2020, 1, 1),
        long_term=True,
    )
    return open_customer(check_id=check.pk, particulars=entered, by=by).customer


def mobile(place: int, change: int) -> str:
    return f"1540{change}{place:06}"


def asked(customer: Customer, place: int, by: Staff) -> int:
    changes = {"mobile": mobile(place, 1)}
    return amend_customer(customer=customer, changes=changes, in_person=True, reason="样例", by=by).pk


def work(visitor: Visitor, queue: list[int], chance: Random, start: Barrier) -> list[tuple[int, str]]:
    start.wait(AT_ONCE)
    found = []
    for pk in chance.sample(queue, len(queue)):
        status, body = visitor.call(f"amendments/{pk}/approve/", {})
        found.append((status, body.get("code", "")))
    return found


def report(answers: Counter, customers: list[Customer], seconds: float) -> None:
    now = dict(Customer.objects.filter(pk__in=[each.pk for each in customers]).values_list("pk", "mobile"))
    once = sum(now[each.pk] == mobile(place, 1) for place, each in enumerate(customers))
    versions = Customer.objects.filter(pk__in=now, version=2).count()
    waiting = Amendment.objects.filter(customer__in=now, status="pending_review").count()
    asked_in_vain = REQUESTS * (2 * CLIENTS - 1)
    rows = [
        ["200 approved", answers[200, ""], REQUESTS],
        ["409 decided already", answers[409, "already_decided"], asked_in_vain],
        ["anything else", answers.total() - answers[200, ""] - answers[409, "already_decided"], 0],
        ["customers with the change, applied once", min(once, versions), REQUESTS],
        ["still waiting", waiting, 0],
        ["faults in the audit", len(verify().faults), 0],
    ]
    title = f"Approvals: 8 checkers at once over {REQUESTS:,} changes in {seconds:.0f} s"
    table(title, ["", "counted", "due"], rows)

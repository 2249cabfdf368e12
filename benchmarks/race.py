"""64 clients at 64 counters open 8 persons, all at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from benchmarks.figures import table
from benchmarks.site import Visitor
from customers.models import Customer
from customers.rules.check_digits import mod_11_2

CLIENTS, PERSONS = 64, 8
TELLERS = ("teller", "supervisor", "teller2", "supervisor2")  # of two branches of one legal entity
AT_ONCE = 120  # seconds that a client waits for the others
NAME = "样例竞"


def run(port: int) -> None:
    numbers = [number_of(place) for place in range(PERSONS)]
    before, start = Customer.objects.count(), Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        visits = [pool.submit(visit, port, place, numbers[place % PERSONS], start) for place in range(CLIENTS)]
        answers = [each.result() for each in visits]
    opened = {body["customer_number"] for status, body in answers if status == 201}
    told = [body["context"].get("customer_number") for status, body in answers if status == 409]
    counts = Counter(status for status, _ in answers)
    rows = [
        ["201 opened", counts[201], PERSONS],
        ["409 with the number", sum(number in opened for number in told), CLIENTS - PERSONS],
        ["anything else", CLIENTS - counts[201] - counts[409], 0],
        ["customers more than before", Customer.objects.count() - before, PERSONS],
    ]
    table(f"Race, {CLIENTS} clients open {PERSONS} persons at once", ["", "counted", "due"], rows)


def number_of(place: int) -> str:
    body = f"330106{date(1960, 2, 1 + place):%Y%m%d}{900 - 2 * place - 1:03}"
    return body + mod_11_2(body)


def visit(port: int, place: int, number: str, start: Barrier) -> tuple[int, dict]:
    """Each has made a check of its own before; only the openings meet."""
    visitor = Visitor(port).log_in(TELLERS[place % len(TELLERS)])
    document = {"name": NAME, "document_type": "resident_id", "document_number": number}
    status, check = visitor.call("identity-checks/", document | {"business": "open_customer"})
    if status != 201:
        raise RuntimeError(f"no check: {status}")
    start.wait(AT_ONCE)
    return visitor.call("customers/", document | particulars(check["id"]))


def particulars(check: int) -> dict:
    return {
        "identity_check": check,
        "occupation": "clerical",
        "address": "浙江省杭州市西湖区样例路1号",
        "mobile": "15400000001",
        "valid_from": "2020-01-01",
        "long_term": True,
    }

"""What is thrown at the interface: the right bodies of its calls, and everything that may stand in their place."""

import json
from contextlib import contextmanager

from django.db import connection, transaction

from tests.factories import (
    make_check,
    make_customer,
    make_resident_number,
)

API = "/api/v1/"
NAME = "顾青禾"
WRONG_TYPES = {
    "null": None,
    "empty list": [],
    "list": ["x"],
    "nested list": [[["x"]]],
    "empty object": {},
    "object": {"a": {"b": 1}},
    "int": 7,
    "minus": -1,
    "float": 1.5,
    "huge": 10**400,
    "true": True,
    "false": False,
}
WRONG_TEXTS = {
    "blank": "",
    "spaces": "   ",
    "nul": "a\x00b",
    "lone surrogate": "\ud800",
    "emoji": "😀",
    "bell": "a\x07",
    "rtl": "a\u202eb",
    "unknown word": "no-such-value",
    "long": "长" * 10_001,
    "private use": "\ue000",
    "not a date": "2026-02-30",
    "huge": "9" * 400,
}
WRONG = {f"type {name}": value for name, value in WRONG_TYPES.items()} | {
    f"text {name}": value for name, value in WRONG_TEXTS.items()
}
TABLES = (
    "customers_customer",
    "customers_identitydocument",
    "customers_identitykey",
    "customers_identitycheck",
    "customers_auxiliarypaper",
    "customers_amendment",
    "customers_agent",
    "customers_receipt",
    "audit_auditevent",
)
BLANK = {"text blank", "text spaces"}
WORDS = {"text unknown word", "text not a date"}


class Caller:
    def __init__(self, client, staff):
        self.client = client
        client.raise_request_exception = False
        client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")

    def send(self, method, path, body, content_type="application/json"):
        """`body` is JSON to be or bytes as they are. Answers status and parsed body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.generic(method, API + path, data, content_type=content_type)
        return answer.status_code, json.loads(answer.content) if answer.content else None


@contextmanager
def undone():
    """What a call wrote is taken back, so that the next one meets the same database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in TABLES))
        return dict(cursor.fetchall())


AGENT = {
    "name": "钱多多",
    "document_type": "resident_id",
    "document_number": "11010519491231002X",
    "mobile": "13800000127",
    "relation": "entrusted",
    "reason": "行动不便",
    "authority": "委托书",
}
OPENING = {
    "name": NAME,
    "nationality": "CHN",
    "occupation": "agriculture",
    "occupation_detail": "",
    "address": "浙江省杭州市样例路1号",
    "employer_address": "",
    "mobile": "13900000128",
    "phone": "",
    "email": "",
    "document_type": "resident_id",
    "valid_from": "2020-01-01",
    "valid_until": "2040-01-01",
    "long_term": False,
    "issuing_authority": "",
    "ethnic_group": "",
    "marital_status": "",
    "education": "",
    "income_band": "",
    "tax_residency": "",
    "risk_level": "",
    "has_cheque_account": False,
    "settled_abroad": False,
    "unit_proof": False,
    "agent": AGENT,
    "sex": "male",
    "birth_date": "1985-03-12",
    "document_number": "",
    "identity_check": 0,
}
DECISION = {
    "decision": "proceed",
    "reason": "",
    "photo_matches": True,
    "reader_genuine": True,
    "police_receipt": "",
    "auxiliary": [{"document_type": "driving_licence", "document_number": "", "same_name": True}],
}
AMENDMENT = {
    "changes": {"address": "浙江省杭州市样例路2号"},
    "in_person": False,
    "agent": AGENT,
    "reason": "搬家",
    "version": 1,
}


def opening_call(teller):
    number = make_resident_number()
    check = make_check(number, by=teller, name=NAME)
    sex = "male" if int(number[16]) % 2 else "female"
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return "customers/", OPENING | {
        "document_number": number,
        "identity_check": check.pk,
        "sex": sex,
        "birth_date": born,
    }


def check_call(teller):
    number = make_resident_number()
    body = {"name": NAME, "document_type": "resident_id", "document_number": number, "business": "open_customer"}
    return "identity-checks/", body


def parse_call(teller):
    return "documents/parse/", {"document_type": "resident_id", "document_number": make_resident_number()}


def decision_call(teller):
    number = make_resident_number(sequence=900)
    check = make_check(number, by=teller, name=NAME)
    paper = DECISION["auxiliary"][0] | {"document_number": number}
    return f"identity-checks/{check.pk}/decision/", DECISION | {"auxiliary": [paper]}


def amendment_call(teller):
    customer = make_customer(by=teller)
    return f"customers/{customer.customer_number}/amendments/", AMENDMENT


CALLS = {
    parse_call: ("document_type", "document_number"),
    check_call: ("name", "document_type", "document_number", "business"),
    decision_call: (
        *DECISION,
        "auxiliary.0",
        "auxiliary.0.document_type",
        "auxiliary.0.document_number",
        "auxiliary.0.same_name",
    ),
    opening_call: (*OPENING, *(f"agent.{name}" for name in AGENT)),
    amendment_call: (*AMENDMENT, *(f"agent.{name}" for name in AGENT)),
}

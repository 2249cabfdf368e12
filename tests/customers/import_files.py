"""Customer files as people send them, and imports run as the worker runs them."""

from datetime import date

from customers.jobs.import_customers import run_import
from customers.models import CustomerImport
from customers.rules.import_columns import COLUMNS
from customers.services import queue_import
from tellerdesk.files.storage import keep
from tests.factories import make_branch, make_entity, make_resident_number, make_staff

HEADER = [column.name for column in COLUMNS[:16]]
CHINESE = [column.chinese for column in COLUMNS[:16]]
PERSON = {
    "name": "顾青禾",
    "nationality": "中国",
    "occupation": "农林牧渔",
    "address": "浙江省杭州市样例路1号",
    "mobile": "13900000128",
    "document_type": "居民身份证",
    "valid_from": "2020-01-01",
    "valid_until": "2040/1/1",
}


def line(number: str | None = None, **changes) -> dict:
    """A person nobody has seen, as a core system writes one; `number` is that of the identity document."""
    return {**PERSON, "document_number": number or make_resident_number(born=date(1985, 3, 12)), **changes}


def csv(*lines: dict, header: list[str] = HEADER, names: list[str] = HEADER, delimiter: str = ",") -> str:
    rows = [delimiter.join(header), *(delimiter.join(str(each.get(name, "")) for name in names) for each in lines)]
    return "\n".join(rows) + "\n"


def head_office(entity_code: str = "HZ", **fields):
    """Somebody who may import; branch 001 is there for the lines."""
    entity = make_entity(entity_code, "杭城农村商业银行" if entity_code == "HZ" else "甬江农村商业银行")
    make_branch("001", entity=entity)
    return make_staff(position="head_office", branch=make_branch("000", entity=entity), **fields)


def sent(content: str | bytes, *, by, dry_run: bool = False) -> CustomerImport:
    data = content if isinstance(content, bytes) else content.encode()
    return queue_import(stored=keep([data]), file_name="客户.csv", dry_run=dry_run, by=by)


def imported(content: str | bytes, *, by, dry_run: bool = False) -> CustomerImport:
    run = sent(content, by=by, dry_run=dry_run)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def counts(run: CustomerImport) -> tuple:
    return run.status, run.rows, run.accepted, run.rejected


def rejected(run: CustomerImport) -> list[tuple]:
    return list(run.rejects.order_by("line").values_list("line", "code", "problems"))

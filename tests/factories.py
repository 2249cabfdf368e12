"""Rows for tests, made the short way but with the event that seals them, in one transaction as the seal wants it.

Append makers of your own area at the end.
"""

from datetime import date
from functools import lru_cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from customers.models import Customer, IdentityCheck
from customers.rules.documents import parse_document
from customers.rules.particulars import Particulars
from customers.services import check_identity, open_customer
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.services import approve_limit, ask_for_limit
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, LegalEntity, Posting, Staff
from tellerdesk.staff.system import System
from training.closing import _grant
from training.enums import ClosedBy
from training.models import Attempt, Course

PASSWORD = "correct-horse-7"
LONG_AGO = date(2020, 1, 1)
serial = count(1)
positions = tuple(Position)


@lru_cache(maxsize=1)
def hashed_password() -> str:
    """Hashed once: argon2 is slow by design."""
    return make_password(PASSWORD)


@transaction.atomic
def make_entity(code: str = "HZ", name: str = "杭城农村商业银行") -> LegalEntity:
    """The entity of that code, made at the first call, with its head office as branch 000."""
    entity = LegalEntity.objects.filter(code=code).first()
    if entity is None:
        entity = LegalEntity.objects.create(code=code, name=name)
        head = Branch.objects.create(legal_entity=entity, code="000", name="总行", path="/000/")
        record("staff.entity_founded", subject=entity, by=System(entity), touched=[head])
    return entity


@transaction.atomic
def make_branch(
    code: str = "001", *, entity: LegalEntity | None = None, parent: Branch | None = None, name="城东支行"
) -> Branch:
    """The branch of that code; under the head office unless `parent` is given."""
    entity = entity or (parent.legal_entity if parent else make_entity())
    branch = Branch.objects.filter(legal_entity=entity, code=code).first()
    if branch is None:
        parent = parent or Branch.objects.get(legal_entity=entity, code="000")
        path = f"{parent.path}{code}/"
        branch = Branch.objects.create(legal_entity=entity, code=code, name=name, parent=parent, path=path)
        record("staff.branch_created", subject=branch, by=System(entity), detail={"code": code, "name": name})
    return branch


@transaction.atomic
def make_staff(
    username: str | None = None,
    *,
    position: str | None = Position.TELLER,
    branch: Branch | None = None,
    since: date = LONG_AGO,
    until: date | None = None,
    name: str = "许知微",
    **fields,
) -> Staff:
    """A member of staff with one posting (none where `position` is None); the password is PASSWORD."""
    branch = branch or make_branch()
    username = username or f"s{next(serial):05}"
    staff = Staff.objects.create(
        username=username, name=name, legal_entity=branch.legal_entity, **({"password": hashed_password()} | fields)
    )
    record("staff.created", subject=staff, by=System(branch.legal_entity), detail={"username": username, "name": name})
    if position:
        make_posting(staff, position=position, branch=branch, since=since, until=until)
    return staff


def sign_in(staff: Staff, client: Client | None = None) -> Client:
    """A client with a page login, without asking for the password."""
    client = client or Client()
    client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")
    return client


@transaction.atomic
def make_posting(
    staff: Staff, *, position: str, branch: Branch, since: date = LONG_AGO, until: date | None = None
) -> Posting:
    posting = Posting.objects.create(staff=staff, position=position, branch=branch, since=since, until=until)
    detail = {"username": staff.username, "position": position, "branch": str(branch)}
    record("staff.posted", subject=staff, by=System(staff.legal_entity), detail=detail, touched=[posting])
    staff.__dict__.pop("postings_now", None)
    return posting


# customers

CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_resident_number(*, born: date = date(1985, 3, 12), sequence: int | None = None, region: str = "330106") -> str:
    """A valid citizen number nobody here has had; `sequence` steers the simulated online check (900 is a mismatch).

    With it the holder was born within eight years of `born`: 26 and more when the tests' cards were issued.
    """
    place = next(serial)
    day = date.fromordinal(born.toordinal() + place % 2900) if sequence else born
    body = f"{region}{day:%Y%m%d}{sequence or 100 + place % 780:03d}"
    if not sequence:
        body = f"{region}{date.fromordinal(born.toordinal() + place // 780):%Y%m%d}{100 + place % 780:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, CHECK_WEIGHTS, strict=True)) % 11]


def make_particulars(number: str, **changes) -> Particulars:
    """What a teller enters for an ordinary opening with this number."""
    values = {
        "name": "顾青禾",
        "occupation": "agriculture",
        "address": "浙江省杭州市样例路1号",
        "mobile": "13900000128",
        "document_type": "resident_id",
        "document_number": number,
        "valid_from": date(2020, 1, 1),
        "valid_until": date(2040, 1, 1),
    }
    return Particulars(**(values | changes))


def make_check(
    number: str, *, by: Staff, name: str = "顾青禾", document_type="resident_id", business="open_customer"
) -> IdentityCheck:
    paper = parse_document(document_type, number, today=today())
    return check_identity(name=name, paper=paper, business=business, by=by)


def make_customer(*, by: Staff | None = None, number: str | None = None, **changes) -> Customer:
    """Opened as at the counter, by a teller of branch 001 where nobody is named."""
    by = by or make_staff()
    number = number or make_resident_number()
    particulars = make_particulars(number, **changes)
    check = make_check(number, by=by, name=particulars.name, document_type=particulars.document_type)
    return open_customer(check_id=check.pk, particulars=particulars, by=by).customer


@transaction.atomic
def make_qualified(staff: Staff, *courses: str) -> Staff:
    """Has passed the courses named, both where none is, all right, and without the rows of the single questions."""
    for course in Course.objects.filter(code__in=courses or ("counter-cif", "customer-maintenance")):
        now = timezone.now()
        attempt = Attempt.objects.create(
            staff=staff,
            course=course,
            number=Attempt.objects.of(staff).filter(course=course).count() + 1,
            pass_mark=course.pass_mark,
            started_at=now,
            submitted_at=now,
            closed_by=ClosedBy.PERSON,
            score=100,
            right=1,
            total=1,
            passed=True,
        )
        record("training.attempt_submitted", subject=attempt, by=staff, detail={"course": course.title_zh})
        _grant(attempt, by=staff)
    return staff


# limits


def make_limit(name: str, value: int, *, entity: LegalEntity | None = None) -> LimitChange:
    """In force, asked for and approved by two of head office."""
    head = Branch.objects.get(legal_entity=entity or make_entity(), code="000")
    maker, checker = (make_staff(position=Position.HEAD_OFFICE, branch=head) for _ in range(2))
    change = ask_for_limit(name=name, value=value, reason="例会决定", by=maker)
    return approve_limit(change=change, by=checker)

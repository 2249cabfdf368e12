"""Rows for tests, made the short way but with the event that seals them. Append makers of your own area at the end."""

from datetime import date
from functools import lru_cache
from itertools import count

from django.contrib.auth.hashers import make_password

from tellerdesk.audit.services import record
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, LegalEntity, Posting, Staff
from tellerdesk.staff.system import System

PASSWORD = "correct-horse-7"
LONG_AGO = date(2020, 1, 1)
serial = count(1)
positions = tuple(Position)


@lru_cache(maxsize=1)
def hashed_password() -> str:
    """Hashed once: argon2 is slow by design."""
    return make_password(PASSWORD)


def make_entity(code: str = "HZ", name: str = "杭城农村商业银行") -> LegalEntity:
    """The entity of that code, made at the first call, with its head office as branch 000."""
    entity = LegalEntity.objects.filter(code=code).first()
    if entity is None:
        entity = LegalEntity.objects.create(code=code, name=name)
        head = Branch.objects.create(legal_entity=entity, code="000", name="总行", path="/000/")
        record("staff.entity_founded", subject=entity, by=System(entity), touched=[head])
    return entity


def make_branch(code: str = "001", *, entity: LegalEntity | None = None, parent: Branch | None = None, name="城东支行") -> Branch:
    """The branch of that code; under the head office unless `parent` is given."""
    entity = entity or (parent.legal_entity if parent else make_entity())
    branch = Branch.objects.filter(legal_entity=entity, code=code).first()
    if branch is None:
        parent = parent or Branch.objects.get(legal_entity=entity, code="000")
        path = f"{parent.path}{code}/"
        branch = Branch.objects.create(legal_entity=entity, code=code, name=name, parent=parent, path=path)
        record("staff.branch_created", subject=branch, by=System(entity), detail={"code": code, "name": name})
    return branch


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


def make_posting(staff: Staff, *, position: str, branch: Branch, since: date = LONG_AGO, until: date | None = None) -> Posting:
    posting = Posting.objects.create(staff=staff, position=position, branch=branch, since=since, until=until)
    detail = {"username": staff.username, "position": position, "branch": str(branch)}
    record("staff.posted", subject=staff, by=System(staff.legal_entity), detail=detail, touched=[posting])
    staff.__dict__.pop("postings_now", None)
    return posting

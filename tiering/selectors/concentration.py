"""二八视图 over the standing customers of a scope; one statement ranks them by their money, whatever their number."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Sum, Window
from django.db.models.functions import RowNumber

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.models import TierAssignment
from tiering.rules.concentration import HEADS, MOST_OF_IT, Concentration, Head, part
from tiering.selectors.scope import Scope

MOST_LINES = 60
CHUNK = 5000


@dataclass(frozen=True)
class Part:
    """A branch or an owner: how many of its customers bring most of its money."""

    code: str
    name: str
    customers: int
    aum: int
    bringing: int
    bringing_aum: int


@dataclass(frozen=True)
class BringingLine:
    """One of them; the name masked, `running` what those so far have together."""

    place: int
    customer_number: str
    full_name: str
    branch: str
    owner_name: str
    tier: int
    aum: int
    running: int

    @property
    def name(self) -> str:
        return mask_name(self.full_name)


def holders(scope: Scope, owner: Staff | None = None):
    """In scope, with anything at all."""
    rows = scope.of(TierAssignment.objects.in_scope().filter(aum__gt=0))
    return rows.filter(owner=owner) if owner else rows


def placed(rows, *by: str):
    """With place and running sum, the richest first; ties by customer. `by`: each group for itself."""
    order = [F("aum").desc(), F("customer_id").asc()]
    partition = [F(each) for each in by] or None
    return rows.annotate(
        place=Window(RowNumber(), partition_by=partition, order_by=order),
        running=Window(Sum("aum"), partition_by=partition, order_by=order),
    )


def concentration_of(scope: Scope, owner: Staff | None = None) -> Concentration:
    """Three queries: the sums, the marks of the curve, who brings most of it."""
    rows = holders(scope, owner)
    found = rows.aggregate(customers=Count("*"), aum=Sum("aum"))
    number, total = found["customers"], int(found["aum"] or 0)
    marks = {part(number, each) for each in (*range(1, 101), *HEADS)}
    wanted = placed(rows).filter(place__in=marks).values_list("place", "running")
    running = {0: 0} | {place: int(amount) for place, amount in wanted}
    last = _last_bringing(rows, total)
    heads = tuple(Head(each, part(number, each), running[part(number, each)]) for each in HEADS)
    curve = tuple(running[part(number, each)] for each in range(101))
    return Concentration(number, total, last[0], last[1], heads, curve)


def _last_bringing(rows, total: int) -> tuple[int, int]:
    """Place and AUM of the customer with whom most of the money is reached."""
    most = -(-total * MOST_OF_IT // 100)
    reached = placed(rows).filter(running__gte=most).order_by("place").values_list("place", "aum").first()
    return reached or (0, 0)


def bringing(scope: Scope, owner: Staff | None = None):
    """Rows of those who bring most of the money, with their place."""
    rows = holders(scope, owner)
    total = int(rows.aggregate(aum=Sum("aum"))["aum"] or 0)
    most = -(-total * MOST_OF_IT // 100)
    return placed(rows).filter(running__lt=most + F("aum")).order_by("place")


COLUMNS = ("customer__customer_number", "customer__name", "branch__code", "branch__name", "owner__name", "tier", "aum")


def page_bringing(rows, *, after: int = 0, size: int = 50) -> tuple[list[BringingLine], int | None]:
    """Lines and the place to go on after."""
    found = list(rows.filter(place__gt=after).values_list("place", *COLUMNS, "running")[: size + 1])
    lines = [_line(row) for row in found[:size]]
    return lines, lines[-1].place if len(found) > size else None


def _line(row: tuple) -> BringingLine:
    place, number, name, code, branch, owner, tier, aum, running = row
    return BringingLine(place, number, name, f"{code} {branch}", owner or "", tier, aum, int(running))


def parts_by_branch(scope: Scope) -> list[Part]:
    return _parts(holders(scope), "branch_id", "branch__code", "branch__name")


def parts_by_owner(scope: Scope) -> list[Part]:
    return _parts(holders(scope).filter(owner__isnull=False), "owner_id", "owner__username", "owner__name")


def _parts(rows, key: str, code: str, name: str) -> list[Part]:
    """Two queries; the richest first, MOST_LINES of them at most."""
    totals = rows.order_by().values_list(key, code, name).annotate(number=Count("*"), total=Sum("aum"))
    first = list(totals.order_by("-total", code)[:MOST_LINES])
    whole = rows.filter(**{f"{key}__in": [row[0] for row in first]})
    ranked = placed(whole, key).annotate(total=Window(Sum("aum"), partition_by=[F(key)]))
    heads = {}
    for of, aum in ranked.filter(running__lt=_most(F("total")) + F("aum")).values_list(key, "aum").iterator():
        count, amount = heads.get(of, (0, 0))
        heads[of] = count + 1, amount + aum
    return [Part(row[1], row[2], row[3], int(row[4]), *heads.get(row[0], (0, 0))) for row in first]


def _most(total):
    return total * MOST_OF_IT / 100


def every_bringing(scope: Scope, owner: Staff | None = None) -> Iterator[BringingLine]:
    """Read as they are written, in the order of the places."""
    rows = bringing(scope, owner).values_list("place", *COLUMNS, "running")
    return map(_line, rows.iterator(chunk_size=CHUNK))


def owner_of(scope: Scope, username: str) -> Staff | None:
    """Somebody who owns customers of the scope; where one sees one's own alone, oneself."""
    if not username.isascii() or "\x00" in username:
        return None
    if scope.own:
        return scope.staff if scope.staff.username == username else None
    found = Staff.objects.of_entity_of(scope.staff).filter(username=username).first()
    return found if found and holders(scope, found).exists() else None

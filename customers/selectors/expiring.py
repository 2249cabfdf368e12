"""到期证件: customers whose document is about to run out or has, within the reader's lists (rules 1.5, 1.2.6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentKind, AmendmentStatus, CustomerStatus
from customers.models import Amendment, IdentityDocument, Postponement
from customers.rules.expiry import WINDOWS, grace_ends
from customers.selectors.limits import grace_days
from customers.selectors.work import listed_customers
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Branch

PAGE, CHUNK = 50, 2000
EXPIRED, OVER = "expired", "over"
WITHIN = (*map(str, WINDOWS), EXPIRED, OVER)
WORDS = {
    "7": _("within 7 days"),
    "30": _("within 30 days"),
    "90": _("within 90 days"),
    EXPIRED: _("expired, in the time of grace"),
    OVER: _("beyond the time of grace"),
}


@dataclass(frozen=True)
class Asked:
    """Whose list: `within` is one of WITHIN, `branch` a code or blank for all branches in view."""

    staff: object
    as_of: date
    within: str = "90"
    branch: str = ""

    @cached_property
    def grace(self) -> int:
        return grace_days(self.staff.legal_entity_id)


@dataclass(frozen=True)
class ExpiringLine:
    """`name` masked. `proposal` is the id of the suspension that waits for a manager, None where there is none;
    `is_due` where there is none yet although the time of grace is over: the next daily run proposes it.
    """

    pk: int
    customer_number: str
    name: str
    status: str
    branch: str
    document_type: str
    number_masked: str
    valid_until: date
    days_left: int
    grace_ends: date
    postponed_until: date | None
    proposal: int | None
    proposed_by_system: bool
    is_due: bool

    @property
    def key(self) -> str:
        return f"{self.valid_until:%Y%m%d}.{self.pk}"


def within_reach(asked: Asked):
    """Primary documents of the customers one may list."""
    customers = listed_customers(asked.staff)
    if asked.branch:
        customers = customers.filter(home_branch__code=asked.branch)
    return IdentityDocument.objects.primary().filter(customer__in=customers)


def lists_several_branches(staff) -> bool:
    return len(Branch.objects.visible_to(staff, "customers.look_up").values_list("pk")[:2]) > 1


def window(asked: Asked, within: str) -> Q:
    """Days to come count the last day itself; the two of the past do not overlap."""
    day = asked.as_of
    if within == EXPIRED:
        return Q(valid_until__lt=day, valid_until__gte=day - timedelta(days=asked.grace))
    if within == OVER:
        return Q(valid_until__lt=day - timedelta(days=asked.grace))
    return Q(valid_until__gte=day, valid_until__lte=day + timedelta(days=int(within)))


def counts(asked: Asked) -> dict[str, int]:
    """How many customers each window holds, by one query."""
    latest = asked.as_of + timedelta(days=max(WINDOWS))
    wanted = {f"w_{each}": Count("pk", filter=window(asked, each)) for each in WITHIN}
    found = within_reach(asked).filter(valid_until__lte=latest).aggregate(**wanted)
    return {each: found[f"w_{each}"] for each in WITHIN}


def page(asked: Asked, after: str = "", *, size: int = PAGE) -> tuple[list[ExpiringLine], str | None]:
    """The most pressing first: by the last day, then by the record. Lines and the key to go on with."""
    rows = within_reach(asked).filter(window(asked, asked.within), past(after))
    rows = rows.select_related("customer__home_branch").annotate(**beside()).order_by("valid_until", "pk")
    found = list(rows[: size + 1])
    lines = [line_of(row, asked) for row in found[:size]]
    return lines, lines[-1].key if len(found) > size else None


def beside() -> dict:
    """What is known of the customer's suspension, in the same query."""
    waiting = Amendment.objects.filter(
        customer=OuterRef("customer"), kind=AmendmentKind.SUSPENSION, status=AmendmentStatus.PENDING_REVIEW
    )
    put_off = Postponement.objects.filter(document=OuterRef("pk")).order_by().values("document")
    return {
        "proposal": Subquery(waiting.values("pk")[:1]),
        "proposer": Subquery(waiting.values("maker")[:1]),
        "postponed_until": Subquery(put_off.annotate(last=Max("until")).values("last")),
    }


def past(after: str) -> Q:
    """Rows behind the key; a text that is no key begins anew."""
    day, _point, pk = after.partition(".")
    if not (day.isascii() and day.isdigit() and len(day) == 8 and pk.isascii() and pk.isdigit() and len(pk) < 19):
        return Q()
    try:
        day = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return Q()
    return Q(valid_until__gt=day) | Q(valid_until=day, pk__gt=int(pk))


def every_line(asked: Asked) -> Iterator[ExpiringLine]:
    after: str | None = ""
    while after is not None:
        lines, after = page(asked, after, size=CHUNK)
        yield from lines


def line_of(row: IdentityDocument, asked: Asked) -> ExpiringLine:
    customer = row.customer
    ends = grace_ends(row.valid_until, grace_days=asked.grace, postponed_until=row.postponed_until)
    return ExpiringLine(
        pk=row.pk,
        customer_number=customer.customer_number,
        name=mask_name(customer.name),
        status=customer.status,
        branch=str(customer.home_branch),
        document_type=row.document_type,
        number_masked=row.number_masked,
        valid_until=row.valid_until,
        days_left=(row.valid_until - asked.as_of).days,
        grace_ends=ends,
        postponed_until=row.postponed_until,
        proposal=row.proposal,
        proposed_by_system=row.proposal is not None and row.proposer is None,
        is_due=row.proposal is None and customer.status == CustomerStatus.ACTIVE and asked.as_of > ends,
    )


@dataclass(frozen=True)
class Standing:
    """What an expired primary document leads to, for the customer's file; None dates where it has no last day."""

    grace_ends: date | None
    is_over: bool
    postponements: list[Postponement]


def standing_of(document: IdentityDocument | None, *, as_of: date) -> Standing | None:
    """None while the document is valid. Two queries otherwise."""
    if document is None or document.valid_until is None or document.valid_until >= as_of:
        return None
    put_off = list(document.postponements.select_related("by").order_by("-pk"))
    last = max((each.until for each in put_off), default=None)
    end = grace_ends(document.valid_until, grace_days=grace_days(document.legal_entity_id), postponed_until=last)
    return Standing(end, as_of > end, put_off)

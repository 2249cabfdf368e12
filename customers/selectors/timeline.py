"""One timeline out of several tables: each gives its newest lines, the newest of all make the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet

from customers.enums import HistoryKind
from customers.models import Customer
from tellerdesk.audit.selectors import Change
from tellerdesk.core.business_date import bounds

PAGE_SIZE = 50
KEY = re.compile(r"([0-9]{1,17})\.([0-9]{1,2})\.([0-9]{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Key:
    """The place of a line: the newest first, of one instant by source, of one source the later row first."""

    at: datetime
    rank: int
    pk: int

    def __str__(self):
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.rank}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """None for a text that is none, and for the start."""
        found = KEY.fullmatch(text or "")
        return cls(EPOCH + int(found[1]) * MICROSECOND, int(found[2]), int(found[3])) if found else None

    @property
    def order(self) -> tuple:
        return ((EPOCH - self.at) // MICROSECOND, self.rank, -self.pk)


@dataclass(frozen=True)
class Approval:
    """经办 and 复核 of one request. `checker` is empty where nobody has decided, or nobody had to.

    `status` is that of the request, `reason` the maker's, `decision_reason` the checker's.
    """

    kind: str
    status: str
    maker: str
    maker_username: str
    made_at: datetime
    checker: str
    checker_username: str
    decided_at: datetime | None
    reason: str
    decision_reason: str

    @property
    def waits(self) -> bool:
        return self.status == "pending_review"


@dataclass(frozen=True)
class HistoryLine:
    """`person` did it. `about` is the number of a customer merged into this one, where the line is about that one.

    `changes` are as stored, `differences` the same in words; `asked_for` where they are a request and not yet so.
    `facts` are (label, words); `link` is (URL name, its arguments, words) of the paper that goes with it.
    """

    at: datetime
    pk: int
    kind: HistoryKind
    sentence: str
    username: str = ""
    person: str = ""
    branch: str = ""
    action: str = ""
    key: str = ""
    reason: str = ""
    about: str = ""
    changes: dict = field(default_factory=dict)
    differences: tuple[Change, ...] = ()
    asked_for: bool = False
    approval: Approval | None = None
    facts: tuple[tuple[str, str], ...] = ()
    receipt: int | None = None


@dataclass(frozen=True)
class HistoryAsked:
    """`numbers` are the customer's own number and those merged into it, by id. `in_full`: nothing is masked.

    `rank` and `size` are set for each source in turn.
    """

    customer: Customer
    numbers: dict[int, str]
    kind: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    after: Key | None = None
    in_full: bool = False
    rank: int = 0
    size: int = PAGE_SIZE

    def newest(self, rows: QuerySet, at: str = "at") -> QuerySet:
        """The rows of the period that come after the key, as many as can stand on the page."""
        if self.since:
            rows = rows.filter(**{f"{at}__gte": bounds(self.since)[0]})
        if self.until:
            rows = rows.filter(**{f"{at}__lt": bounds(self.until)[1]})
        if self.after:
            rows = rows.filter(self._further(at), **{f"{at}__lte": self.after.at})
        return rows.order_by(f"-{at}", "-pk")[: self.size]

    def _further(self, at: str) -> Q:
        older, at_once = Q(**{f"{at}__lt": self.after.at}), Q(**{at: self.after.at})
        if self.rank > self.after.rank:
            return older | at_once
        return older | at_once & Q(pk__lt=self.after.pk) if self.rank == self.after.rank else older

    def picked(self, lines: Iterable[HistoryLine]) -> list[HistoryLine]:
        """The same for lines that were made before they could be sorted out: those of the night, a few a year."""
        first = bounds(self.since)[0] if self.since else None
        last = bounds(self.until)[1] if self.until else None
        fitting = [
            line
            for line in lines
            if (first is None or line.at >= first)
            and (last is None or line.at < last)
            and (not self.person or line.username == self.person)
            and (self.after is None or self.key_of(line).order > self.after.order)
        ]
        return sorted(fitting, key=lambda line: self.key_of(line).order)[: self.size]

    def key_of(self, line: HistoryLine) -> Key:
        return Key(line.at, self.rank, line.pk)

    def of_customer(self, rows: QuerySet) -> QuerySet:
        """An index that ends with the time serves one customer, and no set of them."""
        return rows.filter(customer__in=self.numbers) if len(self.numbers) > 1 else rows.filter(customer=self.customer)

    def about(self, customer_id: int | None) -> str:
        return self.numbers.get(customer_id, "") if customer_id != self.customer.pk else ""

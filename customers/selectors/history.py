"""The history of one customer: who changed what on whose approval, who looked and why, checks, receipts, standing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils import timezone
from django.utils.module_loading import import_string

from customers.history_sources import SOURCES
from customers.models import Customer
from customers.selectors.timeline import PAGE_SIZE, HistoryAsked, HistoryLine, Key

CHUNK = 1000


@dataclass(frozen=True)
class HistoryPage:
    """`following` is the key to go on with, None on the last page."""

    lines: list[HistoryLine]
    following: str | None

    @property
    def days(self) -> list[tuple]:
        return [(day, list(lines)) for day, lines in groupby(self.lines, lambda line: timezone.localdate(line.at))]


def asked_of(customer: Customer, *, after: str = "", **conditions) -> HistoryAsked:
    """With the numbers that were merged into the customer. One query."""
    numbers = dict(customer.absorbed.values_list("pk", "customer_number"))
    return HistoryAsked(
        customer=customer,
        numbers={customer.pk: customer.customer_number} | numbers,
        after=Key.read(after),
        **conditions,
    )


def history_page(asked: HistoryAsked, *, size: int = PAGE_SIZE) -> HistoryPage:
    """By keyset. Each source is asked for no more than a page, however much it holds."""
    found = []
    for rank, (kind, path) in enumerate(SOURCES):
        if asked.kind and kind and asked.kind != kind:
            continue
        of_source = replace(asked, rank=rank, size=size + 1)
        found += [(of_source.key_of(line), line) for line in import_string(path)(of_source)]
    found.sort(key=lambda pair: pair[0].order)
    following = str(found[size - 1][0]) if len(found) > size else None
    return HistoryPage([line for _key, line in found[:size]], following)


def every_line(asked: HistoryAsked, *, most: int) -> Iterator[HistoryLine]:
    """Some hundreds at a time."""
    given, following = 0, ""
    while following is not None and given < most:
        page = history_page(replace(asked, after=Key.read(following)), size=min(CHUNK, most - given))
        yield from page.lines
        given, following = given + len(page.lines), page.following

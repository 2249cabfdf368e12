"""Likely duplicates of the branches whose lists one may see, the strongest first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from customers.models import Customer, DuplicatePair, DuplicateSearch, IdentityDocument
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Branch

LIST_DUPLICATES = "customers.list_duplicates"
PAGE = 20
EXPORTED_AT_ONCE = 1_000
KEY = re.compile(r"([0-9]{1,3})\.([0-9]{1,18})", re.ASCII)
# Of the strength, from and to, both included.
BANDS = {"strong": (70, 100), "medium": (40, 69), "weak": (0, 39)}
STATUSES = (DuplicatePair.Status.OPEN, DuplicatePair.Status.DISMISSED)


@dataclass(frozen=True)
class Suspect:
    """One of the two, as lists show people."""

    customer: Customer
    document: IdentityDocument | None

    @property
    def name(self) -> str:
        return mask_name(self.customer.name)


@dataclass(frozen=True)
class PairLine:
    pair: DuplicatePair
    first: Suspect
    second: Suspect

    @property
    def both(self) -> tuple[Suspect, Suspect]:
        """The older number first."""
        return self.first, self.second


@dataclass(frozen=True)
class PairFilter:
    """What the list was asked for; anything that is no choice is not asked."""

    band: str = ""
    status: str = DuplicatePair.Status.OPEN


def pairs_seen_by(staff, chosen: PairFilter):
    branches = Branch.objects.visible_to(staff, LIST_DUPLICATES)
    found = DuplicatePair.objects.reachable_by(staff).within(branches).filter(status=chosen.status)
    if chosen.band:
        found = found.filter(strength__range=BANDS[chosen.band])
    return found.select_related("first__home_branch", "second__home_branch", "decided_by").order_by("-strength", "pk")


def pair_seen_by(staff, pk: int) -> DuplicatePair | None:
    branches = Branch.objects.visible_to(staff, LIST_DUPLICATES)
    return DuplicatePair.objects.reachable_by(staff).within(branches).filter(pk=pk).first()


def page_of_pairs(pairs, *, after: str, size: int = PAGE) -> tuple[list[PairLine], str | None]:
    """Lines after the key, and the key to go on with. Two queries."""
    rows = list(further(pairs, after)[: size + 1])
    following = key_of(rows[size - 1]) if len(rows) > size else None
    return lines_of(rows[:size]), following


def every_pair(pairs) -> Iterator[PairLine]:
    """Some hundred at a time."""
    after = ""
    while rows := list(further(pairs, after)[:EXPORTED_AT_ONCE]):
        yield from lines_of(rows)
        after = key_of(rows[-1])


def further(pairs, after: str):
    """A text that is no key begins anew."""
    found = KEY.fullmatch(after)
    if not found:
        return pairs
    strength, pk = int(found[1]), int(found[2])
    return pairs.filter(Q(strength__lt=strength) | Q(strength=strength, pk__gt=pk))


def key_of(pair: DuplicatePair) -> str:
    return f"{pair.strength}.{pair.pk}"


def lines_of(pairs: Iterable[DuplicatePair]) -> list[PairLine]:
    pairs = list(pairs)
    people = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    primary = {each.customer_id: each for each in IdentityDocument.objects.primary().filter(customer__in=people)}
    return [
        PairLine(
            pair,
            Suspect(pair.first, primary.get(pair.first_id)),
            Suspect(pair.second, primary.get(pair.second_id)),
        )
        for pair in pairs
    ]


def latest_search(staff) -> DuplicateSearch | None:
    found = DuplicateSearch.objects.filter(legal_entity_id=staff.legal_entity_id)
    return found.select_related("started_by").order_by("-pk").first()

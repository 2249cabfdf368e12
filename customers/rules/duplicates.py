"""疑似重复: what makes two customers look like one person, and how strongly. A test holds jobs.find_duplicates to it.

Only pairs that share a block are compared, and a block of more than MOST_IN_A_BLOCK customers is passed over: where so
many agree (a common name, a telephone of the branch, a date that stands for unknown) agreeing says nothing about two of
them. So the work grows with the customers, never with the square of a common name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from customers.enums import DocumentType
from customers.rules.identity_key import CITIZEN, CITIZEN_DOCUMENTS

MOST_IN_A_BLOCK = 30
BODY = 17  # characters before the check character, which always differs between two valid numbers
REGION, BIRTH = 6, 14  # where the region and the birth date end
WITH_BODY = CITIZEN_DOCUMENTS | {DocumentType.HMT_RESIDENCE_PERMIT, DocumentType.PERMANENT_RESIDENCE_CARD}
# No check character: a slip of the pen makes another number that is as good.
PAPERS = frozenset(
    {
        DocumentType.CHINESE_PASSPORT,
        DocumentType.FOREIGN_PASSPORT,
        DocumentType.HK_MACAO_PERMIT,
        DocumentType.TAIWAN_PERMIT,
    }
)
# 0 to 100. What makes a pair, then what strengthens one.
WEIGHTS = {
    "number_digit": 80,
    "number_swap": 80,
    "paper_character": 75,
    "paper_swap": 75,
    "near_name": 65,  # the telephone is in it
    "same_name_birth_sex": 45,
    "birth_digit": 20,
    "birth_swap": 20,
}
EXTRA = {"other_paper": 20, "same_mobile": 20, "same_address": 15}
STRONGEST = 100


@dataclass(frozen=True)
class Person:
    """`number` is that of the primary document, for PAPERS alone; `region` and `sequence` are those of a body."""

    pk: int
    name: str
    sex: str
    birth_date: date
    document_type: str
    mobile: str = ""
    address: str = ""
    region: str = ""
    sequence: str = ""
    number: str = ""

    @property
    def born(self) -> str:
        return f"{self.birth_date:%Y%m%d}"

    @property
    def body(self) -> str:
        """Region, birth date, sequence; "" for documents without such a number."""
        return f"{self.region}{self.born}{self.sequence}" if self.region else ""

    @property
    def family(self) -> str:
        """Papers that carry the same number are one family."""
        return CITIZEN if self.document_type in CITIZEN_DOCUMENTS else self.document_type


def body_parts(document_type: str, number_masked: str) -> tuple[str, str]:
    """Region and sequence as the masked form of 18 characters shows them: its middle is the birth date."""
    if document_type not in WITH_BODY or len(number_masked) != BODY + 1:
        return "", ""
    return number_masked[:REGION], number_masked[BIRTH:BODY]


def slip(one: str, other: str) -> tuple[str, int] | None:
    """`digit` or `swap` and the place, from 1, where the two differ in one character or in two exchanged neighbours."""
    if len(one) != len(other):
        return None
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return "digit", places[0] + 1
    first, *rest = places or (0,)
    if rest == [first + 1] and one[first : first + 2] == other[first : first + 2][::-1]:
        return "swap", first + 1
    return None


def are_near_names(one: str, other: str) -> bool:
    """One character replaced, left out or put in, or two neighbours exchanged."""
    if slip(one, other):
        return True
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def grounds(one: Person, other: Person, *, common_name: bool) -> list[str]:
    """Codes, the strongest first, with their place where they have one; empty where nothing makes them a pair.

    Birth dates that are merely near count for nothing under a name that many bear (`common_name`).
    """
    found = [*_by_name(one, other, common_name), *_by_mobile(one, other)]
    if not found:
        return []
    extra = {
        "other_paper": one.document_type != other.document_type,
        "same_mobile": one.mobile == other.mobile != "" and "near_name" not in found,
        "same_address": one.address == other.address != "",
    }
    found.sort(key=lambda ground: -WEIGHTS[ground.partition(":")[0]])
    return found + [code for code, holds in extra.items() if holds]


def _by_name(one: Person, other: Person, common_name: bool) -> Iterator[str]:
    if one.name != other.name:
        return
    if one.family == other.family and one.body and other.body and (found := slip(one.body, other.body)):
        yield f"number_{found[0]}:{found[1]}"
    if one.document_type == other.document_type and one.number and (found := slip(one.number, other.number)):
        yield f"paper_{'character' if found[0] == 'digit' else 'swap'}:{found[1]}"
    if one.sex != other.sex:
        return
    if one.birth_date == other.birth_date:
        yield "same_name_birth_sex"
    elif not common_name and (found := slip(one.born, other.born)):
        yield f"birth_{found[0]}"


def _by_mobile(one: Person, other: Person) -> Iterator[str]:
    if one.mobile == other.mobile != "" and one.birth_date == other.birth_date and are_near_names(one.name, other.name):
        yield "near_name"


def strength(found: Iterable[str]) -> int:
    """The strongest ground, and what strengthens it."""
    codes = [each.partition(":")[0] for each in found]
    base = max((WEIGHTS[code] for code in codes if code in WEIGHTS), default=0)
    return min(STRONGEST, base + sum(EXTRA.get(code, 0) for code in codes))


def blocks(person: Person) -> Iterator[tuple]:
    """What two customers must share, one block at least, to be compared."""
    name = person.name
    yield "name", name
    yield "person", name, person.born, person.sex
    if person.mobile:
        yield "mobile", person.mobile, person.born
    if person.document_type in PAPERS:
        yield "paper", name, person.document_type
    if person.body:
        yield from _body_blocks((name, person.family), person.region, person.born, person.sequence)


def _body_blocks(whose: tuple, region: str, born: str, sequence: str) -> Iterator[tuple]:
    """One slip leaves two of the three parts alone; an exchange across the last border leaves their outer ends."""
    yield "region-birth", *whose, region, born
    yield "region-sequence", *whose, region, sequence
    yield "birth-sequence", *whose, born, sequence
    yield "border", *whose, region, born[:-1], sequence[1:]


def likely_duplicates(people: Iterable[Person]) -> dict[tuple[int, int], list[str]]:
    """Grounds by pair, the smaller id first."""
    members: dict[tuple, list[Person]] = defaultdict(list)
    for person in people:
        for block in blocks(person):
            members[block].append(person)
    found = {}
    for each in members.values():
        if 2 <= len(each) <= MOST_IN_A_BLOCK:
            for one, other in combinations(sorted(each, key=lambda person: person.pk), 2):
                common = one.name == other.name and len(members["name", one.name]) > MOST_IN_A_BLOCK
                found[one.pk, other.pk] = grounds(one, other, common_name=common)
    return {pair: codes for pair, codes in found.items() if codes}

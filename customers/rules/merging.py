"""客户号合并: which two numbers may become one, what is chosen field by field, when it can be undone (rules 1.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from customers.enums import CustomerStatus, Occupation
from customers.rules.particulars import Particulars

SURVIVOR, ABSORBED = "survivor", "absorbed"
SIDES = (SURVIVOR, ABSORBED)
DOCUMENT = "document"  # whose primary document stays the primary one
LONGEST_EVIDENCE = 500
MERGEABLE = frozenset({CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED})
CHOSEN = tuple(Particulars().customer_fields())
CHOICES = frozenset({*CHOSEN, DOCUMENT})
# What belongs together is chosen together.
FOLLOWS = {"occupation_detail": "occupation"}
CONTACTS, ADDRESSES = ("mobile", "phone", "email"), ("address", "employer_address")


class Obstacle(StrEnum):
    """Why a merge can no longer be undone."""

    NOT_CARRIED_OUT = "not_carried_out"
    ALREADY_UNDONE = "already_undone"
    SURVIVOR_MERGED = "survivor_merged"
    SURVIVOR_CLOSED = "survivor_closed"
    LATER_MERGE = "later_merge"
    DOCUMENT_REPLACED = "document_replaced"
    NO_DOCUMENT_LEFT = "no_document_left"


def may_merge(survivor_status: str, absorbed_status: str) -> bool:
    return {survivor_status, absorbed_status} <= MERGEABLE


def choice_problems(choices: Mapping) -> Iterator[tuple[str, str]]:
    """Of choices as they came: `choices.<field>` and a code."""
    for field, side in choices.items():
        if field not in CHOICES:
            yield f"choices.{field}"[:60], "unknown_field"
        elif side not in SIDES:
            yield f"choices.{field}", "not_in_list"


def chosen_fields(survivor, absorbed, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The fields in which the survivor takes the absorbed one's value: chosen so, and different."""
    taken = [field for field in CHOSEN if choices.get(FOLLOWS.get(field, field)) == ABSORBED]
    return tuple(field for field in taken if getattr(survivor, field) != getattr(absorbed, field))


def differing_fields(survivor, absorbed) -> tuple[str, ...]:
    return tuple(field for field in CHOSEN if getattr(survivor, field) != getattr(absorbed, field))


def joint_problems(survivor, absorbed, choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the choices would leave the file without."""
    taken = chosen_fields(survivor, absorbed, choices)
    after = {field: getattr(absorbed if field in taken else survivor, field) for field in CHOSEN}
    if after["occupation"] == Occupation.OTHER and not after["occupation_detail"]:
        yield "choices.occupation", "detail_required"
    if not any(after[field] for field in ADDRESSES):
        yield "choices.address", "address_required"
    if not any(after[field] for field in CONTACTS):
        yield "choices.mobile", "contact_required"


def merge_warnings(survivor, absorbed, choices: Mapping[str, str]) -> tuple[str, ...]:
    """What maker and checker are asked to look at again; nothing of it forbids the merge."""
    taken = chosen_fields(survivor, absorbed, choices)
    keeps_cheques = absorbed.has_cheque_account if "has_cheque_account" in taken else survivor.has_cheque_account
    had_cheques = survivor.has_cheque_account or absorbed.has_cheque_account
    of_document = absorbed if choices.get(DOCUMENT) == ABSORBED else survivor
    found = {
        "birth_date_differs": survivor.birth_date != absorbed.birth_date,
        "sex_differs": survivor.sex != absorbed.sex,
        "name_differs": survivor.name != absorbed.name,
        "document_disagrees": any(
            getattr(absorbed if field in taken else survivor, field) != getattr(of_document, field)
            for field in ("name", "birth_date", "sex")
        ),
        "cheque_account_lost": had_cheques and not keeps_cheques,
    }
    return tuple(code for code, holds in found.items() if holds)


@dataclass(frozen=True)
class Merged:
    """How a merge stands now. `documents` are roles now of what the absorbed one gets back, `given_back` those then.

    `primaries_left` are the survivor's own primary documents afterwards, as far as they still can be. A later merge
    builds on this one where a document of this one stepped back for it.
    """

    is_carried_out: bool
    is_undone: bool
    survivor_status: str
    survivor_is_merged: bool
    documents: tuple[str, ...]
    given_back: tuple[str, ...]
    primaries_left: int
    is_built_on: bool = False


def obstacles(merged: Merged) -> tuple[Obstacle, ...]:
    """Empty where the merge can be undone."""
    if not merged.is_carried_out:
        return (Obstacle.NOT_CARRIED_OUT,)
    if merged.is_undone:
        return (Obstacle.ALREADY_UNDONE,)
    pairs = zip(merged.documents, merged.given_back, strict=True)
    replaced = any(now == "historic" and then == "primary" for now, then in pairs)
    found = {
        Obstacle.SURVIVOR_MERGED: merged.survivor_is_merged,
        Obstacle.SURVIVOR_CLOSED: merged.survivor_status == CustomerStatus.CLOSED,
        Obstacle.LATER_MERGE: merged.is_built_on,
        Obstacle.DOCUMENT_REPLACED: replaced,
        Obstacle.NO_DOCUMENT_LEFT: not merged.survivor_is_merged and merged.primaries_left != 1,
    }
    return tuple(code for code, holds in found.items() if holds)


def fields_given_back(merged: Mapping[str, object], present: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Of `{field: value that the merge gave}`: those that go back, and those changed since, which stay."""
    back = [field for field, value in merged.items() if present[field] == value]
    return back, [field for field in merged if field not in back]

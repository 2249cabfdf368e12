"""客户号合并: which two numbers may become one, what is chosen field by field, when it can be undone (rules 1.6)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from customers.enums import CustomerStatus, Occupation, OwedKind, Verification
from customers.rules.particulars import Particulars

SURVIVOR, ABSORBED = "survivor", "absorbed"
SIDES = (SURVIVOR, ABSORBED)
DOCUMENT = "document"  # whose primary document stays the primary one
LONGEST_EVIDENCE = 500
MERGEABLE = frozenset({CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED})
CHOSEN = tuple(Particulars().customer_fields())
CHOICES = frozenset({*CHOSEN, DOCUMENT})
# What belongs together is chosen together, and goes back together.
FOLLOWS = {"occupation_detail": "occupation"}
UNITED = frozenset({"has_cheque_account"})  # true of the survivor where it is true of either, whatever was chosen
IDENTITY = ("name", "sex", "birth_date")  # what a document says of its holder
OWING = frozenset({Verification.DEFERRED, Verification.FOLLOW_UP})
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
    NUMBER_TAKEN_OVER = "number_taken_over"
    IDENTITY_CHANGED = "identity_changed"
    NO_CONTACT_LEFT = "no_contact_left"
    NO_ADDRESS_LEFT = "no_address_left"
    NO_OCCUPATION_LEFT = "no_occupation_left"


LEFT_WITHOUT = {
    "contact_required": Obstacle.NO_CONTACT_LEFT,
    "address_required": Obstacle.NO_ADDRESS_LEFT,
    "detail_required": Obstacle.NO_OCCUPATION_LEFT,
}


def may_merge(survivor_status: str, absorbed_status: str) -> bool:
    return {survivor_status, absorbed_status} <= MERGEABLE


def status_after(survivor_status: str, absorbed_status: str) -> str:
    """A merge lifts no suspension, whichever of the two is suspended."""
    return absorbed_status if absorbed_status == CustomerStatus.SUSPENDED else survivor_status


def verification_owing(owed: Collection[str], otherwise: str) -> str:
    """By the kinds of what is owed on the file, the weakest first; `otherwise` where none of it is of this sort."""
    if OwedKind.DEFERRED_CHECK in owed:
        return Verification.DEFERRED
    return Verification.FOLLOW_UP if OwedKind.FOLLOW_UP in owed else otherwise


def verification_apart(owed: Collection[str], before: str) -> str:
    """Of one of two that are two again: what was owed before and is owed no more has been settled since."""
    return verification_owing(owed, Verification.VERIFIED if before in OWING else before)


def choice_problems(choices: Mapping) -> Iterator[tuple[str, str]]:
    """Of choices as they came: `choices.<field>` and a code."""
    for field, side in choices.items():
        if field not in CHOICES:
            yield f"choices.{field}"[:60], "unknown_field"
        elif side not in SIDES:
            yield f"choices.{field}", "not_in_list"


def side_of(field: str, survivor, choices: Mapping[str, str]) -> str:
    """Whose value the survivor will have."""
    if field in UNITED:
        return SURVIVOR if getattr(survivor, field) else ABSORBED
    return choices.get(FOLLOWS.get(field, field), SURVIVOR)


def chosen_fields(survivor, absorbed, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The fields in which the survivor takes the absorbed one's value: chosen so, and different."""
    taken = [field for field in CHOSEN if side_of(field, survivor, choices) == ABSORBED]
    return tuple(field for field in taken if getattr(survivor, field) != getattr(absorbed, field))


def with_companions(fields: Collection[str]) -> tuple[str, ...]:
    """And what goes back together with them."""
    roots = {FOLLOWS.get(field, field) for field in fields}
    return tuple(field for field in CHOSEN if FOLLOWS.get(field, field) in roots)


def joint_problems(survivor, absorbed, choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the choices would leave the file without."""
    taken = chosen_fields(survivor, absorbed, choices)
    after = {field: getattr(absorbed if field in taken else survivor, field) for field in CHOSEN}
    for field, code in missing(after):
        yield f"choices.{field}", code


def missing(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Field and code of what a file cannot be without."""
    if values["occupation"] == Occupation.OTHER and not values["occupation_detail"]:
        yield "occupation", "detail_required"
    if not any(values[field] for field in ADDRESSES):
        yield "address", "address_required"
    if not any(values[field] for field in CONTACTS):
        yield "mobile", "contact_required"


def merge_warnings(survivor, absorbed, choices: Mapping[str, str]) -> tuple[str, ...]:
    """What maker and checker are asked to look at again; nothing of it forbids the merge."""
    taken = chosen_fields(survivor, absorbed, choices)
    of_document = absorbed if choices.get(DOCUMENT) == ABSORBED else survivor
    found = {
        "birth_date_differs": survivor.birth_date != absorbed.birth_date,
        "sex_differs": survivor.sex != absorbed.sex,
        "name_differs": survivor.name != absorbed.name,
        "document_disagrees": any(
            getattr(absorbed if field in taken else survivor, field) != getattr(of_document, field)
            for field in IDENTITY
        ),
        "suspension_stays": {CustomerStatus.SUSPENDED} < {survivor.status, absorbed.status},
    }
    return tuple(code for code, holds in found.items() if holds)


@dataclass(frozen=True)
class Merged:
    """How a merge stands now. `documents` are roles now of what the absorbed one gets back, `given_back` those then.

    `primaries_left` are the survivor's own primary documents afterwards, as far as they still can be. A later merge
    builds on this one where a document of this one stepped back for it. `keeps_a_number` says that a document which
    stays is of a person whose key goes back, `identity_changed` that name, sex or birth date changed on the strength
    of a document that goes back, `left_without` are codes of `missing`, of the survivor afterwards.
    """

    is_carried_out: bool
    is_undone: bool
    survivor_status: str
    survivor_is_merged: bool
    documents: tuple[str, ...]
    given_back: tuple[str, ...]
    primaries_left: int
    is_built_on: bool = False
    keeps_a_number: bool = False
    identity_changed: bool = False
    left_without: tuple[str, ...] = ()


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
        Obstacle.NUMBER_TAKEN_OVER: merged.keeps_a_number,
        Obstacle.IDENTITY_CHANGED: merged.identity_changed,
    } | {obstacle: code in merged.left_without for code, obstacle in LEFT_WITHOUT.items()}
    return tuple(code for code, holds in found.items() if holds)


def fields_given_back(merged: Mapping[str, object], present: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Of `{field: value that the merge gave}`: those that go back, and those changed since, which stay.

    A field stays with the one that it follows, or that follows it.
    """
    changed = {FOLLOWS.get(field, field) for field, value in merged.items() if present[field] != value}
    back = [field for field in merged if FOLLOWS.get(field, field) not in changed]
    return back, [field for field in merged if field not in back]

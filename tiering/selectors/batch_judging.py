"""The lines of a batch judged: whom they mean, who may own whom, and what is wrong with each."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.models import Customer
from customers.rules.texts import LONGEST_LINE, line_problem
from tellerdesk.staff.models import Staff
from tiering.enums import Tier
from tiering.models import TierAssignment
from tiering.rules.adoption_lines import Given, settle, with_their_like
from tiering.selectors.adoption import ADOPT
from tiering.selectors.eligible import LIVE
from tiering.selectors.eligible_table import EligibleTable
from tiering.selectors.scope import SET_OWNERS, listed_branches


@dataclass(frozen=True)
class Judged:
    """`code` empty: it can be carried out, and then everything else is known."""

    given: Given
    code: str
    standing: TierAssignment | None = None
    owner: Staff | None = None
    position: str = ""
    is_primary: bool = False


class Judge:
    """For one person: whose branches count, and whether others than himself may be named.

    `unnamed` is the code of a line that names nobody.
    """

    def __init__(self, by: Staff, *, unnamed: str = "unknown_staff"):
        self.by, self.unnamed = by, unnamed
        self.table = EligibleTable()
        self.adopts_at = set(listed_branches(by, ADOPT).values_list("pk", flat=True))
        sets = listed_branches(by, SET_OWNERS) if by.has_perm(SET_OWNERS) else None
        self.sets_at = set(sets.values_list("pk", flat=True)) if sets is not None else set()

    def judge(self, lines: Sequence[Given], problems: dict[int, str] | None = None) -> list[Judged]:
        """`problems` by line: what was wrong with its record before anything in it was looked at."""
        standings, people = self._standings(lines), self._people(lines)
        says = settle(lines)
        found = [
            self._line(line, says_so, (problems or {}).get(line.line, ""), standings, people)
            for line, says_so in zip(lines, says, strict=True)
        ]
        codes = with_their_like(lines, [each.code for each in found])
        return [
            Judged(each.given, code, each.standing, each.owner, each.position, each.is_primary)
            for each, code in zip(found, codes, strict=True)
        ]

    def _line(self, line: Given, says: bool | str, problem: str, standings, people) -> Judged:
        standing, owner = standings.get(line.customer_number), people.get(line.owner)
        tested = problem or self._customer(standing) or self._owner(line, standing, owner)
        code = tested or _text(line) or (says if isinstance(says, str) else "")
        position = ""
        if not code:
            position = self.table.at(standing.branch, standing.tier)[owner.username].position
        return Judged(line, code, standing, owner, position, says is True)

    def _customer(self, standing: TierAssignment | None) -> str:
        if standing is None:
            return "unknown_customer"
        if standing.customer.status not in LIVE:
            return "closed"
        if standing.tier == Tier.OUT_OF_SCOPE:
            return "out_of_scope"
        if standing.branch_id not in self.adopts_at:
            return "other_branch"
        return "already_owned" if standing.owner_id is not None else ""

    def _owner(self, line: Given, standing: TierAssignment, owner: Staff | None) -> str:
        if owner is None:
            return "unknown_staff" if line.owner else self.unnamed
        if owner != self.by and standing.branch_id not in self.sets_at:
            return "only_oneself"
        if not owner.is_active:
            return "deactivated"
        return "" if owner.username in self.table.at(standing.branch, standing.tier) else "not_eligible"

    def _standings(self, lines: Sequence[Given]) -> dict[str, TierAssignment]:
        """By number; who never was in scope stands for himself without a row."""
        numbers = {line.customer_number for line in lines if is_sound(line.customer_number)}
        customers = Customer.objects.filter(legal_entity=self.by.legal_entity_id, customer_number__in=numbers)
        rows = customers.select_related("tierassignment__branch", "home_branch")
        return {each.customer_number: _standing(each) for each in rows}

    def _people(self, lines: Sequence[Given]) -> dict[str, Staff]:
        names = {line.owner for line in lines if is_sound(line.owner)}
        return {each.username: each for each in Staff.objects.of_entity_of(self.by).filter(username__in=names)}


def is_sound(text: str) -> bool:
    """Numbers of customers and staff are ASCII without control characters; anything else is nobody's."""
    return text.isascii() and text.isprintable()


def _standing(customer: Customer) -> TierAssignment:
    standing = getattr(customer, "tierassignment", None)
    if standing is None:
        standing = TierAssignment(branch=customer.home_branch, tier=Tier.OUT_OF_SCOPE)
    standing.customer = customer
    return standing


def _text(line: Given) -> str:
    return "bad_note" if line_problem(line.note, LONGEST_LINE) else ""

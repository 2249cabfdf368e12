"""均分: the unowned dealt as the night deals them (rules.ownership.deal), among all who may or those chosen."""

from collections.abc import Sequence

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch, Posting
from tiering.batch_columns import MOST_LINES
from tiering.enums import Tier
from tiering.models import TierAssignment
from tiering.rules.adoption_lines import Given
from tiering.rules.ownership import Dealt, Listed, Post, Unowned, deal
from tiering.selectors.adoption import unowned_in
from tiering.selectors.batch_judging import is_sound
from tiering.selectors.eligible import loads, upwards
from tiering.selectors.policies import policy_in_force
from tiering.selectors.rosters import capacity_lines


def spread_lines(branch: Branch, customer_numbers: Sequence[str] | None, tiers, people: Sequence[str]) -> list[Given]:
    """Without an owner: who finds nobody, and a number that is none of the branch's unowned."""
    rows = unowned_in(branch, tiers)
    if customer_numbers is None:
        standings = list(rows[: MOST_LINES + 1])
        numbers = [each.customer.customer_number for each in standings]
    else:
        numbers = list(dict.fromkeys(customer_numbers))
        standings = list(rows.filter(customer__customer_number__in=[each for each in numbers if is_sound(each)]))
    dealt = _dealt(branch, standings, people)
    return _lines(numbers, {each.customer.customer_number: each.pk for each in standings}, dealt)


def _lines(numbers, keys: dict[str, int], dealt: dict[int, list[tuple[str, bool]]]) -> list[Given]:
    lines: list[Given] = []
    for number in numbers:
        for username, is_primary in dealt.get(keys.get(number)) or [("", True)]:
            lines.append(Given(len(lines) + 1, number, username, "1" if is_primary else "0"))
    return lines


def _dealt(branch: Branch, standings: list[TierAssignment], people: Sequence[str]) -> dict[int, list[tuple[str, bool]]]:
    """By customer, the primary first."""
    policy = policy_in_force(branch.legal_entity_id, today())
    posts, names = _posts(branch, people)
    rosters = [
        Listed(branch.path, each.tier, each.staff.pk, each.position, each.capacity, each.load)
        for each in capacity_lines([branch.pk])
        if each.staff.pk in names
    ]
    customers = [Unowned(each.pk, branch.path, each.aum, Tier(each.tier)) for each in standings]
    found: dict[int, list[Dealt]] = {}
    for each in deal(customers, posts, loads(list(names)), policy, rosters):
        found.setdefault(each.customer, []).append(each)
    return {
        customer: [
            (names[each.staff], each.is_primary) for each in sorted(owners, key=lambda each: not each.is_primary)
        ]
        for customer, owners in found.items()
    }


def _posts(branch: Branch, people: Sequence[str]) -> tuple[list[Post], dict[int, str]]:
    """Of the way up from the branch; and usernames by id."""
    rows = Posting.objects.valid_on(today()).filter(
        branch__legal_entity_id=branch.legal_entity_id,
        branch__path__in=upwards(branch.path),
        staff__is_active=True,
    )
    if people:
        rows = rows.filter(staff__username__in=[each for each in people if is_sound(each)])
    found = list(rows.select_related("staff", "branch"))
    posts = [Post(each.staff_id, each.position, each.branch.path) for each in found]
    return posts, {each.staff_id: each.staff.username for each in found}

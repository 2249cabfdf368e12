"""名册: who takes customers of a tier at a branch, as its manager decides. Entries are kept for ever, and another
capacity is a new entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import Tier
from tiering.errors import NotEligible
from tiering.models import RosterEntry
from tiering.selectors.eligible import Eligible, eligible_at
from tiering.selectors.policies import policy_in_force

MOST_CAPACITY = 99_999


@dataclass(frozen=True)
class Place:
    """Somebody whom a roster is to have; `field` names the place in the input that errors speak of."""

    username: str
    capacity: int | None
    field: str = ""

    @property
    def prefix(self) -> str:
        return f"{self.field}." if self.field else ""


def keep_roster(*, branch: Branch, wanted: Mapping[Tier, Sequence[Place]], by: Staff) -> list[RosterEntry]:
    """All the people of each of these tiers: whoever is not named ends. Returns the entries that began.

    Whoever stands on it with the same capacity stays, even where he does not fit any more and takes nobody.
    Raises FieldErrors, NotEligible.
    """
    with transaction.atomic():
        _locked(branch)
        present_by_tier = {tier: _present(branch, tier) for tier in wanted}
        people = _people(branch, wanted, present_by_tier)
        begun = []
        for tier, places in wanted.items():
            present = present_by_tier[tier]
            names = {place.username for place in places}
            ended = [entry for username, entry in present.items() if username not in names]
            begun += _write(branch, tier, places, people[tier], present, ended, by=by)
        return begun


def put_on_roster(*, branch: Branch, tier: Tier, place: Place, by: Staff) -> RosterEntry | None:
    """One person, with a capacity or another one; None where it is so already. Raises FieldErrors, NotEligible."""
    with transaction.atomic():
        _locked(branch)
        present = _present(branch, tier)
        people = _people(branch, {tier: [place]}, {tier: present})
        begun = _write(branch, tier, [place], people[tier], present, [], by=by)
        return begun[0] if begun else None


def take_off_roster(*, branch: Branch, tier: Tier, username: str, by: Staff) -> None:
    """Whatever the person owns stays with him. Nothing where he is not on it."""
    with transaction.atomic():
        _locked(branch)
        entry = _present(branch, tier).get(username)
        if entry:
            _write(branch, tier, [], {}, {}, [entry], by=by)


def _locked(branch: Branch) -> None:
    """Two who keep the roster of a branch do so one after the other."""
    Branch.objects.select_for_update(no_key=True).get(pk=branch.pk)


def _present(branch: Branch, tier: Tier) -> dict[str, RosterEntry]:
    rows = RosterEntry.objects.current().filter(branch=branch, tier=tier).select_related("staff")
    return {row.staff.username: row for row in rows}


def _people(branch: Branch, wanted: Mapping[Tier, Sequence[Place]], present) -> dict[Tier, dict[str, Eligible]]:
    """Who may stand on each, by username. Faults of the input come before whether somebody may."""
    _refuse(wanted)
    policy = policy_in_force(branch.legal_entity_id, today())
    found = {tier: eligible_at(branch, policy.positions(tier), today()) for tier in wanted}
    strangers = [
        place
        for tier, places in wanted.items()
        for place in places
        if place.username not in found[tier] and not _stands(present[tier].get(place.username), place, found[tier])
    ]
    if strangers:
        _refuse_strangers(branch, strangers)
    return found


def _refuse(wanted: Mapping[Tier, Sequence[Place]]) -> None:
    faults: dict[str, list] = {}
    for places in wanted.values():
        seen: set[str] = set()
        for place in places:
            if place.username in seen:
                faults[f"{place.prefix}staff"] = [("named_twice", _("This person is named twice."))]
            seen.add(place.username)
            if place.capacity is None or not 1 <= place.capacity <= MOST_CAPACITY:
                words = _("Please enter a whole number from 1 to %(most)s.") % {"most": f"{MOST_CAPACITY:,}"}
                faults[f"{place.prefix}capacity"] = [("out_of_range", words)]
    if faults:
        raise FieldErrors(faults)


def _refuse_strangers(branch: Branch, places: Sequence[Place]) -> None:
    """Another legal entity's people are unknown here."""
    sound = [place.username for place in places if place.username.isascii() and "\x00" not in place.username]
    rows = Staff.objects.filter(legal_entity=branch.legal_entity_id, username__in=sound)
    known = {each.username: each for each in rows}
    unknown = [place for place in places if place.username not in known]
    if unknown:
        words = _("There is nobody with this staff number.")
        raise FieldErrors({f"{place.prefix}staff": [("unknown_staff", words)] for place in unknown})
    staff = known[places[0].username]
    why = "position" if staff.is_active else "deactivated"
    raise NotEligible(why=why, staff=staff.username, branch=branch.code)


def _write(branch: Branch, tier: Tier, places, people, present, ended, *, by: Staff) -> list[RosterEntry]:
    """Former entries end before the new ones begin. Nothing changed writes nothing."""
    changed = [place for place in places if not _stands(present.get(place.username), place, people)]
    ended = [*ended, *(present[place.username] for place in changed if place.username in present)]
    for entry in ended:
        entry.until = max(today(), entry.since)
        entry.save(update_fields=["until"])
    begun = [
        RosterEntry.objects.create(
            legal_entity_id=branch.legal_entity_id,
            branch=branch,
            tier=tier,
            staff=people[place.username].staff,
            position=people[place.username].position,
            capacity=place.capacity,
            since=today(),
            by=by,
        )
        for place in changed
    ]
    if ended or begun:
        detail = {
            "tier": int(tier),
            "begun": {entry.staff.username: entry.capacity for entry in begun},
            "ended": {entry.staff.username: entry.capacity for entry in ended},
        }
        detail["words"] = _words(begun, ended)
        record("tiering.roster_kept", subject=branch, by=by, detail=detail, touched=[*begun, *ended])
    return begun


def _stands(entry: RosterEntry | None, place: Place, people: Mapping[str, Eligible]) -> bool:
    """Whoever does not fit any more keeps the position he came with."""
    if entry is None:
        return False
    position = people[place.username].position if place.username in people else entry.position
    return (entry.capacity, entry.position) == (place.capacity, position)


def _words(begun: Sequence[RosterEntry], ended: Sequence[RosterEntry]) -> str:
    """+ t0003 许知微 120; − t0004 …."""
    signs = [("\N{MINUS SIGN}", entry) for entry in ended] + [("+", entry) for entry in begun]
    return "; ".join(f"{sign} {entry.staff.username} {entry.staff.name} {entry.capacity}" for sign, entry in signs)

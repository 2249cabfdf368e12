"""The mix of sample customers: each kind at least once, the rest as a branch near Hangzhou might have them."""

from datetime import date
from random import Random

from tellerdesk.demo import doubts, families, residents, visitors
from tellerdesk.demo.making import Making, Sample

SEED = 20261124
MIX = {
    residents.resident: 560,
    residents.over_sixty: 150,
    residents.of_another_people: 60,
    residents.with_rare_name: 15,
    residents.with_cheque_account: 20,
    residents.expiring: 25,
    residents.expired: 25,
    residents.with_temporary_card: 8,
    families.child_on_the_register: 20,
    families.child: 15,
    families.through_an_agent: 10,
    residents.serviceman: 6,
    doubts.matched_without_photo: 10,
    doubts.matched_at_second_try: 6,
    doubts.name_differs: 2,
    doubts.not_found: 2,
    doubts.to_be_followed_up: 3,
    doubts.check_deferred: 3,
    doubts.photo_of_another: 2,
    visitors.settled_abroad: 6,
    visitors.foreigner: 8,
    visitors.permanent_resident: 5,
    visitors.former_permanent_resident: 4,
    visitors.from_hong_kong_or_macao: 10,
    visitors.with_former_permit: 4,
    visitors.foreigner_from_hong_kong: 4,
    visitors.from_taiwan: 9,
    visitors.living_on_the_mainland: 8,
}
WAITING = (
    doubts.name_differs,
    families.through_an_agent,
    doubts.photo_of_another,
    doubts.not_found,
    doubts.name_differs,
)


def making_of(*, today: date, since: date) -> Making:
    return Making(Random(SEED), today, since)


def people(making: Making, count: int) -> list[Sample]:
    """The same for the same day; in the order in which they came."""
    kinds = [*MIX, *making.chance.choices(list(MIX), list(MIX.values()), k=max(0, count - len(MIX)))]
    return sorted((kind(making) for kind in kinds), key=lambda sample: sample.opened_on)


def waiting_today(making: Making) -> list[Sample]:
    """Openings of today that a checker has not seen yet."""
    return [kind(making, on=making.today) for kind in WAITING]

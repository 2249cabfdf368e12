"""Branches, staff and standing customers of a legal entity, in a transaction that is rolled back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tellerdesk.staff.models import Branch, LegalEntity, Posting, Staff
from tiering.enums import OwnerReason, Tier
from tiering.models import OwnerAssignment, RosterEntry, TierAssignment
from tiering.rules.ownership import Listed, Post, Unowned, reaches

# Two branches below a district, one below the head office.
PATHS = ("/000/", "/000/900/", "/000/900/001/", "/000/900/002/", "/000/003/")
LONG_AGO = date(2020, 1, 1)


@dataclass
class Bank:
    entity: int
    branches: dict[str, int]
    staff: dict[int, int]

    def staff_rows(self):
        return Staff.objects.using("owner").filter(legal_entity=self.entity)

    def postings(self):
        return Posting.objects.using("owner").filter(staff__legal_entity=self.entity)

    def post(self, posts: Iterable[Post], *, since: date = LONG_AGO, until: date | None = None) -> None:
        Posting.objects.using("owner").bulk_create(
            Posting(
                staff_id=self.staff[each.staff],
                position=each.position,
                branch_id=self.branches[each.branch_path],
                since=since,
                until=until,
            )
            for each in posts
        )

    def stand(self, customers: Iterable[Unowned], **changes) -> None:
        TierAssignment.objects.using("owner").bulk_create(
            TierAssignment(
                customer_id=each.customer,
                legal_entity_id=self.entity,
                branch_id=self.branches[each.branch_path],
                aum=each.aum,
                tier=each.tier,
                reasons=1,
                since=LONG_AGO,
                policy_version=1,
                **changes,
            )
            for each in customers
        )

    def own(self, customer: int, staff: int, position: str, *, is_primary: bool = True, since: date = LONG_AGO) -> None:
        OwnerAssignment.objects.using("owner").create(
            legal_entity_id=self.entity,
            customer_id=customer,
            owner_id=self.staff[staff],
            position=position,
            is_primary=is_primary,
            since=since,
            reason=OwnerReason.DEALT,
        )
        if is_primary:
            standing = TierAssignment.objects.using("owner").filter(customer=customer)
            standing.update(owner=self.staff[staff], initial_maintainer=self.staff[staff])

    def enrol(self, rosters: Iterable[Listed], **changes) -> None:
        """Their loads are whoever stands."""
        RosterEntry.objects.using("owner").bulk_create(
            RosterEntry(
                legal_entity_id=self.entity,
                branch_id=self.branches[each.branch_path],
                tier=each.tier,
                staff_id=self.staff[each.staff],
                position=each.position,
                capacity=each.capacity,
                **{"since": LONG_AGO, "by_id": self.staff[each.staff]} | changes,
            )
            for each in rosters
        )

    def burden_rosters(self, rosters: Iterable[Listed], posts: Iterable[Post]) -> list[Listed]:
        """Each entry's load as standing customers of that branch and tier; whoever may not have them has none."""
        posts, found, customer = list(posts), [], 2_000_000
        for each in rosters:
            fits = any(
                (post.staff, post.position) == (each.staff, each.position)
                and reaches(post.position, post.branch_path, each.branch_path)
                for post in posts
            )
            for _ in range(each.load * fits):
                customer += 1
                self.stand([Unowned(customer, each.branch_path, 1, each.tier)])
                self.own(customer, each.staff, each.position)
            found.append(replace(each, load=each.load * fits))
        return found

    def burden(self, loads: Mapping[int, int]) -> None:
        """Open assignments of customers who are somewhere else."""
        customer = 1_000_000
        for staff, load in loads.items():
            for _ in range(load):
                customer += 1
                self.own(customer, staff, "teller")


def found_bank(*, code: str = "T1", staff: Iterable[int] = ()) -> Bank:
    """Staff are numbers of ours, in the order of their ids."""
    entity = LegalEntity.objects.using("owner").create(code=code, name=code)
    branches: dict[str, int] = {}
    for path in PATHS:
        parent = branches.get("/".join(path.split("/")[:-2]) + "/")
        row = Branch.objects.using("owner").create(
            legal_entity=entity, code=path.split("/")[-2], name=path, path=path, parent_id=parent
        )
        branches[path] = row.pk
    made = [Staff(username=f"{code.lower()}{n:03}", name="x", legal_entity=entity, password="!") for n in staff]
    rows = Staff.objects.using("owner").bulk_create(made)
    return Bank(entity.pk, branches, dict(zip(staff, [row.pk for row in rows], strict=True)))


def owners_of(bank: Bank) -> dict[int, dict[int, tuple[str, bool]]]:
    """Open assignments of the customers who stand: customer → staff → position, primary."""
    by_id = {pk: number for number, pk in bank.staff.items()}
    rows = OwnerAssignment.objects.using("owner").filter(
        legal_entity=bank.entity, until=None, customer_id__lt=1_000_000
    )
    found: dict[int, dict[int, tuple[str, bool]]] = {}
    for row in rows:
        found.setdefault(row.customer_id, {})[by_id[row.owner_id]] = (row.position, row.is_primary)
    return found


def loads_of(bank: Bank) -> Counter[int]:
    """Open assignments by staff, of whomever."""
    by_id = {pk: number for number, pk in bank.staff.items()}
    rows = OwnerAssignment.objects.using("owner").filter(legal_entity=bank.entity, until=None)
    return Counter(by_id[owner] for owner in rows.values_list("owner", flat=True))


def a_customer(
    number: int, tier: Tier = Tier.BRANCH_STAFF, aum: int = 6_000_000, path: str = "/000/900/001/"
) -> Unowned:
    return Unowned(number, path, aum, tier)

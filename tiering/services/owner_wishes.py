"""Who is to own a customer, as a person names them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Staff
from tiering.models import OwnerAssignment


@dataclass(frozen=True)
class Wish:
    """`field` names the place in the input that errors speak of."""

    field: str
    username: str
    is_primary: bool


def wishes_of(owner: str, co_owners: Sequence[str] | None, present: list[OwnerAssignment]) -> list[Wish]:
    if co_owners is None:
        staying = [row.owner for row in present if not row.is_primary and row.owner.is_active]
        kept = [each.username for each in staying if each.username != owner]
    else:
        kept = list(co_owners)
    wishes = [Wish("owner", owner, True)]
    wishes += [Wish(f"co_owners.{place}", username, False) for place, username in enumerate(kept)]
    seen: set[str] = set()
    for wish in wishes:
        if wish.username in seen:
            raise FieldErrors({wish.field: [("named_twice", _("This person is named twice."))]})
        seen.add(wish.username)
    return wishes


def named_people(wishes: list[Wish], by: Staff) -> dict[str, Staff]:
    """Of the legal entity; another's are unknown here."""
    names = [wish.username for wish in wishes if wish.username.isascii() and "\x00" not in wish.username]
    people = {each.username: each for each in Staff.objects.of_entity_of(by).filter(username__in=names)}
    unknown = {
        wish.field: [("unknown_staff", _("There is nobody with this staff number."))]
        for wish in wishes
        if wish.username not in people
    }
    if unknown:
        raise FieldErrors(unknown)
    return people

"""The spine at the left: what the person may use, in the order of the working day."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.selectors.owed_checks import owed_count
from customers.selectors.requests import review_count
from tellerdesk.limits.selectors import deciding_count
from tellerdesk.staff.enums import Position
from tiering.selectors.leavers import waiting_count
from tiering.selectors.policies import policies_to_decide


@dataclass(frozen=True)
class Place:
    """`count(staff)` is what waits there: one cheap query, asked only of those who may open the page. `waits` is what
    home calls it among the things to do, blank where home does not. `also` names further pages that belong to it.
    """

    label: str
    icon: str
    url_name: str
    permission: str = ""
    count: Callable | None = None
    waits: str = ""
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def addresses(self) -> list[str]:
        return [self.url, *map(reverse, self.also)]


@dataclass(frozen=True)
class Item:
    label: str
    icon: str
    url: str
    current: bool
    count: int
    waits: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    items: list[Item]


GROUPS = (
    (
        _("Customer relations"),
        (
            Place(_("Tier dashboard"), "layers", "tiering:dashboard", "tiering.view_tiers"),
            Place(_("Customers by tier"), "users", "tiering:customer_list", "tiering.view_tiers"),
            Place(_("Adopt customers"), "badge", "tiering:adoption", "tiering.adopt_customer"),
            Place(
                _("Open upgrade choices"),
                "up",
                "tiering:upgrade_list",
                "tiering.view_tiers",
                also=("tiering:referral_list",),
            ),
            Place(
                _("Tiering policy"),
                "ruler",
                "tiering:policy",
                "tiering.read_policy",
                policies_to_decide,
                _("Policies to decide on"),
            ),
            Place(_("Rosters"), "users", "tiering:roster", "tiering.keep_rosters"),
            Place(_("Rollout plan"), "list", "tiering:rollout_board", "tiering.keep_rosters"),
            Place(
                _("Hand-over of customers"),
                "next",
                "tiering:hand_over_list",
                "tiering.hand_over",
                waiting_count,
                _("Hand-overs to decide on"),
            ),
            Place(_("Quarterly assessment"), "chart", "tiering:assessment_list", "tiering.view_tiers"),
            Place(_("80/20 view"), "chart", "tiering:concentration", "tiering.view_tiers"),
            Place(_("The night"), "clock", "tiering:run_list", "tiering.load_snapshots"),
        ),
    ),
    (
        _("Counter"),
        (
            Place(_("Home"), "counter", "home"),
            Place(_("Customer files"), "card", "customers:lookup", "customers.look_up"),
            Place(
                _("Review"),
                "inbox",
                "customers:review_inbox",
                "customers.approve_amendment",
                review_count,
                _("To review"),
                also=("customers:decided_list",),
            ),
            Place(_("My requests"), "doc", "customers:my_requests", "customers.amend_customer"),
            Place(_("Register of checks"), "book", "customers:check_register", "customers.list_checks"),
            Place(_("Owed checks"), "clock", "customers:owed_checks", "customers.list_checks", owed_count),
            Place(_("Expiring documents"), "card", "customers:expiring", "customers.look_up"),
            Place(_("Receipts"), "print", "customers:receipt_list", "customers.look_up"),
            Place(_("Likely duplicates"), "eye", "customers:duplicate_list", "customers.list_duplicates"),
            Place(_("Customer import"), "save", "customers:import_list", "customers.import_customers"),
        ),
    ),
    (
        _("Training"),
        (
            Place(_("Courses and quizzes"), "cap", "training:course_list", "training.take_course"),
            Place(_("Qualifications"), "badge", "training:qualification_list", "training.take_course"),
            Place(_("Results"), "chart", "training:branch_results", "training.see_results"),
            Place(_("Course administration"), "list", "training:course_admin", "training.read_course"),
        ),
    ),
    (
        _("Administration"),
        (
            Place(_("Staff"), "users", "staff:staff_list", "staff.read_staff"),
            Place(
                _("Bank settings"),
                "ruler",
                "limits:limit_list",
                "limits.read_limits",
                deciding_count,
                _("Settings to decide on"),
            ),
            Place(_("Working-day calendar"), "clock", "customers:work_calendar", "customers.change_calendar"),
            Place(_("Audit"), "eye", "audit:event_list", "audit.read_events", also=("customers:looks",)),
        ),
    ),
)
# Whose day is the counter finds it at the top.
COUNTER_FIRST = frozenset({Position.TELLER, Position.SUPERVISOR})


def navigation(staff, path: str) -> list[Group]:
    groups = [GROUPS[1], GROUPS[0], *GROUPS[2:]] if _stands_at_the_counter(staff) else GROUPS
    open_to = {title: [place for place in places if _is_open(place, staff)] for title, places in groups}
    here = _here([place for _title, places in groups for place in places], path)
    items = {title: [_item(place, staff, here) for place in places] for title, places in open_to.items()}
    return [Group(str(title), found) for title, found in items.items() if found]


def _stands_at_the_counter(staff) -> bool:
    return COUNTER_FIRST.issuperset(posting.position for posting in staff.postings_now)


def _is_open(place, staff) -> bool:
    return not place.permission or staff.has_perm(place.permission)


def _here(places, path) -> Place | None:
    """The place with the longest address that the page lies under, whether or not it may be opened: a page that is
    refused lies under no other. Home is only itself.
    """
    addresses = {url: place for place in places for url in place.addresses}
    under = [url for url in addresses if path.startswith(url) and (url != "/" or path == "/")]
    return addresses[max(under, key=len)] if under else None


def _item(place, staff, here) -> Item:
    count = place.count(staff) if place.count else 0
    return Item(str(place.label), place.icon, place.url, place is here, count, str(place.waits))

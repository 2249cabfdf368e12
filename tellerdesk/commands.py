"""The transactions of the command bar and the keys of the counter: bar, F1 page and script read these two tables."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tellerdesk.core.pinyin import initials
from tellerdesk.staff.enums import Position
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION
from training.selectors import courses_that_unlock

POSITIONS_NAMED = 2


@dataclass(frozen=True)
class Transaction:
    """One row: `title` is the message id, `permission` empty where everybody may."""

    code: str
    title: str
    url_name: str
    permission: str = ""
    hint: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Key:
    """`does` names an action of static/js/keys.js; `press` clicks the screen's button `[data-key]` of that name."""

    name: str
    does: str
    meaning: str


TRANSACTIONS = (
    Transaction("1001", _("Open individual customer"), "customers:open_customer", "customers.open_customer"),
    Transaction("1002", _("Amend customer information"), "customers:amend_start", "customers.amend_customer"),
    Transaction("1003", _("Online identity check"), "customers:check_identity", "customers.check_identity"),
    Transaction(
        "1004",
        _("Customer look-up"),
        "customers:lookup",
        "customers.look_up",
        _("customer number, or document type and number"),
    ),
    Transaction("1005", _("Update documents"), "customers:renew_start", "customers.amend_customer"),
    Transaction("1006", _("Merge customers"), "customers:merge_start", "customers.request_merge"),
    Transaction("1007", _("Review"), "customers:review_inbox", "customers.approve_amendment"),
    Transaction("1008", _("Receipt reprint"), "customers:receipt_list", "customers.look_up", _("by serial number")),
    Transaction("1009", _("Customer import"), "customers:import_list", "customers.import_customers"),
    Transaction("1010", _("Suspend, reinstate, close"), "customers:standing_start", "customers.amend_customer"),
    Transaction("1011", _("Owed checks"), "customers:owed_checks", "customers.list_checks"),
    Transaction("1012", _("Expiring documents"), "customers:expiring", "customers.look_up"),
    Transaction("1013", _("Likely duplicates"), "customers:duplicate_list", "customers.list_duplicates"),
    Transaction("2001", _("Tier dashboard"), "tiering:dashboard", "tiering.view_tiers"),
    Transaction("2002", _("Customers by tier"), "tiering:customer_list", "tiering.view_tiers"),
    Transaction("2003", _("Tiering policy"), "tiering:policy", "tiering.read_policy"),
    Transaction("2004", _("Rosters"), "tiering:roster", "tiering.keep_rosters"),
    Transaction("2005", _("Adopt customers"), "tiering:adoption", "tiering.adopt_customer"),
    Transaction("2006", _("Open upgrade choices"), "tiering:upgrade_list", "tiering.view_tiers"),
    Transaction("2007", _("Hand-over of customers"), "tiering:hand_over_list", "tiering.hand_over"),
    Transaction("2008", _("Quarterly assessment"), "tiering:assessment_list", "tiering.view_tiers"),
    Transaction("2009", _("80/20 view"), "tiering:concentration", "tiering.view_tiers"),
    Transaction("2010", _("Rollout plan"), "tiering:rollout_board", "tiering.keep_rosters"),
    Transaction("2101", _("The night"), "tiering:run_list", "tiering.load_snapshots"),
    Transaction("3001", _("Courses and quizzes"), "training:course_list", "training.take_course"),
    Transaction("3002", _("Qualifications"), "training:qualification_list", "training.take_course"),
    Transaction("3101", _("Course administration"), "training:course_admin", "training.read_course"),
    Transaction("9001", _("Staff administration"), "staff:staff_list", "staff.read_staff"),
    Transaction("9002", _("Bank settings"), "limits:limit_list", "limits.read_limits"),
    Transaction("9003", _("Working-day calendar"), "customers:work_calendar", "customers.look_up"),
    Transaction("9101", _("Audit"), "audit:event_list", "audit.read_events"),
)

KEYS = (
    Key("/", "bar", _("Open the command bar, outside a field")),
    Key("F2", "bar", _("Open the command bar, anywhere")),
    Key("F1", "list", _("This list of keys and transactions")),
    Key("F8", "press", _("Send back")),
    Key("F9", "press", _("Confirm")),
)
# What enter.js, commands.js and the browser do; listed so that F1 tells everything.
FIELD_KEYS = (
    (("Enter",), _("Next field; in the last one: confirm")),
    (("Shift", "Enter"), _("Previous field")),
    (("Tab",), _("Next field or button")),
    (("↑", "↓"), _("Choose in the command bar, a list or a group of choices")),
    (("Esc",), _("Close the command bar")),
)


@dataclass(frozen=True)
class Offer:
    """A transaction as one person finds it: `course` and `reason` say what is missing where it may not be opened."""

    code: str
    title: str
    initials: str
    words: str
    hint: str
    url: str
    allowed: bool
    course: dict | None = None
    reason: str = ""
    permission: str = ""


def offers(staff) -> list[Offer]:
    """Every transaction, those one may not open too: they say which course or position is missing."""
    courses = {}
    found = []
    for row in TRANSACTIONS:
        allowed = not row.permission or staff.has_perm(row.permission)
        if not allowed and row.permission not in courses:
            courses[row.permission] = next(iter(courses_that_unlock(row.permission, staff)), None)
        found.append(_offer(row, allowed, courses.get(row.permission) if not allowed else None))
    return found


def _offer(row, allowed, course) -> Offer:
    reason = "" if allowed else _missing(row, course)
    return Offer(
        code=row.code,
        title=str(row.title),
        initials=initials_of(row),
        words=words_of(row),
        hint=str(row.hint),
        url=row.url,
        allowed=allowed,
        course=course,
        reason=reason,
        permission=row.permission,
    )


def _missing(row, course) -> str:
    if course:
        return translated("Opens after passing “%(course)s”") % {"course": course["title"]}
    positions = [Position(each).label for each in Position if each in POSITIONS_BY_PERMISSION.get(row.permission, ())]
    if len(positions) > POSITIONS_NAMED:
        return translated("Not for your position")
    return translated("%(positions)s only") % {"positions": translated(", ").join(str(each) for each in positions)}


@lru_cache
def words_of(row: Transaction) -> str:
    """The title in every language, in small letters: either is found from either."""
    return " ".join(_in(language, row.title) for language, name in settings.LANGUAGES).lower()


@lru_cache
def initials_of(row: Transaction) -> str:
    return initials(_in("zh-hans", row.title))


def _in(language: str, title) -> str:
    with override(language):
        return str(title)


def search(found: list[Offer], text: str) -> list[Offer]:
    """What the bar does in the browser, for a page without script: by code first, then as the table stands."""
    sought = text.strip().lower()
    by_code = [offer for offer in found if sought and offer.code.startswith(sought)]
    by_name = [offer for offer in found if sought in offer.words or sought in offer.initials]
    return by_code + [offer for offer in by_name if offer not in by_code]

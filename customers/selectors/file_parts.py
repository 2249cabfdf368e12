from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from customers.models import Customer, IdentityCheck
from customers.selectors.file import LookLine
from tellerdesk.audit.selectors import history_of

SHOWN = 6


def checks_of(customer: Customer) -> list[IdentityCheck]:
    return list(customer.checks.select_related("teller", "branch").order_by("-pk")[:SHOWN])


@dataclass(frozen=True)
class RecentLine:
    at: datetime
    words: str
    branch: str
    reason: str = ""


def recent_history(customer: Customer, looks: list[LookLine]) -> list[RecentLine]:
    """The newest acts and looks in one order of time. `looks` are the newest."""
    acts = history_of("customers.customer", customer.pk, limit=SHOWN)
    lines = [RecentLine(each.at, each.sentence, each.branch) for each in acts]
    lines += [
        RecentLine(each.at, _("%(name)s looked") % {"name": each.name}, each.branch, each.reason) for each in looks
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:SHOWN]

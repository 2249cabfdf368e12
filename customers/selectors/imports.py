"""Customer imports as page and interface show them."""

from dataclasses import dataclass

from customers.import_messages import code_message, reject_message
from customers.models import CustomerImport
from customers.models.customer_import import INTERRUPTED
from tellerdesk.files.runs import RunStatus

SHOWN_OF_A_CODE = 5


@dataclass(frozen=True)
class RejectGroup:
    """All lines of one code: how many, and what is wrong with the first of them. What stood in them is not here."""

    code: str
    count: int
    lines: list[tuple[int, str]]

    @property
    def message(self) -> str:
        return code_message(self.code)


@dataclass(frozen=True)
class Warning:
    code: str
    message: str
    count: int
    lines: list[int]


def rejects_name(run: CustomerImport) -> str:
    return f"customers-{run.pk}-rejects.csv"


def imports_seen_by(staff):
    return CustomerImport.objects.reachable_by(staff).select_related("started_by", "branch")


def is_stuck(run: CustomerImport) -> bool:
    """Stopped by a fault of ours, or nobody speaks of it; one that waits for another of its entity is not stuck."""
    if run.status == RunStatus.QUEUED and _somebody_is_at_work(run):
        return False
    return run.is_silent or run.error_code == INTERRUPTED


def may_be_resumed(run: CustomerImport) -> bool:
    """From its last checkpoint, as long as its upload is kept."""
    return run.stored != "" and is_stuck(run)


def _somebody_is_at_work(run: CustomerImport) -> bool:
    return any(not other.is_silent for other in CustomerImport.objects.under_way(run.legal_entity_id))


def reject_groups(run: CustomerImport) -> list[RejectGroup]:
    """The most frequent code first."""
    by_count = sorted(run.rejects_by_code.items(), key=lambda each: (-each[1], each[0]))
    return [RejectGroup(code, count, _first_lines(run, code)) for code, count in by_count]


def warnings_of(run: CustomerImport) -> list[Warning]:
    return [
        Warning(code, code_message(code), count, lines)
        for code, (count, lines) in sorted(run.warnings.items(), key=lambda each: -each[1][0])
    ]


def _first_lines(run: CustomerImport, code: str) -> list[tuple[int, str]]:
    found = run.rejects.filter(code=code).order_by("line").values_list("line", "problems")[:SHOWN_OF_A_CODE]
    return [(line, reject_message(problems)) for line, problems in found]

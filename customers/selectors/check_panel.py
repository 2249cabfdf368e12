"""What the page shows of an online check: its answer, whether it is still good for what is typed, the ways open."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from customers.enums import CheckDecision, CheckOutcome
from customers.messages import DUTY_BY_CODE
from customers.models import IdentityCheck
from customers.rules.corroboration import Evidence, paper_problems, reads_by_machine
from customers.rules.identity_check import (
    Verdict,
    decisions,
    duty,
    finding,
    follow_up_due,
    has_certificate,
    needs_decision,
)
from customers.rules.normalise import normalise
from customers.rules.texts import clean_text
from customers.selectors.work_calendar import calendar_of

WORDS = {
    CheckDecision.PROCEED: _("Proceed"),
    CheckDecision.PROCEED_AND_FOLLOW_UP: _("Proceed now, verify afterwards"),
    CheckDecision.HOLD_PENDING_POLICE: _("Wait for the police"),
    CheckDecision.REFUSE: _("Refuse"),
}
SHORT = {"corroboration_required": _("complete one of the above first")}


@dataclass(frozen=True)
class Option:
    """One decision; `due_on` is the day it has to be settled by, None where it leaves nothing open."""

    decision: CheckDecision
    verdict: Verdict
    due_on: date | None

    @property
    def label(self):
        return WORDS[self.decision]

    @property
    def why_not(self):
        return SHORT.get(self.verdict.lacks[0], self.verdict.explanation) if self.verdict.lacks else ""


@dataclass(frozen=True)
class CheckPanel:
    """`differs` names what was typed since: then the check is void for this transaction and offers nothing.

    `tries` counts the checks of this number by this teller today.
    """

    check: IdentityCheck
    evidence: Evidence
    differs: tuple[str, ...]
    options: list[Option]
    tries: int

    @property
    def is_void(self) -> bool:
        return bool(self.differs)

    @property
    def finding(self) -> CheckOutcome:
        return finding(self.check.outcome, self.evidence.photo_matches)

    @property
    def must_decide(self) -> bool:
        return needs_decision(self.finding, "")

    @property
    def duty(self):
        return DUTY_BY_CODE[duty(self.finding)]

    @property
    def number_exists(self) -> bool | None:
        known = {CheckOutcome.NOT_FOUND: False, CheckOutcome.UNAVAILABLE: None, CheckOutcome.NOT_APPLICABLE: None}
        return known.get(self.check.outcome, True)

    @property
    def tried_again(self) -> bool:
        return self.tries > 1

    @property
    def has_photo(self) -> bool:
        return self.check.outcome == CheckOutcome.MATCH

    @property
    def has_certificate(self) -> bool:
        """Of what is recorded already: a photo that differs is recorded with the decision."""
        return has_certificate(self.check.finding)

    @property
    def can_be_read(self) -> bool:
        return reads_by_machine(self.check.document_type)

    @property
    def has_sound_paper(self) -> bool:
        checked = {"checked_type": self.check.document_type, "checked_number": self.check.number}
        return any(not any(paper_problems(paper, **checked)) for paper in self.evidence.papers)


def check_panel(
    check: IdentityCheck, *, name: str, document_type: str, document_number: str, evidence: Evidence, as_of: date
) -> CheckPanel:
    """Name, type and number as they are typed now."""
    verdicts = decisions(
        check.outcome, checked_type=check.document_type, checked_number=check.number, evidence=evidence
    )
    calendar = calendar_of(check.legal_entity_id)
    return CheckPanel(
        check=check,
        evidence=evidence,
        differs=typed_since(check, name=name, document_type=document_type, document_number=document_number),
        options=[
            Option(each, verdict, follow_up_due(check.outcome, each, on=as_of, calendar=calendar))
            for each, verdict in verdicts.items()
        ],
        tries=tries(check),
    )


def typed_since(check: IdentityCheck, *, name: str, document_type: str, document_number: str) -> tuple[str, ...]:
    agrees = {
        "name": check.name == clean_text(name),
        "document_type": check.document_type == document_type,
        "document_number": check.number == normalise(document_type, document_number),
    }
    return tuple(field for field, same in agrees.items() if not same)


def tries(check: IdentityCheck) -> int:
    same = IdentityCheck.objects.filter(
        teller=check.teller_id, document_type=check.document_type, number_digest=check.number_digest
    )
    return same.on_day(check.business_date).filter(pk__lte=check.pk).count()


def usable_check(staff, pk: int | None) -> IdentityCheck | None:
    """One's own check that no business has used yet."""
    return (
        IdentityCheck.objects.reachable_by(staff).filter(pk=pk, teller=staff, consumed_at=None).first() if pk else None
    )

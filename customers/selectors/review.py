"""What a checker sees of a request: facts, evidence, maker."""

from dataclasses import dataclass

from django.utils import timezone

from customers.models import Agent, Amendment, AuxiliaryPaper, Customer, IdentityCheck, IdentityDocument
from tellerdesk.core.ages import age_on
from tellerdesk.core.business_date import today


@dataclass(frozen=True)
class PendingDetail:
    """`document` and `customer` are None for a refusal: nobody was opened."""

    amendment: Amendment
    customer: Customer | None
    document: IdentityDocument | None
    check: IdentityCheck | None
    papers: list[AuxiliaryPaper]
    agent: Agent | None

    @property
    def new_number(self) -> str:
        """In clear: the checker compares it with the document's image."""
        number = getattr(self.amendment, "changed_number", None)
        return number.number if number else ""

    @property
    def age(self) -> int | None:
        return age_on(self.customer.birth_date, today()) if self.customer else None

    @property
    def changes(self) -> list[tuple]:
        """Without the number that an undone merge gives back: that is no change of a field, and said in words."""
        pairs = self.amendment.changes.items()
        return [(field, before, after) for field, (before, after) in pairs if field != "customer_number"]


def pending_detail(amendment: Amendment) -> PendingDetail:
    """Three queries at most."""
    customer, check = amendment.customer, amendment.identity_check
    return PendingDetail(
        amendment=amendment,
        customer=customer,
        document=customer.documents.primary().first() if customer else None,
        check=check,
        papers=list(check.auxiliary_papers.order_by("pk")) if check else [],
        agent=amendment.agents.first(),
    )


def decided_today(staff) -> int:
    return Amendment.objects.for_checker(staff).filter(checker=staff).decided_on(timezone.localdate()).count()

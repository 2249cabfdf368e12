"""A paper beside the primary document: whether it stands for the person as well, or only corroborates (rules 2.1)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from customers.enums import DocumentType
from customers.rules.amended import Identity
from customers.rules.documents import CITIZEN_NUMBER_TYPES, ParsedDocument, parse_document
from customers.rules.particulars import clean
from customers.rules.primary import AUXILIARY, primary_problems
from customers.rules.validity import period_problems
from tellerdesk.core.ages import age_on

# What a request calls the paper it adds, by the role the paper will have.
FURTHER_DOCUMENT, AUXILIARY_DOCUMENT = "further_document", "auxiliary_document"
ADDED = frozenset({FURTHER_DOCUMENT, AUXILIARY_DOCUMENT})
# What keeps a paper from being the primary one of this person, and not from being on the file.
CORROBORATES = frozenset(
    {"auxiliary_only", "register_under_16_only", "passport_when_settled_abroad", "unit_proof_required"}
)


@dataclass(frozen=True)
class FurtherPaper:
    """As entered; `long_term` is a document without last day."""

    document_type: str
    document_number: str
    valid_from: date | None = None
    valid_until: date | None = None
    long_term: bool = False
    issuing_authority: str = ""

    def paper(self, *, today: date) -> ParsedDocument:
        """ValueError for a type that is not in the list."""
        return parse_document(self.document_type, self.document_number, today=today)

    def cleaned(self, paper: ParsedDocument) -> "FurtherPaper":
        return replace(
            self,
            document_number=paper.normalized,
            long_term=self.valid_until is None if paper.has_no_period else self.long_term,
            issuing_authority=clean("issuing_authority", self.issuing_authority),
        )


def stands_for(paper: ParsedDocument, holder: Identity, *, today: date) -> bool:
    """As an identity document of its own, which claims the person's key; otherwise it corroborates."""
    return not list(_primary_problems(paper, holder, today))


def further_problems(
    further: FurtherPaper, paper: ParsedDocument, holder: Identity, *, today: date
) -> Iterator[tuple[str, str]]:
    """Field and code; `further` is cleaned. That it has expired is a fact apart: validity.is_expired."""
    yield from (("document_number", code) for code in paper.errors)
    if paper.valid:
        yield from _holder_problems(paper, holder, today)
    yield from period_problems(
        further.document_type, further.valid_from, further.valid_until, further.long_term, today=today
    )


def _holder_problems(paper: ParsedDocument, holder: Identity, today: date) -> Iterator[tuple[str, str]]:
    if {paper.document_type, holder.document_type} <= CITIZEN_NUMBER_TYPES:
        if paper.normalized != holder.document_number:
            yield "document_number", "paper_of_another_number"
    elif _tells_of_another(paper, holder):
        yield "document_number", "paper_of_another_person"
    for field, code in _primary_problems(paper, holder, today):
        if code not in CORROBORATES or DocumentType(paper.document_type) not in AUXILIARY:
            yield ("document_type" if field in ("nationality", "unit_proof") else field), code


def _tells_of_another(paper: ParsedDocument, holder: Identity) -> bool:
    if holder.birth_date and paper.birth_date and not paper.agrees_with(holder.birth_date):
        return True
    return bool(paper.sex_is_certain and holder.sex and paper.sex != holder.sex)


def _primary_problems(paper: ParsedDocument, holder: Identity, today: date) -> Iterator[tuple[str, str]]:
    return primary_problems(
        paper,
        nationality=holder.nationality,
        age=age_on(holder.birth_date, today) if holder.birth_date else None,
        settled_abroad=holder.settled_abroad,
        unit_proof=holder.unit_proof,
    )

"""What may back up an online check that did not simply agree (rules 3.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from customers.enums import DocumentType
from customers.rules.documents import CITIZEN_NUMBER_TYPES, ParsedDocument
from customers.rules.primary import AUXILIARY

SECOND_GENERATION_CARDS = frozenset({DocumentType.RESIDENT_ID, DocumentType.HMT_RESIDENCE_PERMIT})


@dataclass(frozen=True)
class Paper:
    """An auxiliary document shown; `same_name` is the teller's word that it bears the name checked."""

    document_type: str
    normalized: str
    same_name: bool

    @classmethod
    def of(cls, document: ParsedDocument, *, same_name: bool) -> "Paper":
        return cls(document.document_type, document.normalized, same_name)


@dataclass(frozen=True)
class Evidence:
    """None: not done. `police_receipt` is the number of the stamped receipt (回执)."""

    photo_matches: bool | None = None
    papers: tuple[Paper, ...] = ()
    reader_genuine: bool | None = None
    police_receipt: str = ""

    @property
    def has_further_step(self) -> bool:
        return bool(self.papers) or self.reader_genuine is not None or bool(self.police_receipt)


def paper_problems(paper: Paper, *, checked_type: str, checked_number: str) -> Iterator[str]:
    """Why this paper does not corroborate. A paper that carries a citizen number must carry the one checked."""
    if paper.document_type not in AUXILIARY:
        yield "paper_not_auxiliary"
    if paper.document_type == checked_type:
        yield "paper_is_the_one_checked"
    if paper.document_type in CITIZEN_NUMBER_TYPES and paper.normalized != checked_number:
        yield "paper_of_another_number"
    if not paper.same_name:
        yield "paper_name_not_confirmed"


def corroborates(evidence: Evidence, *, checked_type: str, checked_number: str) -> bool:
    """One sound paper, a card read as genuine, or the police's receipt; a card found false undoes the papers."""
    if evidence.police_receipt or evidence.reader_genuine:
        return True
    if evidence.reader_genuine is False:
        return False
    return any(
        not any(paper_problems(paper, checked_type=checked_type, checked_number=checked_number))
        for paper in evidence.papers
    )


def reads_by_machine(document_type: str) -> bool:
    """Whether a card reader (阅读机具) can test it at all: only chip cards of the second generation."""
    return document_type in SECOND_GENERATION_CARDS

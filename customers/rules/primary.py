"""Which paper opens a customer, and for whom: decided by type, nationality and age together (rules 2.1)."""

from collections.abc import Iterator

from customers.enums import DocumentType
from customers.rules.countries import CHINA, CHINESE, HONG_KONG, MACAO, TAIWAN
from customers.rules.documents import ParsedDocument
from customers.rules.patterns import NON_CHINESE_PERMIT

REGISTER_ONLY_UNDER = 16  # full years
AUXILIARY_ONLY = frozenset({DocumentType.DRIVING_LICENCE, DocumentType.SOCIAL_SECURITY_CARD, DocumentType.OTHER})
AUXILIARY = AUXILIARY_ONLY | {
    DocumentType.HOUSEHOLD_REGISTER,
    DocumentType.CHINESE_PASSPORT,
    DocumentType.MILITARY_ID,
    DocumentType.TEMPORARY_RESIDENT_ID,
}
FOREIGNERS_ONLY = frozenset({DocumentType.FOREIGN_PASSPORT, DocumentType.PERMANENT_RESIDENCE_CARD})
CITIZENS_ONLY = frozenset(
    {
        DocumentType.RESIDENT_ID,
        DocumentType.TEMPORARY_RESIDENT_ID,
        DocumentType.HOUSEHOLD_REGISTER,
        DocumentType.CHINESE_PASSPORT,
        DocumentType.MILITARY_ID,
    }
)
TERRITORY_BY_FIRST_CHARACTERS = {"H": HONG_KONG, "M": MACAO, "81": HONG_KONG, "82": MACAO, "83": TAIWAN}


def primary_problems(
    paper: ParsedDocument, *, nationality: str, age: int | None, settled_abroad: bool, unit_proof: bool
) -> Iterator[tuple[str, str]]:
    """Field and code of everything that keeps this paper from being the person's primary document."""
    kind = paper.document_type
    if kind in AUXILIARY_ONLY:
        yield "document_type", "auxiliary_only"
    if kind == DocumentType.HOUSEHOLD_REGISTER and age is not None and age >= REGISTER_ONLY_UNDER:
        yield "document_type", "register_under_16_only"
    if kind == DocumentType.CHINESE_PASSPORT and not settled_abroad:
        yield "document_type", "passport_when_settled_abroad"
    if kind == DocumentType.MILITARY_ID and not unit_proof:
        yield "unit_proof", "unit_proof_required"
    if not fits_nationality(paper, nationality):
        yield "nationality", "nationality_mismatch"


def fits_nationality(paper: ParsedDocument, nationality: str) -> bool:
    """Hong Kong, Macao and Taiwan residents are recorded as CHN or by their territory's own ISO code."""
    kind = paper.document_type
    if kind in CITIZENS_ONLY:
        return nationality == CHINA
    if kind in FOREIGNERS_ONLY or NON_CHINESE_PERMIT.fullmatch(paper.normalized):
        return nationality not in CHINESE and paper.nationality in (None, nationality)
    if kind in AUXILIARY_ONLY:
        return True
    return nationality in (CHINA, _territory(paper))


def _territory(paper: ParsedDocument) -> str | None:
    if paper.document_type == DocumentType.TAIWAN_PERMIT:
        return TAIWAN
    fitting = (code for first, code in TERRITORY_BY_FIRST_CHARACTERS.items() if paper.normalized.startswith(first))
    return next(fitting, None)

"""One door for every document number: normalise, read by its type, say which type it looks like if not."""

from dataclasses import dataclass
from datetime import date

from customers.enums import DocumentType, Sex
from customers.rules.id_number import read_citizen_number, shape_problem_of_18
from customers.rules.identity_key import identity_key
from customers.rules.normalise import normalise
from customers.rules.patterns import PATTERNS, is_unusual, read_other, read_pattern
from customers.rules.reading import Reading, refused
from customers.rules.regions import Region
from customers.rules.residence import read_permanent_residence_card, read_residence_permit
from customers.rules.validity import WITHOUT_VALIDITY

CITIZEN_NUMBER_TYPES = frozenset(
    {
        DocumentType.RESIDENT_ID,
        DocumentType.TEMPORARY_RESIDENT_ID,
        DocumentType.HOUSEHOLD_REGISTER,
        DocumentType.DRIVING_LICENCE,
        DocumentType.SOCIAL_SECURITY_CARD,
    }
)
RECOGNISABLE = (
    DocumentType.RESIDENT_ID,
    DocumentType.HMT_RESIDENCE_PERMIT,
    DocumentType.PERMANENT_RESIDENCE_CARD,
    DocumentType.HK_MACAO_PERMIT,
    DocumentType.CHINESE_PASSPORT,
    DocumentType.TAIWAN_PERMIT,
    DocumentType.MILITARY_ID,
)
PERMIT_STARTS = ("71", "81", "82", "83")


@dataclass(frozen=True)
class ParsedDocument:
    """What a number says. `nationality` is ISO 3166-1 alpha-3 where the document settles it.

    `suggested_type` is the type whose number this seems to be when the chosen type refuses it. `identity_key` marks
    one person (rules 1.2); None for papers that claim none, and for refused numbers.
    """

    document_type: DocumentType
    normalized: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    birth_date: date | None
    sex: Sex | None
    nationality: str | None
    region: Region | None
    suggested_type: DocumentType | None
    identity_key: str | None

    @property
    def valid(self) -> bool:
        return not self.errors

    @property
    def sex_is_certain(self) -> bool:
        return self.sex is not None and "sex_by_convention" not in self.warnings

    @property
    def has_no_period(self) -> bool:
        return self.document_type in WITHOUT_VALIDITY

    def agrees_with(self, birth_date: date) -> bool:
        """The old permanent residence card carries two digits of the year, the century is inferred."""
        if len(self.normalized) == 15:
            return f"{birth_date:%y%m%d}" == f"{self.birth_date:%y%m%d}"
        return birth_date == self.birth_date


def parse_document(document_type: str, text: str, *, today: date) -> ParsedDocument:
    """Never raises for any text; ValueError for a type that is not in the list."""
    document_type = DocumentType(document_type)
    number = normalise(document_type, text)
    reading = _read(document_type, number, today)
    suggested = _suggest(document_type, number, today) if reading.errors else None
    if suggested and document_type not in CITIZEN_NUMBER_TYPES:
        reading = refused("wrong_type")
    return ParsedDocument(
        document_type=document_type,
        normalized=number,
        errors=reading.errors,
        warnings=reading.warnings,
        birth_date=reading.birth_date,
        sex=reading.sex,
        nationality=reading.nationality,
        region=reading.region,
        suggested_type=suggested,
        identity_key=None if reading.errors else identity_key(document_type, number),
    )


def _read(document_type: DocumentType, number: str, today: date) -> Reading:
    if document_type in CITIZEN_NUMBER_TYPES:
        return read_citizen_number(number, today=today)
    if document_type == DocumentType.HMT_RESIDENCE_PERMIT:
        return read_residence_permit(number, today=today)
    if document_type == DocumentType.PERMANENT_RESIDENCE_CARD:
        return read_permanent_residence_card(number, today=today)
    return read_pattern(document_type, number) if document_type in PATTERNS else read_other(number)


def _suggest(chosen: DocumentType, number: str, today: date) -> DocumentType | None:
    """The first type that takes the number whole; for citizen numbers also by first digits no province has."""
    taken = (other for other in RECOGNISABLE if other != chosen and _recognises(other, number, today))
    return next(taken, None) or (_by_first_digits(number) if chosen in CITIZEN_NUMBER_TYPES else None)


def _recognises(document_type: DocumentType, number: str, today: date) -> bool:
    return not _read(document_type, number, today).errors and not is_unusual(document_type, number)


def _by_first_digits(number: str) -> DocumentType | None:
    if shape_problem_of_18(number):
        return None
    if number.startswith("9"):
        return DocumentType.PERMANENT_RESIDENCE_CARD
    return DocumentType.HMT_RESIDENCE_PERMIT if number.startswith(PERMIT_STARTS) else None

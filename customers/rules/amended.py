"""What a change makes of a file, and whether the whole still holds together (rules 1.1, 1.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from customers.enums import Sex
from customers.rules.countries import find_country
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.primary import primary_problems
from customers.rules.texts import parse_iso_date
from customers.rules.validity import WITHOUT_VALIDITY, period_problems
from tellerdesk.core.ages import age_on

DOCUMENT = ("document_type", "document_number")
PERIOD = ("valid_from", "valid_until", "long_term")
DATES = ("birth_date", "valid_from", "valid_until")
# What a suspended customer may still have changed: the document itself (rules 1.5).
OF_THE_DOCUMENT = frozenset({*DOCUMENT, *PERIOD, "issuing_authority"})
PERSONAL = frozenset({"sex", "birth_date", "nationality", "settled_abroad", "unit_proof"})
# What the document itself says: asked for in 1005, all the rest in 1002.
BY_DOCUMENT = OF_THE_DOCUMENT | PERSONAL | {"name"}


@dataclass(frozen=True)
class Identity:
    """What the primary document must agree with; the number is normalised."""

    name: str
    sex: str
    birth_date: date | None
    nationality: str
    settled_abroad: bool
    unit_proof: bool
    document_type: str
    document_number: str
    valid_from: date | None
    valid_until: date | None
    long_term: bool
    issuing_authority: str = ""

    def paper(self, *, today: date) -> ParsedDocument:
        return parse_document(self.document_type, self.document_number, today=today)

    def changed_by(self, changes: Mapping) -> "Identity":
        """`changes` are cleaned values of the right types; a new last day ends long term, and the reverse.

        A document of another type brings its own period.
        """
        values = {field: value for field, value in changes.items() if hasattr(self, field)}
        values |= {
            field: parse_iso_date(values[field])
            for field in ("birth_date", "valid_from", "valid_until")
            if field in values
        }
        if values.get("valid_until") and "long_term" not in values:
            values["long_term"] = False
        if values.get("long_term") and "valid_until" not in values:
            values["valid_until"] = None
        if values.get("document_type", self.document_type) != self.document_type:
            values = {
                **dict.fromkeys(("valid_from", "valid_until")),
                "long_term": False,
                "issuing_authority": "",
                **values,
            }
        return replace(self, **values)


def completed(changes: Mapping, before: Identity, *, today: date) -> dict:
    """The changes with what follows from them: a corrected number brings sex and birth date along.

    `changes` are sound field by field.
    """
    if "document_number" not in changes:
        return dict(changes)
    paper = before.changed_by(changes).paper(today=today)
    found = {"document_number": paper.normalized}
    if paper.valid and paper.birth_date and not paper.agrees_with(before.birth_date):
        found["birth_date"] = paper.birth_date
    if paper.valid and paper.sex_is_certain and before.sex != paper.sex:
        found["sex"] = str(paper.sex)
    return {**found, **changes, "document_number": paper.normalized}


def identity_problems(changes: Mapping, before: Identity, *, today: date) -> Iterator[tuple[str, str]]:
    """Only where the change touches it: a file that came in otherwise is not refused a new address."""
    after = before.changed_by(changes)
    paper = after.paper(today=today)
    if changes.keys() & (PERSONAL | set(DOCUMENT)):
        yield from _person_problems(after, paper, today)
    if changes.keys() & {*DOCUMENT, *PERIOD}:
        long_term = after.long_term or (after.document_type in WITHOUT_VALIDITY and after.valid_until is None)
        yield from period_problems(after.document_type, after.valid_from, after.valid_until, long_term, today=today)


def _person_problems(after: Identity, paper: ParsedDocument, today: date) -> Iterator[tuple[str, str]]:
    if after.birth_date is None:
        yield "birth_date", "required"
    elif paper.birth_date and not paper.agrees_with(after.birth_date):
        yield "birth_date", "birth_date_mismatch"
    elif after.birth_date > today:
        yield "birth_date", "future_birth_date"
    if paper.valid and paper.sex_is_certain and after.sex in Sex.values and after.sex != paper.sex:
        yield "sex", "sex_mismatch"
    if find_country(after.nationality):
        yield from primary_problems(
            paper,
            nationality=after.nationality,
            age=age_on(after.birth_date, today) if after.birth_date and after.birth_date <= today else None,
            settled_abroad=after.settled_abroad,
            unit_proof=after.unit_proof,
        )

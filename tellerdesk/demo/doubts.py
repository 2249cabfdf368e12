"""Sample customers whose online check did not simply agree, by the sequences that the simulator answers to."""

from dataclasses import replace
from datetime import date

from customers.enums import CheckDecision, DocumentType
from customers.rules.corroboration import Evidence
from customers.rules.corroboration import Paper as ShownPaper
from tellerdesk.demo import places
from tellerdesk.demo.making import COMPARED, Making, Sample
from tellerdesk.demo.residents import resident


def matched_without_photo(making: Making) -> Sample:
    return replace(resident(making, answer=902), evidence=Evidence())


def matched_at_second_try(making: Making) -> Sample:
    return resident(making, answer=906)


def name_differs(making: Making, on: date | None = None) -> Sample:
    """Corroborated by a driving licence that carries the same number."""
    found = resident(making, answer=900, on=on or making.recent_day())
    licence = ShownPaper(DocumentType.DRIVING_LICENCE, found.particulars.document_number, same_name=True)
    return replace(found, evidence=replace(COMPARED, papers=(licence,)))


def not_found(making: Making, on: date | None = None) -> Sample:
    evidence = Evidence(police_receipt=f"核{places.digits(making.chance, 6)}")
    return replace(resident(making, answer=901, on=on or making.recent_day()), evidence=evidence)


def to_be_followed_up(making: Making) -> Sample:
    found = resident(making, answer=making.chance.choice((900, 901)), on=making.recent_day())
    return replace(found, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=Evidence())


def check_deferred(making: Making) -> Sample:
    found = resident(making, answer=905, on=making.recent_day())
    return replace(found, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=replace(COMPARED, reader_genuine=True))


def photo_of_another(making: Making, on: date | None = None) -> Sample:
    found = resident(making, answer=907, on=on or making.recent_day())
    return replace(found, evidence=Evidence(photo_matches=False, reader_genuine=True))

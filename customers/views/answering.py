"""What the opening form says while it is being typed: to the number, and to the period of validity."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from customers.enums import DocumentType
from customers.forms.opening import OpeningForm
from customers.messages import message
from customers.models import Customer
from customers.rules.countries import CHINA
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.mrz import MachineReadableZone, parse_mrz
from customers.rules.reader_line import ReaderLine, parse_reader_line
from customers.rules.validity import card_valid_until, is_unusual_period
from customers.services.recognising import recognise
from customers.validators import paper_errors
from customers.views.keeping import keeps_typed
from tellerdesk.core.access import requires
from tellerdesk.core.ages import age_on
from tellerdesk.core.business_date import today


@dataclass(frozen=True)
class Answer:
    """What the page says to a number, and what it fills in: `{field: {value, locked}}`.

    A locked field is the document's own and read only; the others only fill what is still empty.
    """

    paper: ParsedDocument
    zone: MachineReadableZone | None = None
    line: ReaderLine | None = None
    known: Customer | None = None
    messages: list = field(default_factory=list)
    fills: dict = field(default_factory=dict)
    is_own: bool = False

    @property
    def age(self) -> int | None:
        return age_on(self.paper.birth_date, today()) if self.paper.birth_date else None

    @property
    def warnings(self) -> list:
        return [message(code) for code in self.paper.warnings if code != "sex_by_convention"]

    @property
    def locked(self) -> dict:
        return {name: True for name, filled in self.fills.items() if filled["locked"]}


@keeps_typed
@requires("customers.look_up")
@require_POST
def answer(request):
    """The number as it is typed: what it tells, whether it can be right, whether the person is a customer.

    A form about a customer names him in `about`: that the number is his own is no surprise then.
    """
    document_type, text = request.POST.get("document_type", ""), request.POST.get("document_number", "")
    if document_type not in DocumentType.values:
        raise BadRequest
    about = request.POST.get("about", "")
    found = answered(document_type, text, about=about, by=request.user)
    return render(request, "customers/answer.html", {"answer": found, "asked": True, "about": about})


def answered(document_type: str, text: str, *, about: str = "", by=None) -> Answer | None:
    """None for an empty field. Whether the person is a customer is only asked, and logged, where `by` asks."""
    if not text.strip():
        return None
    zone, line = parse_mrz(text, today=today()), parse_reader_line(text, today=today())
    if zone:
        document_type, text = zone.document_type or document_type, zone.document_number
    if line:
        document_type, text = DocumentType.RESIDENT_ID, line.document_number
    paper = parse_document(document_type, text, today=today())
    known = recognise(paper=paper, by=by) if by and paper.valid else None
    return Answer(
        paper=paper,
        zone=zone,
        line=line,
        known=known,
        is_own=bool(known and known.customer_number == about),
        messages=[words for found in paper_errors(paper).values() for code, words in found],
        fills=(zone_fills(zone, paper) if zone else line_fills(line) if line else {}) | number_fills(paper),
    )


def number_fills(paper: ParsedDocument) -> dict:
    """What the number does not tell is opened again where an earlier one had filled it."""
    told = paper if paper.valid else None
    fills = {
        "birth_date": fill(told and told.birth_date, locked=bool(told and told.birth_date)),
        "sex": fill(told and told.sex, locked=bool(told and told.sex_is_certain)),
    }
    return fills | ({"nationality": fill(told.nationality)} if told and told.nationality else {})


def zone_fills(zone: MachineReadableZone, paper: ParsedDocument) -> dict:
    return {
        "document_type": fill(paper.document_type.value, locked=True),
        "document_number": fill(paper.normalized, locked=True),
        "name": fill(zone.name),
        "nationality": fill(zone.nationality),
        "valid_until": fill(zone.valid_until),
    }


def line_fills(line: ReaderLine) -> dict:
    """What the card says of itself replaces what was there.

    Its address is where one is registered, not where one lives: that only fills an empty field.
    """
    told = {
        "document_type": DocumentType.RESIDENT_ID.value,
        "document_number": line.document_number,
        "name": line.name,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
        "long_term": "on" if line.long_term else "",
        "issuing_authority": line.issuing_authority,
    }
    if not line.valid_from:  # a reader that leaves the period out says nothing of it
        told = {name: told[name] for name in ("document_type", "document_number", "name", "issuing_authority")}
    gently = {"ethnic_group": fill(line.ethnic_group), "address": fill(line.address), "nationality": fill(CHINA)}
    return {name: fill(value, locked=True) for name, value in told.items()} | gently


def fill(value, *, locked: bool = False) -> dict:
    return {"value": str(value) if value else "", "locked": locked}


@keeps_typed
@requires("customers.open_customer")
@require_POST
def validity(request):
    """The period the law gives a resident's card, as a suggestion; the card itself counts."""
    form = OpeningForm(request.POST)
    form.is_valid()
    entered = form.cleaned_data
    document_type, born = entered["document_type"], entered.get("birth_date")
    since, until = entered.get("valid_from"), entered.get("valid_until")
    suggested = {} if until or entered["long_term"] else suggested_period(document_type, born, since)
    context = {
        "fills": suggested | written({"valid_from": since, "valid_until": until}),
        "is_unusual": (until or entered["long_term"]) and is_unusual_period(document_type, born, since, until),
    }
    return render(request, "customers/validity.html", context)


def written(days: dict) -> dict:
    """As 2019-05-20, however they were typed."""
    return {name: fill(day, locked=True) for name, day in days.items() if day}


def suggested_period(document_type: str, born: date | None, since: date | None) -> dict:
    if document_type != DocumentType.RESIDENT_ID or not born or not since or since < born:
        return {}
    until = card_valid_until(born, since)
    return {"valid_until": fill(until)} if until else {"long_term": fill("on")}

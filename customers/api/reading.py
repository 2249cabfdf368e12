"""From validated JSON to what the rules speak of; wrong shapes end here, wrong values in the rules."""

from datetime import date

from customers.rules.agents import AgentParticulars
from customers.rules.corroboration import Evidence, Paper
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.particulars import Particulars
from customers.rules.texts import clean_text, name_problem, parse_iso_date
from customers.validators import field_errors, paper_errors
from tellerdesk.core.errors import FieldErrors

DATES = frozenset({"birth_date", "valid_from", "valid_until"})


def validated(serializer, request, *, data=None) -> dict:
    """Raises DRF's ValidationError, a body that is no object included."""
    checked = serializer(data=request.data if data is None else data)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def paper_of(typed: dict, *, today: date) -> ParsedDocument:
    """A valid paper; malformed numbers never reach the gateway."""
    paper = parse_document(typed["document_type"], typed["document_number"], today=today)
    if paper.errors:
        raise FieldErrors(paper_errors(paper))
    return paper


def name_of(typed: dict) -> str:
    name = clean_text(typed["name"])
    problem = name_problem(name)
    if problem:
        raise FieldErrors(field_errors({"name": [problem]}))
    return name


def particulars_of(typed: dict) -> Particulars:
    values = {key: value for key, value in typed.items() if key not in ("identity_check", "agent")}
    return Particulars(**values, agent=agent_of(typed["agent"]))


def agent_of(typed: dict | None) -> AgentParticulars | None:
    return AgentParticulars(**typed) if typed else None


def evidence_of(typed: dict, *, today: date) -> Evidence:
    """Auxiliary papers with their faults named by place: `auxiliary.0.document_number`."""
    papers = []
    for index, each in enumerate(typed["auxiliary"]):
        parsed = parse_document(each["document_type"], each["document_number"], today=today)
        if parsed.errors:
            raise FieldErrors({f"auxiliary.{index}.{field}": found for field, found in paper_errors(parsed).items()})
        papers.append(Paper.of(parsed, same_name=each["same_name"]))
    return Evidence(
        photo_matches=typed["photo_matches"],
        papers=tuple(papers),
        reader_genuine=typed["reader_genuine"],
        police_receipt=typed["police_receipt"] or "",
    )


def changes_of(typed: dict) -> dict:
    """Dates as dates where they are dates; what is not one is left for the rules to refuse."""
    return {key: parse_iso_date(value) or value if key in DATES else value for key, value in typed.items()}

"""The rules' codes with the sentences people read: page, interface and import speak with one voice."""

from collections.abc import Mapping

from customers.messages import message, number_message, type_hint
from customers.rules.documents import ParsedDocument
from customers.rules.texts import LONGEST_LINE, line_problem
from tellerdesk.core.errors import FieldErrors


def field_errors(errors: Mapping[str, list[str]], paper: ParsedDocument | None = None) -> dict[str, list[tuple]]:
    """`{field: [(code, message)]}`; the number's own errors say what its type wants, and which type it seems to be."""
    return {
        field: number_errors(codes, paper)
        if paper and field == "document_number"
        else [(c, message(c, field)) for c in codes]
        for field, codes in errors.items()
    }


def paper_errors(paper: ParsedDocument) -> dict[str, list[tuple]]:
    return {"document_number": number_errors(paper.errors, paper)} if paper.errors else {}


def refuse_lines(*, longest: int = LONGEST_LINE, **lines: str) -> None:
    """Raises FieldErrors for lines of prose no column takes: too long, control characters, NUL."""
    problems = {field: line_problem(text, longest) for field, text in lines.items()}
    wrong = {field: [(code, message(code, field))] for field, code in problems.items() if code}
    if wrong:
        raise FieldErrors(wrong)


def require_lines(**lines: str) -> None:
    """As refuse_lines, and none of them may be blank."""
    refuse_lines(**lines)
    blank = {field: [("required", message("required", field))] for field, text in lines.items() if not text.strip()}
    if blank:
        raise FieldErrors(blank)


def number_errors(codes, paper: ParsedDocument) -> list[tuple]:
    found = [(code, number_message(code, paper.document_type)) for code in codes]
    hint = type_hint(paper.suggested_type)
    return [(code, hint if hint and code in ("wrong_type", "region") else text) for code, text in found]

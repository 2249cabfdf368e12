"""What a gateway may answer, strictly: anything else is no answer (rules 3.5)."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass

from customers.enums import CheckOutcome
from customers.rules.texts import LONGEST_LINE, line_problem

LARGEST_PHOTO = 256 * 1024  # bytes
LONGEST_AUTHORITY = 100
# What each outcome lets be said of the name: the opposite is a contradiction.
NAMES = {
    CheckOutcome.MATCH: (True,),
    CheckOutcome.MATCH_NO_PHOTO: (True,),
    CheckOutcome.NAME_MISMATCH: (False,),
    CheckOutcome.NOT_FOUND: (None,),
    CheckOutcome.CARD_LOST: (True, None),
    CheckOutcome.CARD_INVALID: (True, None),
    CheckOutcome.NOT_APPLICABLE: (None,),
}
IMAGES = {"image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"), "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82")}


class NotAnAnswer(ValueError):
    """Says what is wrong, and never what stood there."""


@dataclass(frozen=True)
class Answer:
    """`photo` is there with `match`, and only then."""

    outcome: CheckOutcome
    matched_name: bool | None
    photo: bytes | None
    issuing_authority: str
    message: str


def read_answer(body: bytes, request_id: str) -> Answer:
    """Raises NotAnAnswer: no JSON object, another request's answer, unknown words, wrong types, contradictions."""
    said = _object(body)
    _refuse(said.get("request_id") != request_id, "another request")
    outcome = said.get("outcome")
    _refuse(not isinstance(outcome, str) or outcome not in NAMES, "unknown outcome")
    matched_name = said.get("matched_name")
    _refuse(matched_name is not None and not isinstance(matched_name, bool), "wrong type of matched_name")
    _refuse(matched_name not in NAMES[outcome], "name contradicts outcome")
    photo = _photo(said.get("photo"))
    _refuse((photo is not None) != (outcome == CheckOutcome.MATCH), "photo contradicts outcome")
    return Answer(
        outcome=CheckOutcome(outcome),
        matched_name=matched_name,
        photo=photo,
        issuing_authority=_line(said, "issuing_authority", LONGEST_AUTHORITY),
        message=_line(said, "message", LONGEST_LINE),
    )


def image_type(photo: bytes) -> str | None:
    """By its first and last bytes, not by what anybody says; None for what no browser is to show."""
    found = (kind for kind, (first, last) in IMAGES.items() if photo.startswith(first) and photo.endswith(last))
    return next(found, None)


def _object(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer("no JSON") from error
    _refuse(not isinstance(said, dict), "no object")
    return said


def _photo(text) -> bytes | None:
    if text is None:
        return None
    _refuse(not isinstance(text, str), "wrong type of photo")
    try:
        photo = b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise NotAnAnswer("photo is not base64") from error
    _refuse(len(photo) > LARGEST_PHOTO, "photo too large")
    _refuse(image_type(photo) is None, "photo is no image")
    return photo


def _line(said: dict, name: str, longest: int) -> str:
    """Empty where it was left out."""
    text = said.get(name)
    if text is None:
        return ""
    _refuse(not isinstance(text, str), f"wrong type of {name}")
    _refuse(line_problem(text, longest) is not None, f"{name} cannot be kept")
    return text


def _refuse(wrong: bool, reason: str) -> None:
    if wrong:
        raise NotAnAnswer(reason)

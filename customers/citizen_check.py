"""联网核查: what a gateway to the population database is, and the simulator that stands in for it.

The simulator needs no network, no clock and no chance: the same number always gets the same answer (rules 3.5).
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from customers.enums import CheckOutcome, DocumentType

CITIZEN_NUMBERS = frozenset(
    {DocumentType.RESIDENT_ID, DocumentType.TEMPORARY_RESIDENT_ID, DocumentType.HOUSEHOLD_REGISTER}
)
NON_RESIDENT_PAPERS = frozenset(
    {DocumentType.HK_MACAO_PERMIT, DocumentType.TAIWAN_PERMIT, DocumentType.PERMANENT_RESIDENCE_CARD}
)
COVERED = CITIZEN_NUMBERS | NON_RESIDENT_PAPERS
TRIES = 3


class GatewayUnavailable(Exception):
    """The system did not answer in time or answered nonsense; nothing is known of the number."""


@dataclass(frozen=True)
class IdentityCheckResult:
    """`photo` as bytes, `source` is `live` or `simulator`; `matched_name` None where nothing was compared."""

    outcome: str
    matched_name: bool | None
    photo: bytes | None
    issuing_authority: str
    message: str
    request_id: str
    source: str
    checked_at: datetime = field(default_factory=timezone.now)

    @property
    def photo_hash(self) -> str:
        return sha256(self.photo).hexdigest() if self.photo else ""


class IdentityCheckGateway(Protocol):
    def check(
        self, *, name: str, number: str, document_type: str, business: str, by, attempt: int = 1
    ) -> IdentityCheckResult:
        """Raises GatewayUnavailable."""


class SimulatedGateway:
    """Answers by the three digits before the check character; 907's photo is of somebody else."""

    source = "simulator"
    outcomes = {
        "900": CheckOutcome.NAME_MISMATCH,
        "901": CheckOutcome.NOT_FOUND,
        "902": CheckOutcome.MATCH_NO_PHOTO,
        "903": CheckOutcome.CARD_LOST,
        "904": CheckOutcome.CARD_INVALID,
    }

    def check(self, *, name, number, document_type, business, by, attempt=1):
        if document_type not in COVERED:
            return self._result(CheckOutcome.NOT_APPLICABLE, number, name)
        sequence = number[-4:-1] if document_type in CITIZEN_NUMBERS else ""
        if sequence == "905" or (sequence == "906" and attempt == 1):
            raise GatewayUnavailable("simulated time-out")
        return self._result(self.outcomes.get(sequence, CheckOutcome.MATCH), number, name, stranger=sequence == "907")

    def _result(self, outcome, number, name, *, stranger=False):
        matched = {CheckOutcome.MATCH: True, CheckOutcome.MATCH_NO_PHOTO: True, CheckOutcome.NAME_MISMATCH: False}
        photo = placeholder_portrait(f"{number}:{stranger}") if outcome == CheckOutcome.MATCH else None
        request_id = "SIM" + sha256(f"{number}:{name}".encode()).hexdigest()[:13].upper()
        return IdentityCheckResult(outcome, matched.get(outcome), photo, "", "", request_id, self.source)


def placeholder_portrait(seed: str) -> bytes:
    """A drawn head, never a photo of anybody: an SVG whose shades follow from `seed`."""
    shade = sha256(seed.encode()).digest()
    tone, hair = 150 + shade[0] % 60, 40 + shade[1] % 60
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 72">'
        f'<rect width="60" height="72" fill="rgb({tone},{tone},{tone})"/>'
        f'<circle cx="30" cy="28" r="{13 + shade[2] % 4}" fill="rgb({hair},{hair},{hair})"/>'
        f'<path d="M8 72c2-20 12-26 22-26s20 6 22 26z" fill="rgb({hair},{hair},{hair})"/></svg>'
    ).encode()


@lru_cache(maxsize=4)
def _gateway(path: str) -> IdentityCheckGateway:
    return import_string(path)()


def gateway() -> IdentityCheckGateway:
    return _gateway(settings.IDENTITY_GATEWAY)


def is_simulated() -> bool:
    return getattr(gateway(), "source", "live") == "simulator"


def ask(*, name: str, number: str, document_type: str, business: str, by) -> tuple[IdentityCheckResult, int]:
    """The answer and the number of tries it took; after three tries without one the outcome is `unavailable`."""
    asked = {"name": name, "number": number, "document_type": document_type, "business": business, "by": by}
    for attempt in range(1, TRIES + 1):
        try:
            return gateway().check(**asked, attempt=attempt), attempt
        except GatewayUnavailable as error:
            message = str(error)[:200]
    source = getattr(gateway(), "source", "live")
    return IdentityCheckResult(CheckOutcome.UNAVAILABLE, None, None, "", message, "", source), TRIES

"""What was typed and not yet sent: kept for its writer only, sealed, until it is sent or thrown away."""

import json

from customers.models import Draft
from tellerdesk.vault.services import seal

LARGEST_DRAFT = 100_000


def keep_draft(*, transaction_code: str, about: str = "", fields: dict[str, list[str]], by) -> Draft | None:
    """`fields` are the form's names and texts. What is larger than any honest form is not kept (None)."""
    text = json.dumps(fields, ensure_ascii=False)
    if len(text) > LARGEST_DRAFT:
        return None
    sealed = seal(text)
    draft, _ = Draft.objects.update_or_create(
        staff=by,
        transaction_code=transaction_code,
        about=about,
        defaults={"ciphertext": sealed.ciphertext, "key_id": sealed.key_id},
    )
    return draft


def held_draft(*, transaction_code: str, about: str = "", by) -> tuple[Draft, dict[str, list[str]]] | None:
    draft = Draft.objects.filter(staff=by, transaction_code=transaction_code, about=about).first()
    return draft and (draft, draft.fields)


def drop_draft(*, transaction_code: str, about: str = "", by) -> None:
    Draft.objects.filter(staff=by, transaction_code=transaction_code, about=about).delete()

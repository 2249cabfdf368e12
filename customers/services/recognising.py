from customers.models import Customer, IdentityKey
from customers.rules.documents import ParsedDocument
from customers.rules.lookup import lookup_key
from customers.services.looking import by_document, note_look, shown, survivor
from tellerdesk.vault.services import looked_up


def recognise(*, paper: ParsedDocument, by) -> Customer | None:
    """Whether the holder of a valid paper is a customer already, by this paper or by another of the same person.

    A look like any other, logged with what it found.
    """
    key = lookup_key(document_type=paper.document_type, document_number=paper.normalized)
    found = by_document(key, by=by) or holder(paper, by=by)
    note_look(found, shown(key, found), by=by)
    return found


def holder(paper: ParsedDocument, *, by) -> Customer | None:
    if not paper.identity_key:
        return None
    keys = IdentityKey.objects.filter(legal_entity_id=by.legal_entity_id).select_related("customer__merged_into")
    key = looked_up(paper.identity_key, lambda digest: keys.filter(key_digest=digest).first())
    return survivor(key.customer) if key else None

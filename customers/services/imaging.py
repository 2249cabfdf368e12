"""证件影像: scans of papers, kept for ever."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers.models import Agent, Amendment, AuxiliaryPaper, Customer, DocumentImage, IdentityDocument
from customers.rules.images import image_type
from customers.selectors.limits import largest_image
from customers.services.looking import note_look
from customers.services.requesting import locked_customers
from tellerdesk.audit.services import record
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.contents import keep_content
from tellerdesk.files.errors import MESSAGES
from tellerdesk.files.storage import open_stored

FIELD = {IdentityDocument: "document", AuxiliaryPaper: "paper", Agent: "agent", Amendment: "amendment"}
NOT_AN_IMAGE = _("This is no whole JPEG, PNG or PDF; the file's name does not matter, its content does.")


def add_image(*, customer: Customer, of, side: str, upload, by) -> DocumentImage:
    """`of` is a document, an auxiliary paper, an agent or a waiting request of the customer; `upload` what arrived.

    The same scan of the same side sent twice is one image. Raises FieldErrors: empty_file, too_large, not_an_image.
    """
    data = content_of(upload, most=largest_image(customer.legal_entity_id))
    kind = image_type(data)
    if kind is None:
        raise FieldErrors({"file": [("not_an_image", NOT_AN_IMAGE)]})
    name = keep_content(data)  # before the row that names it, so that no row is without its file
    with transaction.atomic():
        locked_customers(customer.pk)
        place = {FIELD[type(of)]: of, "side": side, "sha256": name}
        found = DocumentImage.objects.filter(**place).first()
        return found or added(place | {"customer": customer}, kind, len(data), by=by)


def content_of(upload, *, most: int) -> bytes:
    if upload.too_large or upload.size > most:
        raise FieldErrors({"file": [("too_large", MESSAGES["too_large"] % {"megabytes": most // 1024**2})]})
    if not upload.size:
        raise FieldErrors({"file": [("empty_file", MESSAGES["empty_file"])]})
    with open_stored(upload.stored.name) as file:
        return file.read()


def added(place: dict, kind: str, size: int, *, by) -> DocumentImage:
    customer = place["customer"]
    image = DocumentImage.objects.create(
        legal_entity_id=customer.legal_entity_id,
        content_type=kind,
        size=size,
        uploaded_by=by,
        branch=by.branch,
        **place,
    )
    detail = {"side": image.side, "content_type": kind, "sha256": image.sha256}
    record("customers.image_added", subject=customer, by=by, detail=detail, touched=[image])
    return image


def look_at_image(*, image: DocumentImage, customer: Customer, by) -> None:
    """Who opens a scan has seen the paper: a look of its own, at the customer on whose file it stands now."""
    note_look(customer, f"{customer.customer_number} #{image.pk}", by=by)

"""The photo that came back with a check: for the teller's eyes until the business is done, sealed in the session.

Only its hash is recorded (rules 3.4).
"""

import base64

from django.http import Http404, HttpResponse

from customers.rules.gateway_answer import image_type
from tellerdesk.core.access import requires
from tellerdesk.vault.services import seal, unseal

KEPT = "check_photo"


def remember_photo(request, check, photo: bytes | None) -> None:
    """The latest one only."""
    if photo is None:
        request.session.pop(KEPT, None)
        return
    sealed = seal(base64.b64encode(photo).decode())
    request.session[KEPT] = [check.pk, base64.b64encode(sealed.ciphertext).decode(), sealed.key_id]


def photo_kept_for(request) -> int | None:
    """The check whose photo is still there."""
    return (request.session.get(KEPT) or [None])[0]


@requires("customers.check_identity")
def check_photo(request, pk):
    kept_for, ciphertext, key_id = request.session.get(KEPT) or (None, "", 0)
    if kept_for != pk:
        raise Http404
    photo = base64.b64decode(unseal(base64.b64decode(ciphertext), key_id))
    response = HttpResponse(photo, content_type=kind_of(photo))
    response.headers["Cache-Control"] = "no-store"
    return response


def kind_of(photo: bytes) -> str:
    """The simulator's drawing is an SVG of our own; a live gateway's photo was found to be one of the others."""
    if photo.startswith(b"<svg"):
        return "image/svg+xml"
    return image_type(photo) or "application/octet-stream"

"""One scan as it goes to a browser or a program, which is a look that is recorded."""

from django.http import Http404, HttpResponse

from customers.models import Customer
from customers.selectors.images import image_of
from customers.services import look_at_image
from tellerdesk.files.contents import open_content
from tellerdesk.files.errors import StoredFileBroken

# A scan is looked at and does nothing: no script, no form, no further request, whatever it contains.
ALONE = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def scan_response(customer: Customer, pk: int, *, by) -> HttpResponse:
    """404 for another customer's, and where the file is not what it was: verify_images says which."""
    customer = customer.merged_into or customer
    found = image_of(customer, pk)
    if found is None:
        raise Http404
    try:
        with open_content(found.sha256) as file:
            data = file.read()
    except StoredFileBroken as error:
        raise Http404 from error
    look_at_image(image=found, customer=customer, by=by)
    headers = {
        "Content-Disposition": f'inline; filename="{found.pk}.{found.content_type.rpartition("/")[2]}"',
        "Content-Security-Policy": ALONE,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=found.content_type, headers=headers)

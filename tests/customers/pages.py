"""What a browser sends from the pages of the counter."""

from datetime import date

from django.core import signing

from customers.models import IdentityCheck
from customers.views.keeping import SALT
from tests.factories import make_qualified, make_staff

LOGIN = "tellerdesk.staff.backends.PositionBackend"
OPENING = {
    "document_type": "resident_id",
    "name": "顾青禾",
    "nationality": "CHN",
    "valid_from": "2019-05-20",
    "valid_until": "2039-05-20",
    "occupation": "professional",
    "mobile": "13900000128",
    "address": "浙江省杭州市西湖区样例路 18 号",
}
BORN = date(1991, 8, 16)


def logged_in(client, **fields):
    """A qualified teller of branch 001, or whoever the fields say."""
    staff = make_qualified(make_staff(**fields))
    client.force_login(staff, backend=LOGIN)
    return staff


def mark_of(staff, code: str = "1001", about: str = "", address: str = "/customers/open/") -> str:
    return signing.dumps([staff.pk, code, about, address], salt=SALT)


def checked(client, number: str, **fields) -> IdentityCheck:
    """Runs step 2 of the form, as leaving the name field does."""
    client.post("/customers/open/check/?check=run", {**OPENING, "document_number": number, **fields})
    return IdentityCheck.objects.latest("pk")


def form(number: str, check: IdentityCheck | None = None, **fields) -> dict:
    """The opening form as it is sent; the photo has been found to be the person's."""
    made = {"identity_check": check.pk, "photo_matches": "true"} if check else {}
    return {**OPENING, "document_number": number, **made, **fields}

"""Nothing typed is lost (ui.md 6): a form whose login has ended is kept as the draft of the person who typed it.

Every form of the counter carries a signed mark: whose it is and which transaction. A post that comes with no login,
with somebody else's login or with a token of an older login is kept under that mark and never acted on.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from customers.services import keep_draft
from tellerdesk.staff.models import Staff

SALT = "customers.typed"
GOOD_FOR = 24 * 60 * 60  # seconds
MARK = "typed_by"
NOT_TYPED = ("csrfmiddlewaretoken", MARK)


@dataclass(frozen=True)
class Mark:
    """`address` is the page the form stands on; the draft shows there again."""

    staff_id: int
    transaction_code: str
    about: str
    address: str


def mark(request, transaction_code: str, *, about: str = "", address: str = "") -> str:
    fields = [request.user.pk, transaction_code, about, address or request.path]
    return signing.dumps(fields, salt=SALT)


def read_mark(request) -> Mark | None:
    """None where the form carries none, or one that was not signed here."""
    try:
        return Mark(*signing.loads(request.POST.get(MARK, ""), salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return None


def typed_fields(request) -> dict[str, list[str]]:
    return {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}


def keeps_typed(view):
    """Outermost on every view that a counter form posts to."""

    @wraps(view)
    def keeping(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        found = read_mark(request)
        if found is None or request.user.pk == found.staff_id:
            return view(request, *args, **kwargs)
        return kept(request, found)

    return keeping


def kept(request, found: Mark) -> HttpResponse:
    """Keeps what was typed and leads back to the page, through the login where there is none."""
    writer = Staff.objects.filter(pk=found.staff_id, is_active=True).first()
    if writer:
        keep_draft(transaction_code=found.transaction_code, about=found.about, fields=typed_fields(request), by=writer)
    if request.user.pk == found.staff_id:
        messages.warning(request, _("You have logged in again since. Nothing was sent yet: please check and confirm."))
    elif request.user.is_authenticated:
        messages.warning(request, _("That form belongs to another person's login and is kept for that person."))
    return led_back(request, found.address)


def led_back(request, address: str) -> HttpResponse:
    """For scripts no redirect that would put a page into a part of a page."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    if request.headers.get("X-Autosave"):
        return JsonResponse({"code": "not_authenticated"}, status=403)
    return redirect(address)

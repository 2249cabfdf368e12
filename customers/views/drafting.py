from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.services import drop_draft, held_draft, keep_draft
from customers.views.keeping import keeps_typed, read_mark, typed_fields
from tellerdesk.core.access import requires


@keeps_typed
@requires("customers.amend_customer")
@require_POST
def save_draft(request):
    """What autosave.js posts: the form's own mark says which transaction it is."""
    found = read_mark(request)
    draft = found and keep_draft(
        transaction_code=found.transaction_code, about=found.about, fields=typed_fields(request), by=request.user
    )
    if draft is None:
        return HttpResponse(status=204)
    return JsonResponse({"saved": saved_words(draft)})


@keeps_typed
@requires("customers.amend_customer")
@require_POST
def throw_away(request):
    """Begins the transaction anew."""
    found = read_mark(request)
    if found is None:
        return redirect("home")
    drop_draft(transaction_code=found.transaction_code, about=found.about, by=request.user)
    return redirect(found.address)


def saved_words(draft) -> str:
    return _("Draft saved %(time)s") % {"time": f"{timezone.localtime(draft.saved_at):%H:%M}"}


def restored(request, transaction_code: str, *, about: str = "") -> dict:
    """The draft as initial values of a form."""
    held = held_draft(transaction_code=transaction_code, about=about, by=request.user)
    return {name: values[-1] for name, values in held[1].items() if values} if held else {}


def saved_at(request, transaction_code: str, *, about: str = "") -> str:
    """In words; empty without a draft."""
    held = held_draft(transaction_code=transaction_code, about=about, by=request.user)
    return saved_words(held[0]) if held else ""

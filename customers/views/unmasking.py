"""A list under its mask, and the one page of it that somebody with a reason reads in full.

`listed` stands in the place of `render`. The reason comes by POST to the address of the page itself, so that neither
the reason nor what it uncovers is ever in an address, and the answer is stored nowhere.
"""

from dataclasses import dataclass

from django.shortcuts import render

from customers.forms.listing import UnmaskForm
from customers.services.unmasking import UNMASK, unmask_list
from tellerdesk.core.api import not_before
from tellerdesk.core.errors import FieldErrors

NEWEST = "newest"


@dataclass(frozen=True)
class Veil:
    """What hangs over a list: whether the reader may lift it, and whether it is lifted now.

    `newest` is the key of the first row: rows that came since the page was shown are not uncovered with it.
    """

    may_lift: bool
    lifted: bool
    form: UnmaskForm
    rows: int
    newest: object = ""
    reason: str = ""


def listed(request, template: str, context: dict, *, listing: str, words: str, rows: list, lifts: bool | None = None):
    """`rows` of the page shown, `words` its filter; `lifts` where a POST may be for something else (`asks_to_lift`).

    Raises NotPermitted, UnmaskedTooOften.
    """
    veil = lifted_veil if (request.method == "POST" if lifts is None else lifts) else drawn_veil
    veil = veil(request, listing=listing, words=words, rows=rows)
    response = render(request, template, context | {"veil": veil})
    return stored_nowhere(response) if veil.lifted else response


def asks_to_lift(request) -> bool:
    """Whether it is the form of the mask that was sent to this address, and no other one of the page."""
    return request.method == "POST" and NEWEST in request.POST


def drawn_veil(request, *, rows: list, form: UnmaskForm | None = None, **_listing) -> Veil:
    newest = getattr(rows[0], "pk", "") if rows else ""
    return Veil(request.user.has_perm(UNMASK), False, form or UnmaskForm(), len(rows), newest)


def lifted_veil(request, *, listing: str, words: str, rows: list) -> Veil:
    form = UnmaskForm(request.POST)
    form.is_valid()
    reason = form.cleaned_data["reason"]
    try:
        unmask_list(listing=listing, words=words, rows=len(rows), reason=reason, by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
        return drawn_veil(request, rows=rows, form=form)
    return Veil(True, True, form, len(rows), reason=reason)


def as_shown(request, queryset, *, by: str = "pk"):
    """Without what came after the page that the reason was given on."""
    newest = request.POST.get(NEWEST, "")
    is_key = newest.isascii() and newest.isdigit() and len(newest) < 19
    return not_before(queryset, newest, by=by) if is_key else queryset


def stored_nowhere(response):
    response.headers["Cache-Control"] = "no-store, private"
    return response

"""Step 2 of a form: the online check is made, read and decided without leaving the page."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.citizen_check import is_simulated
from customers.enums import Business, DocumentType
from customers.errors import RateLimited
from customers.forms.opening import OpeningForm
from customers.rules.documents import parse_document
from customers.rules.texts import clean_text, name_problem
from customers.selectors.check_panel import CheckPanel, check_panel, usable_check
from customers.services import check_identity
from customers.views.keeping import keeps_typed
from customers.views.photo import photo_kept_for, remember_photo
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today


@keeps_typed
@requires("customers.check_identity")
@require_POST
def check_step(request):
    """The panel for what is typed now; `check=run` asks the gateway unless a good answer is there, `again` always."""
    form = OpeningForm(request.POST)
    form.is_valid()
    panel, refusal = panel_of(form, by=request.user), ""
    wanted = request.GET.get("check")
    if wanted == "again" or (wanted == "run" and (panel is None or panel.is_void)):
        panel, refusal = asked(request, form)
    context = {"form": form, "panel": panel, "refusal": refusal} | around_the_check(request)
    return render(request, "customers/check_panel.html", context)


def around_the_check(request) -> dict:
    """What the panel says beside its check, wherever it stands."""
    return {"simulated": is_simulated(), "photo_for": photo_kept_for(request)}


def asked(request, form) -> tuple[CheckPanel | None, str]:
    """The new panel, or why the gateway was not asked."""
    document_type, number = form.typed_document
    name = clean_text(form.cleaned_data["name"])
    paper = parse_document(document_type, number, today=today()) if document_type in DocumentType.values else None
    if paper is None or paper.errors or name_problem(name):
        return panel_of(form, by=request.user), _("Enter the document number and the name first.")
    try:
        check = check_identity(name=name, paper=paper, business=business_of(request), by=request.user)
    except RateLimited as error:
        return panel_of(form, by=request.user), error.as_dict()["message"]
    remember_photo(request, check, check.photo)
    return panel_for(check, form), ""


def business_of(request) -> str:
    """An opening where the form names no other business."""
    named = request.POST.get("business")
    return named if named in Business.values else Business.OPENING


def panel_of(form, *, by) -> CheckPanel | None:
    """For the check the form carries, where it is one's own and not used yet."""
    check = usable_check(by, form.check_id)
    return panel_for(check, read(form)) if check else None


def read(form):
    """A form taken up again from a draft is read as if it had been sent."""
    found = form if form.is_bound else type(form)(form.initial)
    found.is_valid()
    return found


def panel_for(check, form) -> CheckPanel:
    document_type, number = form.typed_document
    return check_panel(
        check,
        name=form["name"].value() or "",
        document_type=document_type,
        document_number=number,
        evidence=form.evidence(today=today()),
        as_of=today(),
    )

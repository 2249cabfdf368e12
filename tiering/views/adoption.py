"""2005 领养: a branch's customers whom nobody looks after, given to somebody by hand, evenly or by a file."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.models import Customer
from customers.views.unmasking import asks_to_lift, listed
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.files.storage import open_stored
from tellerdesk.files.uploads import sealed_uploads
from tellerdesk.staff.models import Branch
from tiering.batch_columns import COLUMNS, MOST_LINES
from tiering.enums import BANDED
from tiering.forms.adopting import SPREAD, TIERS, AdoptionFileForm, AdoptionForm, tiers_of
from tiering.messages import tier_label
from tiering.models import OwnerBatch
from tiering.selectors.adoption import ADOPT, PAGE, branch_to_adopt, could_own, pool_lines, pool_of, unowned_in
from tiering.selectors.batches import batches_of
from tiering.selectors.policies import policy_in_force
from tiering.selectors.scope import SET_OWNERS, listed_branches, may_set_owners
from tiering.services.adopting import adopt_by_file, adopt_by_hand, adopt_evenly
from tiering.services.claiming import claim

MOST_TO_CHOOSE = 60


@requires(ADOPT)
@require_http_methods(["GET", "POST"])
def adoption(request):
    branch, tiers = branch_asked(request), tiers_of(request.GET.get("tier", ""))
    lifts = asks_to_lift(request)
    sent = request.method == "POST" and not lifts
    form = adoption_form(request, branch, request.POST if sent else None)
    if sent:
        form.is_valid()
        batch = previewed(request, branch, tiers, form)
        if batch:
            return redirect("tiering:batch", pk=batch.pk)
    context = adoption_context(request, branch, tiers) | {"form": form}
    words = f"{branch} · {', '.join(tier_label(tier) for tier in tiers)}"
    shown = {"words": words, "rows": context["lines"], "lifts": lifts}
    return listed(request, "tiering/adoption.html", context, listing="adoption", **shown)


def branch_asked(request) -> Branch:
    """404 for a branch where one may not adopt."""
    branch = branch_to_adopt(request.user, request.GET.get("branch", "").strip())
    if branch is None:
        raise Http404
    return branch


def adoption_form(request, branch: Branch, data=None) -> AdoptionForm:
    sets = request.user.has_perm(SET_OWNERS) and may_set_owners(request.user, branch)
    return AdoptionForm(data, eligible=could_own(branch) if sets else [])


def previewed(request, branch: Branch, tiers, form: AdoptionForm) -> OwnerBatch | None:
    """None where the service refused; the form then says why."""
    typed = form.typed(form.fields)
    numbers = request.POST.getlist("customer")[:PAGE]
    spread = request.POST.get("way") == SPREAD and "people" in form.fields
    form.say_blank("note", *(() if spread else ("owner",)))
    if form.errors:
        return None
    try:
        if not numbers and not typed.get("all"):
            raise FieldErrors({"customer": [("required", _("Please tick at least one customer."))]})
        if spread:
            chosen = None if typed["all"] else numbers
            return adopt_evenly(
                branch=branch,
                customer_numbers=chosen,
                tiers=tiers,
                people=typed["people"],
                note=typed["note"],
                by=request.user,
            )
        owner = typed.get("owner", request.user.username)
        return adopt_by_hand(branch=branch, customer_numbers=numbers, owner=owner, note=typed["note"], by=request.user)
    except FieldErrors as error:
        form.add_refusal({"note" if name == "reason" else name: found for name, found in error.errors.items()})
    except DomainError as error:
        form.add_error(None, error.as_dict()["message"])
    return None


def adoption_context(request, branch: Branch, tiers) -> dict:
    rows = unowned_in(branch, tiers)
    offset = page_asked(request)
    found = list(rows[offset * PAGE : offset * PAGE + PAGE + 1])
    query = request.GET.copy()
    query["page"] = offset + 1
    return {
        "branch": branch,
        "branches": branches_for(request.user),
        "tier": request.GET.get("tier", "") if tiers != BANDED else "",
        "tiers": TIERS,
        "lines": pool_lines(found[:PAGE], policy_in_force(branch.legal_entity_id, today()), today()),
        "total": rows.count(),
        "ticked": set(request.POST.getlist("customer")),
        "waiting": batches_of(request.user).waiting().count(),
        "next": f"?{query.urlencode()}" if len(found) > PAGE else "",
        "first": f"?branch={branch.code}" if offset else "",
    }


def page_asked(request) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def branches_for(staff) -> list[Branch] | None:
    """Empty where there is but one, None where there are too many for a list: then the code is typed."""
    found = list(listed_branches(staff, ADOPT)[: MOST_TO_CHOOSE + 1])
    if len(found) == 1:
        return []
    return found if len(found) <= MOST_TO_CHOOSE else None


@requires(ADOPT)
@sealed_uploads
@require_http_methods(["GET", "POST"])
def adoption_file(request):
    branch = branch_asked(request)
    form = AdoptionFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        form.is_valid()
        form.say_blank("note")
        batch = None if form.errors else read_file(form, branch, by=request.user)
        if batch:
            return redirect("tiering:batch", pk=batch.pk)
    context = {"branch": branch, "form": form, "columns": COLUMNS, "most": MOST_LINES}
    return render(request, "tiering/adoption_file.html", context)


def read_file(form: AdoptionFileForm, branch: Branch, *, by) -> OwnerBatch | None:
    upload = form.cleaned_data["file"]
    source = partial(open_stored, upload.stored.name)
    try:
        return adopt_by_file(branch=branch, file_name=upload.name, source=source, note=form.cleaned_data["note"], by=by)
    except FieldErrors as error:
        form.add_refusal({"note" if name == "reason" else name: found for name, found in error.errors.items()})
    except DomainError as error:
        form.add_error("file", error.as_dict()["message"])
    return None


@requires(ADOPT)
@require_http_methods(["GET", "POST"])
def claim_pool(request):
    """认领池: in scope, in no band, nobody's."""
    branch = branch_asked(request)
    rows, offset = pool_of(branch), page_asked(request)
    found = list(rows[offset * PAGE : offset * PAGE + PAGE + 1])
    query = request.GET.copy()
    query["page"] = offset + 1
    context = {
        "branch": branch,
        "branches": branches_for(request.user),
        "lines": pool_lines(found[:PAGE], policy_in_force(branch.legal_entity_id, today()), today()),
        "total": rows.count(),
        "next": f"?{query.urlencode()}" if len(found) > PAGE else "",
        "first": f"?branch={branch.code}" if offset else "",
    }
    shown = {"words": str(branch), "rows": context["lines"]}
    return listed(request, "tiering/claim_pool.html", context, listing="claim_pool", **shown)


@requires(ADOPT)
@require_POST
def claim_customers(request):
    branch = branch_asked(request)
    numbers = [each for each in request.POST.getlist("customer")[:PAGE] if each.isascii() and each.isprintable()]
    mine = Customer.objects.filter(legal_entity=branch.legal_entity_id, tierassignment__branch=branch)
    customers = list(mine.filter(customer_number__in=numbers))
    try:
        if not customers:
            raise FieldErrors({"customer": [("required", _("Please tick at least one customer."))]})
        claim(customers=customers, by=request.user)
        told = _("You have claimed %(number)s customers.") % {"number": len(customers)}
        messages.success(request, told)
    except FieldErrors as error:
        [(_code, message)] = error.errors["customer"]
        messages.error(request, message)
    except DomainError as error:
        messages.error(request, error.as_dict()["message"])
    answer = redirect("tiering:claim_pool")
    answer["Location"] += f"?branch={branch.code}"
    return answer

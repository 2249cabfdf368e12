"""引荐: the owner brings in a specialist; the specialist finds whom he serves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.views.looking import reachable_or_404
from customers.views.paging import after
from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tiering.forms.choosing_owner import ReferralForm
from tiering.selectors.specialists import may_refer, referral_in_reach, referred_to, specialists_for
from tiering.selectors.standing import customer_tier
from tiering.selectors.upgrades import CHOICE
from tiering.services.referring import end_referral, refer
from tiering.views.owners import shown


@requires("tiering.view_tiers")
@require_http_methods(["GET", "POST"])
def referral_list(request):
    """Whom others have referred to me."""
    rows, following = keyset_page(referred_to(request.user), after=after(request))
    context = {"rows": rows, "next": f"?after={following}" if following else ""}
    context["first"] = request.path if "after" in request.GET else ""
    words = f"{request.user.name} {request.user.username}"
    return listed(request, "tiering/referral_list.html", context, listing="referrals", words=words, rows=rows)


@requires(CHOICE)
@require_POST
def refer_specialist(request, customer_number):
    """For the form of the tier's page, whose showing was the look."""
    customer = reachable_or_404(request, customer_number)
    standing = customer_tier(customer)
    if not may_refer(request.user, standing):
        raise Http404
    form = ReferralForm(request.POST, specialists=specialists_for(standing.branch, today()))
    form.is_valid()
    try:
        refer(customer=customer, **form.typed(form.fields), by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except DomainError as error:
        form.add_error(None, error.as_dict()["message"])
    if form.errors:
        return shown(request, customer, referral_form=form)
    messages.success(request, _("The specialist has been brought in."))
    return redirect("tiering:customer_tier", customer_number=customer.customer_number)


@requires(CHOICE)
@require_POST
def end_customer_referral(request, pk):
    referral = referral_in_reach(request.user, pk)
    if referral is None:
        raise Http404
    try:
        end_referral(referral=referral, by=request.user)
        messages.success(request, _("The referral has ended."))
    except DomainError as error:
        messages.error(request, error.as_dict()["message"])
    return redirect("tiering:customer_tier", customer_number=referral.customer.customer_number)

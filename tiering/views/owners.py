"""One customer's tier and owners, and how a manager sets them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.views.looking import looked_up, reachable_or_404
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.staff.own_writes import from_replica
from tiering.forms.choosing_owner import ReferralForm
from tiering.forms.owning import OwnersForm
from tiering.selectors.eligible import eligible_staff
from tiering.selectors.scope import SET_OWNERS, may_set_owners
from tiering.selectors.specialists import may_refer, referrals_of, specialists_for
from tiering.selectors.standing import customer_tier as tier_of
from tiering.selectors.standing import owed_of, owner_history, tier_steps
from tiering.selectors.upgrades import CHOICE, may_choose, open_case_of
from tiering.services import set_owners


@requires("customers.look_up")
@from_replica
@require_GET
def customer_tier(request, customer_number):
    customer = looked_up(request, customer_number)
    if customer.customer_number != customer_number:
        return redirect("tiering:customer_tier", customer_number=customer.customer_number)
    return shown(request, customer)


@requires(SET_OWNERS)
@require_POST
def set_customer_owners(request, customer_number):
    """For the form of the page above, whose showing was the look."""
    customer = reachable_or_404(request, customer_number)
    standing = tier_of(customer)
    if not may_set_owners(request.user, standing.branch):
        raise Http404
    form = owners_form(standing, request.POST)
    form.is_valid()
    try:
        set_owners(customer=customer, **form.typed(form.fields), by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except DomainError as error:
        form.add_error(None, error.as_dict()["message"])
    if form.errors:
        return shown(request, customer, form)
    messages.success(request, _("The owners are set."))
    return redirect("tiering:customer_tier", customer_number=customer_number)


def shown(request, customer, form: OwnersForm | None = None, referral_form: ReferralForm | None = None):
    standing = tier_of(customer)
    permitted = standing.is_in_scope and request.user.has_perm(SET_OWNERS)
    may_set = permitted and may_set_owners(request.user, standing.branch)
    context = {
        "standing": standing,
        "owed": owed_of(standing, today()),
        "customer": customer,
        "steps": tier_steps(customer),
        "owners": owner_history(customer),
        "form": form or referral_form or (owners_form(standing) if may_set else None),
        "owners_form": form or (owners_form(standing) if may_set else None),
        "may_set": may_set,
        **after_a_rise(request, standing, referral_form),
    }
    return render(request, "tiering/customer_tier.html", context)


def after_a_rise(request, standing, referral_form: ReferralForm | None) -> dict:
    """The open choice with who may record it, and the specialists who serve beside the owner."""
    case = open_case_of(standing.customer)
    may_refer_here = request.user.has_perm(CHOICE) and may_refer(request.user, standing)
    offered = referral_form or (
        ReferralForm(specialists=specialists_for(standing.branch, today()))
        if may_refer_here and standing.owners
        else None
    )
    return {
        "case": case,
        "may_choose": bool(case) and request.user.has_perm(CHOICE) and may_choose(request.user, case),
        "referrals": referrals_of(standing.customer),
        "referral_form": offered,
        "may_refer": may_refer_here,
    }


def owners_form(standing, data=None) -> OwnersForm:
    eligible = eligible_staff(standing.assignment, today()) if standing.is_in_scope else []
    return OwnersForm(data, present=standing.owners, eligible=eligible)

"""A person's login: closed, opened again, its password reset."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError
from tellerdesk.staff import forms
from tellerdesk.staff.services import accounts
from tellerdesk.staff.views.people import back_to, person_or_404

MANAGE, DEACTIVATE = "staff.manage_staff", "staff.deactivate_staff"


@requires(DEACTIVATE)
@require_http_methods(["GET", "POST"])
def deactivate_staff(request, username):
    person = person_or_404(request, username)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.deactivate_staff(staff=person, reason=form.cleaned_data["reason"], by=request.user)
            return back_to(
                request, person, _("%(name)s is deactivated; every login has ended.") % {"name": person.name}
            )
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/deactivate_staff.html", {"form": form, "person": person})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def reactivate_staff(request, username):
    person = person_or_404(request, username)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.reactivate_staff(staff=person, reason=form.cleaned_data["reason"], by=request.user)
            return back_to(request, person, _("%(name)s is active again.") % {"name": person.name})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/reactivate_staff.html", {"form": form, "person": person})


@requires(MANAGE)
@never_cache
@require_POST
def reset_password(request, username):
    person = person_or_404(request, username)
    made = accounts.reset_password(staff=person, by=request.user)
    return render(request, "staff/password_once.html", {"made": made, "is_new": False})

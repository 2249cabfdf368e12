"""Head office moves people: a further posting, an end, both in one act."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError
from tellerdesk.staff import forms
from tellerdesk.staff.models import Posting
from tellerdesk.staff.services import postings
from tellerdesk.staff.views.people import back_to, person_or_404

MANAGE = "staff.manage_staff"


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def post_staff(request, username):
    person = person_or_404(request, username)
    form = forms.PostForm(request.POST or None, by=request.user, initial={"since": today()})
    if request.method == "POST" and form.is_valid():
        try:
            postings.post_staff(staff=person, **form.cleaned_data, by=request.user)
            return back_to(request, person, _("%(name)s is posted.") % {"name": person.name})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/post_staff.html", {"form": form, "person": person})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def move_staff(request, username, pk):
    person, posting = _posting(request, username, pk)
    initial = forms.posting_initial(posting, today())
    form = forms.MoveForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            postings.move_staff(posting=posting, **form.cleaned_data, by=request.user)
            return back_to(request, person, _("%(name)s is moved.") % {"name": person.name})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/move_staff.html", {"form": form, "person": person, "posting": posting})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def end_posting(request, username, pk):
    person, posting = _posting(request, username, pk)
    yesterday = today() - timedelta(days=1)
    form = forms.EndPostingForm(request.POST or None, initial={"last_day": today()})
    if request.method == "POST" and form.is_valid():
        try:
            postings.end_posting(posting=posting, last_day=form.cleaned_data["last_day"], by=request.user)
            return back_to(request, person, _("The posting is ended."))
        except DomainError as error:
            form.refuse(error)
    shown = {"form": form, "person": person, "posting": posting, "yesterday": yesterday}
    return render(request, "staff/end_posting.html", shown)


def _posting(request, username, pk):
    person = person_or_404(request, username)
    return person, get_object_or_404(Posting.objects.select_related("branch", "staff"), pk=pk, staff=person)

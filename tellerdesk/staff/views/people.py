"""Head office's screens about people; managers and auditors read them, a manager also closes a login of his branch."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellerdesk.audit.selectors import history_of
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError
from tellerdesk.staff import forms
from tellerdesk.staff.models import Branch, Posting
from tellerdesk.staff.selectors import postings_of, staff_page, visible_person
from tellerdesk.staff.services import accounts, postings

READ, MANAGE, DEACTIVATE = "staff.read_staff", "staff.manage_staff", "staff.deactivate_staff"
HISTORY_SHOWN = 20


@requires(READ)
@require_GET
def staff_list(request):
    form = forms.StaffFilter(request.GET, branches=Branch.objects.visible_to(request.user, READ))
    typed = form.cleaned_data if form.is_valid() else {}
    page = staff_page(
        request.user,
        text=typed.get("q", ""),
        branch=typed.get("branch"),
        position=typed.get("position", ""),
        after=typed.get("after", ""),
    )
    shown = {"form": form, "page": page, "may_manage": request.user.has_perm(MANAGE)} | _addresses(request, page)
    return render(request, "staff/staff_list.html", shown)


@requires(READ)
@require_GET
def staff_detail(request, username):
    return _detail(request, _person(request, username))


@requires(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def create_staff(request):
    """Answers with the page that shows the password once, and not by a redirect."""
    form = forms.CreateStaffForm(request.POST or None, by=request.user, initial={"since": today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = accounts.create_staff(**form.cleaned_data, by=request.user)
            return render(request, "staff/password_once.html", {"made": made, "is_new": True})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/create_staff.html", {"form": form})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def post_staff(request, username):
    person = _person(request, username)
    form = forms.PostForm(request.POST or None, by=request.user, initial={"since": today()})
    if request.method == "POST" and form.is_valid():
        try:
            postings.post_staff(staff=person, **form.cleaned_data, by=request.user)
            return _done(request, person, _("%(name)s is posted.") % {"name": person.name})
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
            return _done(request, person, _("%(name)s is moved.") % {"name": person.name})
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
            return _done(request, person, _("The posting is ended."))
        except DomainError as error:
            form.refuse(error)
    shown = {"form": form, "person": person, "posting": posting, "yesterday": yesterday}
    return render(request, "staff/end_posting.html", shown)


@requires(DEACTIVATE)
@require_http_methods(["GET", "POST"])
def deactivate_staff(request, username):
    person = _person(request, username)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.deactivate_staff(staff=person, reason=form.cleaned_data["reason"], by=request.user)
            return _done(request, person, _("%(name)s is deactivated; every login has ended.") % {"name": person.name})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/deactivate_staff.html", {"form": form, "person": person})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def reactivate_staff(request, username):
    person = _person(request, username)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.reactivate_staff(staff=person, reason=form.cleaned_data["reason"], by=request.user)
            return _done(request, person, _("%(name)s is active again.") % {"name": person.name})
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/reactivate_staff.html", {"form": form, "person": person})


@requires(MANAGE)
@never_cache
@require_POST
def reset_password(request, username):
    person = _person(request, username)
    made = accounts.reset_password(staff=person, by=request.user)
    return render(request, "staff/password_once.html", {"made": made, "is_new": False})


def _person(request, username):
    found = visible_person(request.user, username)
    if found is None:
        raise Http404
    return found


def _posting(request, username, pk):
    person = _person(request, username)
    return person, get_object_or_404(Posting.objects.select_related("branch", "staff"), pk=pk, staff=person)


def _detail(request, person):
    is_other = person.pk != request.user.pk
    may_manage = request.user.has_perm(MANAGE) and is_other
    shown = {
        "person": person,
        "postings": postings_of(person),
        "history": history_of("staff.staff", person.pk, limit=HISTORY_SHOWN),
        "may_manage": may_manage,
        "may_deactivate": request.user.has_perm(DEACTIVATE) and accounts.may_deactivate(person, request.user),
        "may_audit": request.user.has_perm("audit.read_events"),
    }
    return render(request, "staff/staff_detail.html", shown)


def _done(request, person, text):
    messages.success(request, text)
    return redirect("staff:staff_detail", person.username)


def _addresses(request, page) -> dict:
    first = request.GET.copy()
    is_further = bool(first.pop("after", None))
    onward = first.copy()
    onward["after"] = page.following
    return {
        "next": f"{request.path}?{onward.urlencode()}" if page.following else "",
        "first": f"{request.path}?{first.urlencode()}" if is_further else "",
    }

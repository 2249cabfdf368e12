"""In and out."""

from django.conf import settings
from django.contrib import auth, messages
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tellerdesk.core.access import leads_here
from tellerdesk.staff.axes_marks import is_counted
from tellerdesk.staff.cookies import forget_login, keep_language, remember_login, was_logged_in
from tellerdesk.staff.errors import WrongCredentials
from tellerdesk.staff.forms import LoginForm
from tellerdesk.staff.services.logins import record_failed_login, record_login, record_logout


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login(request):
    if request.user.is_authenticated:
        return redirect(_onward(request))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff = auth.authenticate(request, **form.cleaned_data)
        if staff:
            return _logged_in(request, staff)
        record_failed_login(form.cleaned_data["username"], is_counted=is_counted(request))
        form.add_error(None, WrongCredentials.message)
    return login_page(request, form)


def login_page(request, form, *, locked_minutes: int = 0, status: int = 200):
    """The page itself, for whoever has to send a person there (staff.lockout)."""
    shown = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "ended": was_logged_in(request) and request.method == "GET",
        "locked_minutes": locked_minutes,
    }
    return render(request, "registration/login.html", shown, status=status)


@require_POST
def logout(request):
    if request.user.is_authenticated:
        record_logout(by=request.user)
    auth.logout(request)
    messages.success(request, _("You are logged out."))
    response = redirect("login")
    forget_login(response)
    return response


def _logged_in(request, staff):
    auth.login(request, staff, backend="tellerdesk.staff.backends.PositionBackend")
    record_login(by=staff)
    response = redirect(_onward(request))
    remember_login(response)
    keep_language(response, staff.language)
    return response


def _onward(request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if leads_here(request, wanted) else resolve_url(settings.LOGIN_REDIRECT_URL)

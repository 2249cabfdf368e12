"""One's own: language, theme, settings, password, tokens."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellerdesk.core.access import leads_here
from tellerdesk.core.errors import DomainError
from tellerdesk.staff.cookies import keep_language, keep_theme
from tellerdesk.staff.enums import Language, Theme
from tellerdesk.staff.forms import ChangePasswordForm, SettingsForm, TokenForm
from tellerdesk.staff.models import ApiToken
from tellerdesk.staff.services.accounts import change_password as service_change_password
from tellerdesk.staff.services.accounts import change_settings
from tellerdesk.staff.services.tokens import issue_token as service_issue_token
from tellerdesk.staff.services.tokens import revoke_token as service_revoke_token


@require_POST
def set_language(request):
    """Open to strangers too: the login page has the switch."""
    return _switched(request, "language", Language, keep_language)


@require_POST
def set_theme(request):
    return _switched(request, "theme", Theme, keep_theme)


@login_required
@require_http_methods(["GET", "POST"])
def personal_settings(request):
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_settings(by=request.user, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Your settings are saved."))
        response = redirect("personal_settings")
        keep_language(response, form.cleaned_data["language"])
        keep_theme(response, form.cleaned_data["theme"])
        return response
    return render(request, "staff/settings.html", {"form": form})


@login_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request):
    form = ChangePasswordForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            staff = service_change_password(present=typed["present"], new=typed["new"], by=request.user)
        except DomainError as error:
            form.refuse(error)
        else:
            auth.update_session_auth_hash(request, staff)
            messages.success(request, _("Your password is changed; every other login and token of yours has ended."))
            return redirect("home")
    return render(request, "staff/change_password.html", {"form": form, "must": request.user.must_change_password})


@login_required
@require_GET
def token_list(request):
    return _tokens(request, TokenForm())


@login_required
@never_cache
@require_POST
def issue_token(request):
    """Answers with the page itself and not by a redirect: the key is nowhere else and is shown once."""
    form = TokenForm(request.POST)
    made = service_issue_token(purpose=form.cleaned_data["purpose"], by=request.user) if form.is_valid() else None
    return _tokens(request, TokenForm() if made else form, made)


@login_required
@require_POST
def revoke_token(request, pk):
    token = get_object_or_404(ApiToken, pk=pk, staff=request.user)
    if service_revoke_token(token=token, by=request.user):
        messages.success(request, _("The token is revoked."))
    return redirect("token_list")


def _tokens(request, form, made=None):
    tokens = ApiToken.objects.filter(staff=request.user).order_by("-pk")[:50]
    live = set(ApiToken.objects.filter(staff=request.user).live_at(timezone.now()).values_list("pk", flat=True))
    return render(request, "staff/token_list.html", {"tokens": tokens, "live": live, "form": form, "made": made})


def _switched(request, setting, choices, keep):
    """Back to where the switch was pressed; what is no choice changes nothing."""
    chosen = request.POST.get(setting, "")
    back = request.POST.get("next", "")
    response = redirect(back if leads_here(request, back) else "home")
    if chosen in choices.values:
        keep(response, chosen)
        if request.user.is_authenticated:
            change_settings(by=request.user, **{setting: chosen})
    return response

import time
from urllib.parse import urlencode

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django_htmx.http import HttpResponseClientRedirect

from tellerdesk.staff.errors import PasswordChangeRequired

TOUCH_EVERY = 30
ALLOWED_BEFORE_CHANGE = ("change_password", "logout", "set_language", "set_theme", "healthz")


class LanguageMiddleware:
    """Chinese unless the person switched; a browser's Accept-Language counts in the API only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = self.wanted(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def wanted(self, request) -> str:
        if request.path.startswith("/api/"):
            return self.accepted(request.headers.get("Accept-Language", ""))
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @staticmethod
    def accepted(header: str) -> str:
        """The one of our two languages that stands first in the caller's order."""
        for code, _quality in parse_accept_lang_header(header):
            for language in (settings.LANGUAGE_CODE, "en"):
                if code.split("-")[0] == language.split("-")[0]:
                    return language
        return settings.LANGUAGE_CODE


class IdleMiddleware:
    """Ends a login after the person's own idle minutes; a request moves the end on, written at most every 30 seconds.

    So a login may end up to 30 seconds early and never late. A part of a page that meets the end (htmx) sends the
    whole window to the login page, and back to where it was.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.session.get("_auth_user_id"):
            now = int(time.time())
            if now - request.session.get("seen", 0) >= TOUCH_EVERY and request.user.is_authenticated:
                request.session["seen"] = now
                request.session.set_expiry(request.user.idle_minutes * 60)
        return self._whole_window(request, self.get_response(request))

    @staticmethod
    def _whole_window(request, response):
        login = resolve_url(settings.LOGIN_URL)
        if not getattr(request, "htmx", False) or not response.headers.get("Location", "").startswith(login):
            return response
        here = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
        return HttpResponseClientRedirect(f"{login}?" + urlencode({"next": here}))


class PasswordChangeMiddleware:
    """Whoever was given a password is led to the page that changes it, and nowhere else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name in ALLOWED_BEFORE_CHANGE:
            return None
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.path.startswith("/api/"):
            refusal = PasswordChangeRequired()
            return JsonResponse(refusal.as_dict() | {"permission": None, "courses": []}, status=refusal.status)
        return redirect(reverse("change_password"))

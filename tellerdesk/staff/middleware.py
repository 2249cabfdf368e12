import time

from django.conf import settings
from django.utils import translation

TOUCH_EVERY = 60


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
            asked = request.headers.get("Accept-Language", "")
            return "en" if asked.strip().lower().startswith("en") else settings.LANGUAGE_CODE
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class IdleMiddleware:
    """Ends a login after the person's own idle minutes; every request moves the end on, written once a minute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.session.get("_auth_user_id"):
            now = int(time.time())
            if now - request.session.get("seen", 0) >= TOUCH_EVERY:
                request.session["seen"] = now
                request.session.set_expiry(request.user.idle_minutes * 60 if request.user.is_authenticated else None)
        return self.get_response(request)

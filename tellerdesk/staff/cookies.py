"""Small cookies beside the session's: language, theme, and the mark by which the login page knows a login has ended."""

from django.conf import settings

YEAR = 365 * 24 * 3600
WORKING_DAY = 12 * 3600
THEME, LOGIN = "theme", "logged_in"


def keep_language(response, language: str) -> None:
    _set(response, settings.LANGUAGE_COOKIE_NAME, language, YEAR)


def keep_theme(response, theme: str) -> None:
    _set(response, THEME, theme, YEAR)


def remember_login(response) -> None:
    """Outlives the session's own cookie, and says no more than that somebody was logged in at this computer."""
    _set(response, LOGIN, "1", WORKING_DAY)


def forget_login(response) -> None:
    response.delete_cookie(LOGIN, samesite=settings.SESSION_COOKIE_SAMESITE)


def was_logged_in(request) -> bool:
    return request.COOKIES.get(LOGIN) == "1"


def _set(response, name, value, age) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )

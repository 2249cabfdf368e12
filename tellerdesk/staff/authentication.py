"""Who calls the API: a hashed token, or the login of the page (with its CSRF token)."""

from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from tellerdesk.staff.models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <key>`; expired, revoked and deactivated are all 401."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("The token is not valid."), code="invalid_token")
        token = live_token(words[1])
        if token is None:
            raise AuthenticationFailed(_("The token is not valid."), code="invalid_token")
        return token.staff, token

    def authenticate_header(self, request):
        return "Token"


class PageLoginAuthentication(SessionAuthentication):
    pass


def live_token(key: bytes) -> ApiToken | None:
    return (
        ApiToken.objects.live_at(timezone.now())
        .filter(digest=sha256(key).digest())
        .select_related("staff__legal_entity")
        .first()
    )


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's document describes it; found by drf-spectacular when this module is loaded."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}


class PageLoginScheme(OpenApiAuthenticationExtension):
    target_class = PageLoginAuthentication
    name = "page_login"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

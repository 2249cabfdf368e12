from django.contrib import auth
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from tellerdesk.core.api import ApiView
from tellerdesk.staff.api.serializers import CredentialsIn, MeOut, TokenOut
from tellerdesk.staff.axes_marks import is_counted
from tellerdesk.staff.errors import PasswordChangeRequired, WrongCredentials
from tellerdesk.staff.services.logins import record_failed_login
from tellerdesk.staff.services.tokens import issue_token


class Token(APIView):
    """Whoever asks is nobody yet: an old token in the header, live or not, changes nothing."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        request=CredentialsIn,
        responses={200: TokenOut, 401: OpenApiResponse(), 403: OpenApiResponse(), 429: OpenApiResponse()},
        auth=[],
    )
    def post(self, request):
        typed = CredentialsIn(data=request.data)
        typed.is_valid(raise_exception=True)
        staff = auth.authenticate(request._request, **typed.validated_data)  # axes marks Django's own request
        if staff is None:
            record_failed_login(typed.validated_data["username"], is_counted=is_counted(request._request))
            raise WrongCredentials
        if staff.must_change_password:
            raise PasswordChangeRequired
        auth.user_logged_in.send(sender=type(staff), request=request._request, user=staff)
        return Response(TokenOut(issue_token(by=staff)).data)


class Me(ApiView):
    @extend_schema(responses=MeOut)
    def get(self, request):
        return Response(MeOut(request.user).data)

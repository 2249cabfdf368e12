"""The one gate for pages and API: `Staff.has_perm`, asked before a view runs."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework.permissions import IsAuthenticated

from tellerdesk.core.errors import NotPermitted


def requires(permission: str):
    """Page views: the login page for strangers, NotPermitted for staff whose position or course lacks `permission`."""

    def decorate(view):
        @wraps(view)
        def gated(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise NotPermitted(permission)
            return view(request, *args, **kwargs)

        gated.permission = permission
        return login_required(gated)

    return decorate


def leads_here(request, path: str) -> bool:
    """Whether `path`, as a form or an address gave it, is a page of this site."""
    ours = {request.get_host()}
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, ours, require_https=request.is_secure())


class ApiGate(IsAuthenticated):
    """Reads the view's `permissions = {"GET": …, "POST": …}` (or `permission` for every method).

    A method the view does not have passes, so that it is answered 405 and not 403.
    """

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        method = "GET" if request.method == "HEAD" else request.method
        permission = getattr(view, "permissions", {}).get(method, getattr(view, "permission", None))
        offered = hasattr(view, request.method.lower())
        if permission and offered and not request.user.has_perm(permission):
            raise NotPermitted(permission)
        return True

"""What every page of the board reads from its address: branch, with those below, day."""

from datetime import date

from django.http import Http404
from django.utils.dateparse import parse_date

from tiering.selectors.scope import Scope, scope_of


def scope_asked(request) -> Scope:
    """404 for a branch whose lists one may not read."""
    code = request.GET.get("branch", "").strip()
    scope = scope_of(request.user, code=code, below=request.GET.get("below") != "0")
    if scope is None:
        raise Http404
    return scope


def day_asked(request) -> date | None:
    """None for what is no day."""
    try:
        return parse_date(request.GET.get("as_of", ""))
    except ValueError:
        return None

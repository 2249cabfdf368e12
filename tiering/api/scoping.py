from django.http import Http404

from tiering.selectors.scope import Scope, scope_of


def found_scope(staff, typed: dict) -> Scope:
    """Of `branch` and `below` as they were asked for; 404 for a branch whose lists one may not read."""
    scope = scope_of(staff, code=typed["branch"].strip(), below=typed["below"])
    if scope is None:
        raise Http404
    return scope

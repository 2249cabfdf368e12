"""2003 分层政策: the versions, read."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tiering.selectors.policies import policy_versions


@requires("tiering.read_policy")
@require_GET
def policy(request, version=None):
    versions = policy_versions(request.user, today())
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None:
        raise Http404
    drawn = [versions[0]] if shown.in_force else [versions[0], shown]
    context = {"versions": sorted(versions, key=lambda each: each.version), "shown": shown, "drawn": drawn}
    return render(request, "tiering/policy.html", context)

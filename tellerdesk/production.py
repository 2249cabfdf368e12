"""Whether this installation may serve what its settings say it is for."""

import os

from django.conf import settings
from django.utils.translation import gettext as _

from customers.production import gateway_errors


class Unfit(Exception):
    pass


def refuse_unfit() -> None:
    """Raises Unfit with every reason in words."""
    reasons = [error.msg for error in gateway_errors()]
    if settings.PRODUCTION and os.environ.get("DEMO") != "0":
        reasons.append(_("TELLERDESK_PRODUCTION goes with DEMO=0: no sample accounts where real customers are kept."))
    if reasons:
        raise Unfit("\n".join(reasons))

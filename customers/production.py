"""What a bank's real counter must not run with; Django's checks ask before a command, the server before it serves."""

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from customers.citizen_check import gateway, is_simulated


def gateway_errors(app_configs=None, **options) -> list[CheckMessage]:
    """The simulator proves nobody's identity: production takes it only where that is said in so many words."""
    try:
        problem = getattr(gateway(), "problem", str)()
    except ImportError:
        problem = _("TELLERDESK_IDENTITY_GATEWAY names nothing that can be imported.")
    if problem:
        return [Error(problem, id="customers.E001")]
    if settings.PRODUCTION and is_simulated() and not settings.ALLOW_SIMULATOR:
        words = _(
            "TELLERDESK_PRODUCTION refuses the simulated identity check: "
            "name a gateway in TELLERDESK_IDENTITY_GATEWAY, or say TELLERDESK_ALLOW_SIMULATOR=1."
        )
        return [Error(words, id="customers.E002")]
    return []

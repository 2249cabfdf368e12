from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences


class LimitsConfig(AppConfig):
    name = "tellerdesk.limits"
    label = "limits"
    verbose_name = _("Bank settings")

    def ready(self):
        sentences.register(
            {
                "limits.change_requested": _(
                    "%(actor)s asks to change the setting %(subject)s from %(before)s to %(after)s: %(reason)s"
                ),
                "limits.change_approved": _(
                    "%(actor)s approved %(after)s for the setting %(subject)s, asked for by %(maker)s"
                ),
                "limits.change_rejected": _(
                    "%(actor)s returned the change of the setting %(subject)s by %(maker)s: %(reason)s"
                ),
                "limits.change_withdrawn": _("%(actor)s withdrew the change of the setting %(subject)s"),
            }
        )

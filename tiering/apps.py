from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences
from tiering import enums


class TieringConfig(AppConfig):
    name = "tiering"
    verbose_name = _("Tiering")

    def ready(self):
        sentences.register(
            {
                "tiering.policy_loaded": _("The standard tiering policy %(subject)s was loaded"),
                "tiering.night_run": _(
                    "%(actor)s loaded %(accepted)s lines for %(as_of)s: %(moved_up)s customers rose, "
                    "%(moved_down)s fell, %(assigned)s got an owner"
                ),
                "tiering.night_failed": _("The night of %(as_of)s ended without effect: %(error)s"),
                "tiering.snapshot_queued": _("%(actor)s sent the snapshot file of %(as_of)s (%(size)s bytes)"),
                "tiering.owners_set": _("%(actor)s set the owners of %(subject)s: %(owner)s; %(reason)s"),
                "tiering.list_exported": _("%(actor)s exported a list of %(rows)s customers: %(filter)s"),
                "tiering.rejects_read": _("%(actor)s downloaded the rejected lines of %(subject)s"),
            },
            labels={"tier": enums.Tier.choices},
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences


class RotationConfig(AppConfig):
    name = "tellerdesk.rotation"
    label = "rotation"
    verbose_name = _("Changing keys")

    def ready(self):
        sentences.register(
            {
                "rotation.master_changed": _("The master key was changed: %(keys)s keys wrapped anew"),
                "rotation.seal_changed": _("Identity numbers are sealed with a new key from now on"),
                "rotation.numbers_sealed_anew": _("%(rows)s identity numbers were sealed anew (%(table)s)"),
                "rotation.digest_changed": _(
                    "The key of look-up was changed: the digests of %(rows)s records made anew"
                ),
            }
        )

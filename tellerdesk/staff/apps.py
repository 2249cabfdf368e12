from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences


class StaffConfig(AppConfig):
    name = "tellerdesk.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self):
        sentences.register(
            {
                "staff.logged_in": _("%(actor)s logged in"),
                "staff.logged_out": _("%(actor)s logged out"),
                "staff.token_issued": _("%(actor)s took an API token, valid until %(expires_on)s"),
                "staff.created": _("%(actor)s created the login %(username)s for %(name)s"),
                "staff.posted": _("%(actor)s posted %(username)s as %(position)s at %(branch)s"),
                "staff.posting_ended": _("%(actor)s ended the posting of %(username)s as %(position)s at %(branch)s"),
                "staff.deactivated": _("%(actor)s deactivated %(username)s: %(reason)s"),
                "staff.reactivated": _("%(actor)s reactivated %(username)s: %(reason)s"),
                "staff.password_reset": _("%(actor)s reset the password of %(username)s"),
                "staff.password_changed": _("%(actor)s changed their own password"),
                "staff.settings_changed": _("%(actor)s changed their own settings"),
                "staff.branch_created": _("%(actor)s created the branch %(code)s %(name)s"),
            }
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences
from tellerdesk.staff.enums import Position

SENTENCES = {
    "staff.logged_in": _("%(actor)s logged in"),
    "staff.logged_out": _("%(actor)s logged out"),
    "staff.login_failed": _("A login as %(username)s failed"),
    "staff.token_issued": _("%(actor)s took an API token, valid until %(expires_at)s"),
    "staff.token_revoked": _("%(actor)s revoked the API token of %(created_at)s"),
    "staff.created": _("%(actor)s created the login %(username)s for %(name)s"),
    "staff.posted": _("%(actor)s posted %(name)s (%(username)s) as %(position)s at %(branch)s from %(since)s"),
    "staff.posting_ended": _(
        "%(actor)s ended the posting of %(name)s (%(username)s) as %(position)s at %(branch)s, last day %(until)s"
    ),
    "staff.deactivated": _("%(actor)s deactivated %(name)s (%(username)s): %(reason)s"),
    "staff.reactivated": _("%(actor)s reactivated %(name)s (%(username)s): %(reason)s"),
    "staff.password_reset": _("%(actor)s reset the password of %(name)s (%(username)s)"),
    "staff.password_changed": _("%(actor)s changed their own password"),
    "staff.settings_changed": _("%(actor)s changed their own settings"),
    "staff.entity_founded": _("%(actor)s founded the legal entity %(subject)s"),
    "staff.branch_created": _("%(actor)s created the branch %(code)s %(name)s"),
    "staff.branch_renamed": _("%(actor)s renamed the branch %(code)s to %(name)s"),
}


class StaffConfig(AppConfig):
    name = "tellerdesk.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self):
        sentences.register(SENTENCES, labels={"position": Position.choices})

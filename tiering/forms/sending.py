from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.forms import UploadField

DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d"]


class SnapshotForm(forms.Form):
    """A snapshot file for its day. What is wrong with the day is said by the service."""

    file = UploadField(label=_("Snapshot file"))
    as_of = forms.DateField(
        label=_("As of"),
        input_formats=DAY_FORMATS,
        error_messages={"invalid": _("Please enter a day that exists, such as 2026-11-24.")},
    )
    dry_run = forms.BooleanField(label=_("Dry run: count and check, change nothing"), required=False)

    def add_refusal(self, refusal: FieldErrors) -> None:
        for name, found in refusal.errors.items():
            for code, message in found:
                self.add_error(name if name in self.fields else None, ValidationError(message, code=code))

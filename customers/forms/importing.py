from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm

ACCEPTED = ".csv,.txt,.xlsx,.xls"


class CustomerFileForm(RuleForm):
    """What is wrong with the file is said by the service, and by its import."""

    file = forms.FileField(
        label=_("File to import"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
        error_messages={"required": _("Please choose a file.")},
    )
    dry_run = forms.BooleanField(label=_("Dry run first: check everything, write nothing"), required=False)

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm
from tellerdesk.files.forms import UploadField


class CustomerFileForm(RuleForm):
    file = UploadField(label=_("File to import"))
    dry_run = forms.BooleanField(label=_("Dry run first: check everything, write nothing"), required=False)

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tellerdesk.files.errors import FileRefused

ACCEPTED = ".csv,.txt,.xlsx,.xls"


class UploadField(forms.FileField):
    """A table that somebody sends; what is wrong inside it is said by its run."""

    def __init__(self, **options):
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput({"accept": ACCEPTED}),
            error_messages={"required": _("Please choose a file.")},
            **options,
        )

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        try:
            file.check()
        except FileRefused as refusal:
            raise ValidationError(refusal.as_dict()["message"], code=refusal.code) from refusal
        return file

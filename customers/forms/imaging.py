from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedChoice, select
from customers.messages import message
from customers.models import DocumentImage

ACCEPTED = "image/jpeg,image/png,application/pdf"


class ScanField(forms.FileField):
    """What is wrong with its content is said by the service."""

    def __init__(self, **options):
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput({"accept": ACCEPTED}),
            error_messages={"required": _("Please choose a file.")},
            **options,
        )


class ImageForm(RuleForm):
    """`papers` are selectors.images.Pictured; the choice is one of their keys."""

    of = TypedChoice(label=_("Paper"), required=True)
    side = select(DocumentImage.Side, empty=False, label=_("Side"), required=True)
    file = ScanField(label=_("Scan"))

    def __init__(self, *args, papers, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {each.key: each for each in papers}

    @property
    def thing(self):
        return self.by_key[self.cleaned_data["of"]].thing

    def clean(self):
        if self.cleaned_data.get("of") not in self.by_key:
            self.add_refusal({"of": [("not_in_list", message("not_in_list"))]})
        if self.cleaned_data.get("side") not in DocumentImage.Side.values:
            self.add_refusal({"side": [("not_in_list", message("not_in_list"))]})

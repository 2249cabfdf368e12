"""What people type about people. Whether it may be done is the services' matter; their refusals come back by field."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Posting, Staff
from tellerdesk.staff.validators import branch_code_shape, username_shape

LONGEST_PASSWORD = 128
LONGEST_TYPED_USERNAME = 150
LONGEST_REASON = 200
BY_FIELD = {
    "username_taken": "username",
    "branch_code_taken": "code",
    "posting_backdated": "since",
    "password_wrong": "present",
}


class RefusableForm(forms.Form):
    def refuse(self, error) -> None:
        """A service's DomainError, beside the field it speaks of where the form has it."""
        field = BY_FIELD.get(error.code)
        self.add_error(field if field in self.fields else None, error.as_dict()["message"])


class LoginForm(forms.Form):
    username = forms.CharField(label=_("Staff number"), max_length=LONGEST_TYPED_USERNAME)
    password = forms.CharField(
        label=_("Password"), max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput
    )

    def clean_username(self):
        return self.cleaned_data["username"].lower()


class StaffFilter(forms.Form):
    q = forms.CharField(label=_("Username, name or initials"), required=False, max_length=60)
    branch = forms.ModelChoiceField(
        label=_("Branch"), required=False, queryset=Branch.objects.none(), empty_label=_("All")
    )
    position = forms.ChoiceField(label=_("Position"), required=False, choices=[("", _("All")), *Position.choices])
    after = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data, *, branches):
        super().__init__(data)
        self.fields["branch"].queryset = branches


class PostingFields(RefusableForm):
    position = forms.ChoiceField(label=_("Position"), choices=Position.choices)
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    since = forms.DateField(label=_("Since"), input_formats=["%Y-%m-%d"])

    def __init__(self, data=None, *, by, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["branch"].queryset = Branch.objects.of_entity_of(by)


class CreateStaffForm(PostingFields):
    username = forms.CharField(label=_("Staff number"), max_length=30, validators=[username_shape])
    name = forms.CharField(label=_("Name"), max_length=100)
    field_order = ["username", "name", "position", "branch", "since"]


class PostForm(PostingFields):
    until = forms.DateField(label=_("Until"), required=False, input_formats=["%Y-%m-%d"])


class MoveForm(PostingFields):
    pass


class EndPostingForm(RefusableForm):
    last_day = forms.DateField(label=_("Last day"), input_formats=["%Y-%m-%d"])

    def refuse(self, error) -> None:
        self.add_error("last_day" if error.code == "posting_backdated" else None, error.as_dict()["message"])


class ReasonForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class BranchForm(RefusableForm):
    code = forms.CharField(label=_("Branch code"), max_length=12, validators=[branch_code_shape])
    name = forms.CharField(label=_("Branch name"), max_length=100)
    parent = forms.ModelChoiceField(label=_("Parent branch"), queryset=Branch.objects.none(), empty_label=None)

    def __init__(self, data=None, *, by, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["parent"].queryset = Branch.objects.of_entity_of(by)


class RenameBranchForm(forms.Form):
    name = forms.CharField(label=_("Branch name"), max_length=100)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Staff
        fields = ["language", "theme", "enter_moves", "idle_minutes"]


class ChangePasswordForm(RefusableForm):
    present = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("At least 10 characters, not digits alone, no common password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data=None, *, by, **kwargs):
        super().__init__(data, **kwargs)
        self.by = by

    def clean_new(self):
        new = self.cleaned_data["new"]
        password_validation.validate_password(new, self.by)
        if new == self.cleaned_data.get("present"):
            raise forms.ValidationError(_("This is the present password."), code="same_password")
        return new

    def clean_again(self):
        if self.cleaned_data["again"] != self.cleaned_data.get("new", self.cleaned_data["again"]):
            raise forms.ValidationError(_("The two are not the same."), code="passwords_differ")
        return self.cleaned_data["again"]


class TokenForm(forms.Form):
    purpose = forms.CharField(label=_("Purpose"), max_length=60)


def posting_initial(posting: Posting | None, day) -> dict:
    """What a move starts from: where the person stands now."""
    return {"since": day} | ({"position": posting.position, "branch": posting.branch_id} if posting else {})

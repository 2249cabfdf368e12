from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

username_shape = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{1,29}\Z",
    _("2 to 30 small letters, digits, dots or hyphens, beginning with a letter or digit."),
    code="username_shape",
)
# Codes stand in addresses, paths and the audit chain's key: nothing that separates there.
branch_code_shape = RegexValidator(
    r"\A[0-9A-Za-z-]{1,12}\Z", _("1 to 12 letters, digits or hyphens."), code="branch_code_shape"
)

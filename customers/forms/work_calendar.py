from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm
from tellerdesk.files.forms import UploadField


class CalendarFileForm(RuleForm):
    file = UploadField(label=_("Calendar file"))

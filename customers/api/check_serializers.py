"""Online checks and the calendar as the interface tells them."""

from rest_framework import serializers

from customers import enums
from customers.api.serializers import CheckOut, LineText
from customers.selectors.work_calendar import LATEST_YEAR, OLDEST_YEAR
from tellerdesk.files.api import UploadField

LARGEST = 2**63 - 1


class RegisterFilter(serializers.Serializer):
    day = serializers.DateField(required=False, default=None)
    branch = serializers.CharField(required=False, default="", allow_blank=True, max_length=12)
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=LARGEST)


class RegisterLine(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    checked_at = serializers.DateTimeField()
    teller = serializers.CharField(source="teller.username")
    branch = serializers.CharField(source="branch.code")
    business = serializers.ChoiceField(enums.Business.choices)
    name = serializers.CharField(help_text="masked")
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = serializers.CharField(source="number_masked", help_text="masked")
    outcome = serializers.ChoiceField(enums.CheckOutcome.choices)
    finding = serializers.CharField()
    decision = serializers.CharField(allow_blank=True)
    source = serializers.CharField()
    request_id = serializers.CharField(allow_blank=True)
    follow_up_due_on = serializers.DateField(allow_null=True)


class Counts(serializers.Serializer):
    """By code; `decisions` has "" for checks without one."""

    total = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    decisions = serializers.DictField(child=serializers.IntegerField())
    sources = serializers.DictField(child=serializers.IntegerField())
    tellers = serializers.DictField(child=serializers.IntegerField())


class RegisterPage(serializers.Serializer):
    day = serializers.DateField()
    branch = serializers.CharField(allow_null=True, help_text="null: every branch one sees")
    counts = Counts()
    results = RegisterLine(many=True)
    next = serializers.CharField(allow_null=True)


class OwedFilter(serializers.Serializer):
    kind = serializers.ChoiceField(enums.OwedKind.choices, required=False, default="", allow_blank=True)
    overdue = serializers.BooleanField(required=False, default=False)
    after = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,18}$", required=False, default=None)


class OwedLine(serializers.Serializer):
    identity_check = serializers.IntegerField(source="check_id")
    kind = serializers.ChoiceField(enums.OwedKind.choices)
    outcome = serializers.ChoiceField(enums.CheckOutcome.choices)
    name = serializers.CharField(help_text="masked")
    document_number = serializers.CharField(source="number", help_text="masked")
    customer_number = serializers.CharField(allow_blank=True)
    business = serializers.ChoiceField(enums.Business.choices)
    due_on = serializers.DateField()
    is_overdue = serializers.BooleanField()
    checked_on = serializers.DateField()
    teller = serializers.CharField()
    branch = serializers.CharField()


class OwedPage(serializers.Serializer):
    results = OwedLine(many=True)
    next = serializers.CharField(allow_null=True)


class CertificateOut(serializers.Serializer):
    """In clear: it is the paper for the customer's hand."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    identity_check = serializers.IntegerField(source="check_record_id")
    issued_at = serializers.DateTimeField(source="at")
    staff = serializers.CharField(source="staff.username")
    branch = serializers.CharField(source="branch.code")
    name = serializers.CharField(source="check_record.name")
    document_type = serializers.ChoiceField(enums.DocumentType.choices, source="check_record.document_type")
    document_number = serializers.CharField(source="check_record.number")
    finding = serializers.CharField(source="check_record.finding")


class PoliceReportIn(serializers.Serializer):
    police_report = LineText(max_length=60)
    reported_on = serializers.DateField(required=False, allow_null=True, default=None)


class CheckRecordOut(CheckOut):
    """With what became of it since."""

    police_receipt = serializers.CharField(allow_blank=True)
    police_report = serializers.CharField(allow_blank=True)
    police_reported_on = serializers.DateField(allow_null=True)


class YearFilter(serializers.Serializer):
    year = serializers.IntegerField(required=False, default=None, min_value=OLDEST_YEAR, max_value=LATEST_YEAR)


class CalendarDayOut(serializers.Serializer):
    day = serializers.DateField()
    is_working = serializers.BooleanField()
    name = serializers.CharField(allow_blank=True)


class CalendarOut(serializers.Serializer):
    """The days that differ from Monday to Friday."""

    year = serializers.IntegerField()
    working_days = serializers.IntegerField()
    days = CalendarDayOut(many=True)


class CalendarFileIn(serializers.Serializer):
    file = UploadField()


class ImportedOut(serializers.Serializer):
    lines = serializers.IntegerField()
    changed = serializers.IntegerField()

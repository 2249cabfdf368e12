from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers import enums
from customers.messages import message
from customers.rules.texts import clean_text, line_problem


class TypedText(serializers.CharField):
    """Text as it was typed: not trimmed, a blank is an answer; numbers and truth values are no text."""

    def __init__(self, **options):
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PlainText(TypedText):
    """Text that must be there: blank is refused where it is required."""

    def __init__(self, **options):
        super().__init__(**{"allow_blank": not options.get("required", True), "max_length": 200, **options})


class LineText(PlainText):
    """One line of prose that is kept as it is: a reason, a number on a receipt."""

    def to_internal_value(self, data):
        text = clean_text(super().to_internal_value(data))
        problem = line_problem(text)
        if problem:
            raise serializers.ValidationError(message(problem), code=problem)
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class WireBoolean(serializers.BooleanField):
    """`true` and `false` of JSON, nothing that merely looks like them."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class DocumentIn(serializers.Serializer):
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = TypedText()


class DocumentOut(serializers.Serializer):
    valid = serializers.BooleanField()
    normalized = serializers.CharField()
    errors = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.ChoiceField(enums.Sex.choices, allow_null=True)
    region = serializers.CharField(allow_blank=True)
    suggested_type = serializers.ChoiceField(enums.DocumentType.choices, allow_null=True)


class CheckIn(serializers.Serializer):
    name = PlainText(max_length=100)
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = TypedText()
    business = serializers.ChoiceField(enums.Business.choices)


class DecisionState(serializers.Serializer):
    decision = serializers.CharField()
    allowed = serializers.BooleanField()
    lacks = serializers.ListField(child=serializers.CharField())


class CheckOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    outcome = serializers.ChoiceField(enums.CheckOutcome.choices)
    finding = serializers.CharField()
    decision_required = serializers.BooleanField()
    decisions = DecisionState(many=True)
    decision = serializers.CharField(allow_blank=True)
    matched_name = serializers.BooleanField(allow_null=True)
    name = serializers.CharField()
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = serializers.CharField(source="number_masked", help_text="masked")
    business = serializers.ChoiceField(enums.Business.choices)
    source = serializers.CharField()
    request_id = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    issuing_authority = serializers.CharField(allow_blank=True)
    photo_hash = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    checked_at = serializers.DateTimeField()
    follow_up_due_on = serializers.DateField(allow_null=True)
    customer_number = serializers.CharField(source="customer.customer_number", default=None, allow_null=True)


class AuxiliaryIn(serializers.Serializer):
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = TypedText()
    same_name = WireBoolean()


class DecisionIn(serializers.Serializer):
    decision = serializers.ChoiceField(enums.CheckDecision.choices)
    reason = LineText(required=False, default="")
    photo_matches = WireBoolean(required=False, allow_null=True, default=None)
    auxiliary = AuxiliaryIn(many=True, required=False, default=list, max_length=10)
    reader_genuine = WireBoolean(required=False, allow_null=True, default=None)
    police_receipt = LineText(required=False, default="", max_length=60, allow_null=True)


class AgentIn(serializers.Serializer):
    name = PlainText(max_length=100)
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = TypedText()
    mobile = PlainText(max_length=20)
    relation = PlainText(max_length=20)
    reason = PlainText()
    authority = PlainText(required=False, default="")
    call_record = PlainText(required=False, default="", help_text="when and how the principal was asked")


class ParticularsIn(serializers.Serializer):
    """What is wrong with the values is said by the rules, in one voice with the page; here only types and sizes."""

    name = PlainText(max_length=100)
    sex = serializers.ChoiceField(enums.Sex.choices, required=False, allow_blank=True, default="")
    birth_date = serializers.DateField(required=False, allow_null=True, default=None)
    nationality = PlainText(required=False, default="CHN", max_length=3)
    occupation = serializers.ChoiceField(enums.Occupation.choices)
    occupation_detail = PlainText(required=False, default="", max_length=50)
    address = PlainText(required=False, default="")
    employer_address = PlainText(required=False, default="")
    mobile = PlainText(required=False, default="", max_length=20)
    phone = PlainText(required=False, default="", max_length=30)
    email = PlainText(required=False, default="", max_length=254)
    document_type = serializers.ChoiceField(enums.DocumentType.choices)
    document_number = TypedText()
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    long_term = WireBoolean(required=False, default=False)
    issuing_authority = PlainText(required=False, default="", max_length=100)
    ethnic_group = PlainText(required=False, default="", max_length=20)
    marital_status = serializers.ChoiceField(enums.MaritalStatus.choices, required=False, allow_blank=True, default="")
    education = serializers.ChoiceField(enums.Education.choices, required=False, allow_blank=True, default="")
    income_band = serializers.ChoiceField(enums.IncomeBand.choices, required=False, allow_blank=True, default="")
    tax_residency = serializers.ChoiceField(enums.TaxResidency.choices, required=False, allow_blank=True, default="")
    risk_level = serializers.ChoiceField(enums.RiskLevel.choices, required=False, allow_blank=True, default="")
    has_cheque_account = WireBoolean(required=False, default=False)
    settled_abroad = WireBoolean(required=False, default=False)
    unit_proof = WireBoolean(required=False, default=False)


class OpeningIn(ParticularsIn):
    identity_check = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    agent = AgentIn(required=False, allow_null=True, default=None)


class LookIn(serializers.Serializer):
    """What goes into the log beside the key; the key itself is judged by rules.lookup."""

    reason = LineText(required=False, default="")


class OwedOut(serializers.Serializer):
    kind = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    is_overdue = serializers.BooleanField()
    about = serializers.CharField(allow_blank=True)


class CustomerDocumentOut(serializers.Serializer):
    document_type = serializers.CharField()
    document_number = serializers.CharField(source="number")
    role = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    long_term = serializers.BooleanField()
    issuing_authority = serializers.CharField(allow_blank=True)


class PendingOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    status = serializers.CharField()
    changes = serializers.DictField()
    maker = serializers.CharField(source="maker.username", default=None, allow_null=True, help_text="null: the system")
    at = serializers.DateTimeField(source="made_at")


class AgentOut(serializers.Serializer):
    name = serializers.CharField()
    document_type = serializers.CharField()
    document_number = serializers.CharField(source="number_masked")
    mobile = serializers.CharField()
    relation = serializers.CharField()
    reason = serializers.CharField()
    authority = serializers.CharField(allow_blank=True)
    call_record = serializers.CharField(allow_blank=True)


class CustomerOut(serializers.Serializer):
    """Built from selectors.file.CustomerFile."""

    customer_number = serializers.CharField(source="customer.customer_number")
    status = serializers.CharField(source="customer.status")
    verification = serializers.CharField(source="customer.verification")
    name = serializers.CharField(source="customer.name")
    sex = serializers.CharField(source="customer.sex")
    birth_date = serializers.DateField(source="customer.birth_date")
    age = serializers.IntegerField()
    nationality = serializers.CharField(source="customer.nationality")
    occupation = serializers.CharField(source="customer.occupation")
    occupation_detail = serializers.CharField(source="customer.occupation_detail")
    address = serializers.CharField(source="customer.address")
    employer_address = serializers.CharField(source="customer.employer_address")
    mobile = serializers.CharField(source="customer.mobile")
    phone = serializers.CharField(source="customer.phone")
    email = serializers.CharField(source="customer.email")
    ethnic_group = serializers.CharField(source="customer.ethnic_group")
    marital_status = serializers.CharField(source="customer.marital_status")
    education = serializers.CharField(source="customer.education")
    income_band = serializers.CharField(source="customer.income_band")
    tax_residency = serializers.CharField(source="customer.tax_residency")
    risk_level = serializers.CharField(source="customer.risk_level")
    has_cheque_account = serializers.BooleanField(source="customer.has_cheque_account")
    settled_abroad = serializers.BooleanField(source="customer.settled_abroad")
    unit_proof = serializers.BooleanField(source="customer.unit_proof")
    document_type = serializers.CharField(source="primary.document_type", default=None)
    document_number = serializers.CharField(source="primary.number", default=None)
    valid_from = serializers.DateField(source="primary.valid_from", default=None, allow_null=True)
    valid_until = serializers.DateField(source="primary.valid_until", default=None, allow_null=True)
    long_term = serializers.BooleanField(source="primary.long_term", default=False)
    issuing_authority = serializers.CharField(source="primary.issuing_authority", default="")
    channel = serializers.CharField(source="customer.channel")
    opening_branch = serializers.CharField(source="customer.opening_branch.code")
    home_branch = serializers.CharField(source="customer.home_branch.code")
    opened_by = serializers.CharField(source="customer.opened_by.username")
    opened_at = serializers.DateTimeField(source="customer.opened_at")
    version = serializers.IntegerField(source="customer.version")
    documents = CustomerDocumentOut(many=True)
    agents = AgentOut(many=True)
    pending_changes = PendingOut(many=True, source="pending")
    owed = OwedOut(many=True)
    merged_from = serializers.ListField(child=serializers.CharField())


@extend_schema_field({"type": "object", "additionalProperties": True})
class Changes(serializers.DictField):
    """`{field: value}`; which values are right is said by the rules."""


class AmendmentIn(serializers.Serializer):
    changes = Changes(allow_empty=False)
    in_person = WireBoolean()
    agent = AgentIn(required=False, allow_null=True, default=None)
    identity_check = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1
    )
    reason = LineText()
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class AmendmentOut(PendingOut):
    customer_number = serializers.CharField(source="customer.customer_number", allow_null=True, default=None)
    reason = serializers.CharField()
    checker = serializers.CharField(source="checker.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField()


class ReasonIn(serializers.Serializer):
    reason = LineText()


class AmendmentFilter(serializers.Serializer):
    status = serializers.ChoiceField(enums.AmendmentStatus.choices, required=False, default="")
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**63 - 1)


class AmendmentPage(serializers.Serializer):
    results = AmendmentOut(many=True)
    next = serializers.CharField(allow_null=True)

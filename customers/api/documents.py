"""A customer's documents for programs: listed, a further one asked for; who expires, and suspension put off."""

from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.reading import validated
from customers.api.views import found_customer
from customers.enums import DocumentType
from customers.rules.further import FurtherPaper
from customers.rules.review import APPROVE_MERGE
from customers.selectors.expiring import WITHIN, Asked, counts, page
from customers.selectors.images import papers_of
from customers.services import add_document, postpone_suspension
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.core.business_date import today
from tellerdesk.staff.own_writes import from_replica

OF_PAPER = ("document_type", "document_number", "valid_from", "valid_until", "long_term", "issuing_authority")


class FurtherDocumentIn(serializers.Serializer):
    document_type = serializers.ChoiceField(DocumentType.choices)
    document_number = wire.TypedText()
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    long_term = wire.WireBoolean(required=False, default=False)
    issuing_authority = wire.PlainText(required=False, default="", max_length=100)
    in_person = wire.WireBoolean()
    identity_check = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1
    )
    reason = wire.LineText()
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class DocumentLineOut(wire.CustomerDocumentOut):
    id = serializers.IntegerField(source="pk")
    images = serializers.ListField(child=serializers.IntegerField(), source="image_ids")


class DocumentListOut(serializers.Serializer):
    results = DocumentLineOut(many=True)
    next = serializers.CharField(allow_null=True)


class CustomerDocuments(ApiView):
    permissions = {"GET": "customers.look_up", "POST": "customers.amend_customer"}

    @extend_schema(responses=DocumentListOut)
    def get(self, request, customer_number):
        papers = [each for each in papers_of(found_customer(request, customer_number)) if each.kind == "document"]
        for each in papers:
            each.thing.image_ids = [image.pk for image in each.images]
        return Response({"results": DocumentLineOut([each.thing for each in papers], many=True).data, "next": None})

    @extend_schema(request=FurtherDocumentIn, responses={201: wire.AmendmentOut})
    def post(self, request, customer_number):
        typed = validated(FurtherDocumentIn, request)
        amendment = add_document(
            customer=found_customer(request, customer_number),
            further=FurtherPaper(**{name: typed[name] for name in OF_PAPER}),
            in_person=typed["in_person"],
            check_id=typed["identity_check"],
            reason=typed["reason"],
            version=typed["version"],
            by=request.user,
        )
        return Response(wire.AmendmentOut(amendment).data, status.HTTP_201_CREATED)


class ExpiringFilter(serializers.Serializer):
    within = serializers.ChoiceField(WITHIN, required=False, default="90")
    branch = serializers.CharField(required=False, default="", max_length=10)
    after = serializers.RegexField(r"^[0-9]{8}\.[0-9]{1,18}$", required=False, default="")


class ExpiringOut(serializers.Serializer):
    customer_number = serializers.CharField()
    name = serializers.CharField(help_text="masked")
    status = serializers.CharField()
    branch = serializers.CharField()
    document_type = serializers.CharField()
    document_number = serializers.CharField(source="number_masked", help_text="masked")
    valid_until = serializers.DateField()
    days_left = serializers.IntegerField()
    grace_ends = serializers.DateField()
    postponed_until = serializers.DateField(allow_null=True)
    proposal = serializers.IntegerField(allow_null=True, help_text="id of the suspension that waits")


class ExpiringPage(serializers.Serializer):
    results = ExpiringOut(many=True)
    next = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class ExpiringDocuments(ApiView):
    """The primary documents of one's lists, the most pressing first; `expired` and `over` are those of the past."""

    permission = "customers.look_up"

    @extend_schema(
        parameters=[
            OpenApiParameter("within", str, enum=WITHIN),
            OpenApiParameter("branch", str),
            OpenApiParameter("after", str),
        ],
        responses=ExpiringPage,
    )
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(ExpiringFilter, request, data=request.query_params)
        asked = Asked(request.user, today(), typed["within"], typed["branch"])
        lines, following = page(asked, typed["after"])
        answer = page_response(request, ExpiringOut(lines, many=True).data, following)
        answer.data["counts"] = counts(asked)
        return answer


class PostponementIn(serializers.Serializer):
    until = serializers.DateField()
    ground = wire.LineText()


class PostponementOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    until = serializers.DateField()
    ground = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()


class CustomerPostponements(ApiView):
    permission = APPROVE_MERGE

    @extend_schema(request=PostponementIn, responses={201: PostponementOut})
    def post(self, request, customer_number):
        typed = validated(PostponementIn, request)
        customer = found_customer(request, customer_number)
        postponement = postpone_suspension(
            customer=customer, until=typed["until"], ground=typed["ground"], by=request.user
        )
        return Response(PostponementOut(postponement).data, status.HTTP_201_CREATED)

"""Scans of a customer's papers for programs: added, listed, read."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.reverse import reverse

from customers.api.reading import validated
from customers.api.views import found_customer
from customers.messages import message
from customers.models import Customer, DocumentImage
from customers.scan_response import scan_response
from customers.selectors.images import OF, images_of, owner_of, thing_of
from customers.services import add_image
from tellerdesk.core.api import ApiView
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.uploads import SealedUploads

ONE_OF = {"required": False, "allow_null": True, "default": None, "min_value": 1, "max_value": 2**63 - 1}


class ImageIn(serializers.Serializer):
    """Exactly one of the four ids says what the scan is of."""

    document = serializers.IntegerField(**ONE_OF)
    paper = serializers.IntegerField(**ONE_OF, help_text="auxiliary paper of a check; ends the copy owed")
    agent = serializers.IntegerField(**ONE_OF)
    amendment = serializers.IntegerField(**ONE_OF, help_text="evidence of a request that waits")
    side = serializers.ChoiceField(DocumentImage.Side.choices, required=False, default=DocumentImage.Side.FRONT)
    file = serializers.FileField(allow_empty_file=True, help_text="JPEG, PNG or PDF by content")


class ImageOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    of = serializers.SerializerMethodField(help_text="document, paper, agent or amendment")
    of_id = serializers.SerializerMethodField()
    side = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_by = serializers.CharField(source="uploaded_by.username")
    uploaded_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_of(self, image: DocumentImage) -> str:
        return owner_of(image)[0]

    def get_of_id(self, image: DocumentImage) -> int:
        return owner_of(image)[1]

    def get_url(self, image: DocumentImage) -> str:
        return reverse("api_customer_image", args=[self.context["customer"].customer_number, image.pk])


class ImageList(serializers.Serializer):
    results = ImageOut(many=True)
    next = serializers.CharField(allow_null=True)


class CustomerImages(SealedUploads, ApiView):
    permissions = {"GET": "customers.look_up", "POST": "customers.amend_customer"}

    @extend_schema(responses=ImageList)
    def get(self, request, customer_number):
        customer = found_customer(request, customer_number)
        rows = images_of(customer).select_related("uploaded_by").order_by("-pk")
        return Response({"results": ImageOut(rows, many=True, context={"customer": customer}).data, "next": None})

    @extend_schema(request={"multipart/form-data": ImageIn}, responses={201: ImageOut})
    def post(self, request, customer_number):
        typed = validated(ImageIn, request)
        customer = found_customer(request, customer_number)
        image = add_image(
            customer=customer,
            of=thing_named(customer, typed),
            side=typed["side"],
            upload=typed["file"],
            by=request.user,
        )
        return Response(ImageOut(image, context={"customer": customer}).data, status.HTTP_201_CREATED)


class CustomerImage(ApiView):
    permission = "customers.look_up"

    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request, customer_number, pk):
        return scan_response(found_customer(request, customer_number), pk, by=request.user)


def thing_named(customer: Customer, typed: dict):
    """Raises FieldErrors for none or several, and for a paper that is not this customer's."""
    named = [kind for kind in OF if typed[kind] is not None]
    if len(named) != 1:
        raise FieldErrors({"document": [("required", message("required"))]})
    found = thing_of(customer, named[0], typed[named[0]])
    if found is None:
        raise FieldErrors({named[0]: [("not_in_list", message("not_in_list"))]})
    return found

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.response import Response

from tellerdesk.core.api import ApiView
from tellerdesk.core.errors import FieldErrors
from training.api import serializers
from training.models import Attempt, Course
from training.selectors.courses import course_cards, course_page
from training.selectors.results import result
from training.selectors.sheets import sheet
from training.services import attempts as services

ANSWERS = {
    "application/json": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
}
CLOSED = OpenApiResponse(description="attempt_closed: the first result stands")
ATTEMPT_OR_RESULT = PolymorphicProxySerializer(
    component_name="AttemptOrResult",
    serializers=[serializers.AttemptSerializer, serializers.ResultSerializer],
    resource_type_field_name=None,
)


class TrainingView(ApiView):
    permission = "training.take_course"


class CourseListView(TrainingView):
    @extend_schema(operation_id="training_courses_list", responses=serializers.CourseListSerializer)
    def get(self, request):
        cards = course_cards(request.user, at=timezone.now())
        return Response({"results": serializers.CourseSerializer(cards, many=True).data, "next": None})


class CourseView(TrainingView):
    @extend_schema(operation_id="training_courses_read", responses=serializers.CoursePageSerializer)
    def get(self, request, code):
        page = course_page(get_object_or_404(Course, code=code), request.user, at=timezone.now())
        body = dict(serializers.CourseSerializer(page.card).data)
        body["material"] = serializers.SectionSerializer(page.sections, many=True).data
        body["unlocks"] = [{"permission": permission, "label": str(label)} for permission, label in page.unlocks]
        return Response(body)


class StartAttemptView(TrainingView):
    @extend_schema(operation_id="training_attempts_start", request=None, responses={201: serializers.AttemptSerializer})
    def post(self, request, code):
        """The attempt that still runs is answered again: two tabs share one."""
        attempt = services.start_attempt(course=get_object_or_404(Course, code=code), by=request.user)
        return Response(serializers.AttemptSerializer(sheet(attempt)).data, status=201)


class AttemptView(TrainingView):
    @extend_schema(operation_id="training_attempts_read", responses=ATTEMPT_OR_RESULT)
    def get(self, request, pk):
        """One's own attempt: its questions while it runs, its result afterwards."""
        attempt = _own_attempt(request, pk)
        if services.close_overdue_if_due(attempt, timezone.now()):
            attempt.refresh_from_db()
        if attempt.is_closed:
            return Response(serializers.ResultSerializer(result(attempt)).data)
        return Response(serializers.AttemptSerializer(sheet(attempt)).data)


class AnswersView(TrainingView):
    @extend_schema(
        operation_id="training_attempts_answer",
        request=ANSWERS,
        responses={200: serializers.AttemptSerializer, 409: CLOSED},
    )
    def put(self, request, pk):
        attempt = services.save_answers(attempt=_own_attempt(request, pk), answers=request.data, by=request.user)
        return Response(serializers.AttemptSerializer(sheet(attempt)).data)


class SubmitAttemptView(TrainingView):
    @extend_schema(
        operation_id="training_attempts_submit",
        request=serializers.SubmissionSerializer,
        responses={200: serializers.ResultSerializer, 409: CLOSED},
    )
    def post(self, request, pk):
        attempt = services.submit_attempt(attempt=_own_attempt(request, pk), by=request.user, answers=_answers(request))
        return Response(serializers.ResultSerializer(result(attempt)).data)


def _own_attempt(request, pk) -> Attempt:
    return get_object_or_404(Attempt.objects.of(request.user).select_related("course", "staff__legal_entity"), pk=pk)


def _answers(request):
    """What stands under `answers`, None where nothing does; a null there is a fault and no silence."""
    if not isinstance(request.data, dict):
        raise FieldErrors({"__all__": [("not_an_object", _("The body must be an object."))]})
    given = request.data.get("answers", {})
    return [] if given is None else given

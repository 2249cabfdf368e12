"""The working-day calendar for programs."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from customers.api import check_serializers as out
from customers.api.reading import validated
from customers.selectors.work_calendar import days_of_year, year_of
from customers.services import import_calendar
from tellerdesk.core.api import ApiView
from tellerdesk.core.business_date import today
from tellerdesk.files.uploads import SealedUploads


class WorkCalendar(SealedUploads, ApiView):
    permissions = {"GET": "customers.look_up", "POST": "customers.change_calendar"}

    @extend_schema(parameters=[OpenApiParameter("year", int)], responses=out.CalendarOut)
    def get(self, request):
        """This year's where none is named."""
        year = validated(out.YearFilter, request, data=request.query_params)["year"] or today().year
        rows = days_of_year(request.user.legal_entity_id, year)
        working_days = sum(month.working_days for month in year_of(rows, year))
        return Response(out.CalendarOut({"year": year, "working_days": working_days, "days": rows}).data)

    @extend_schema(request={"multipart/form-data": out.CalendarFileIn}, responses=out.ImportedOut)
    def post(self, request):
        """A file counts whole or not at all: each bad line is an error of `file`."""
        typed = validated(out.CalendarFileIn, request)
        return Response(out.ImportedOut(import_calendar(upload=typed["file"], by=request.user)).data)

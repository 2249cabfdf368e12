"""JSON that cannot be overrun. Apart from core.api, which DRF's views need to have read this already."""

import json

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 16 * 1024 * 1024


class JsonParser(JSONParser):
    """Refuses what would exhaust the machine (size, depth) with 400; NaN and Infinity as well."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise ParseError(_("The request is larger than 16 MB."), code="too_large")
        try:
            return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not readable JSON."), code="not_json") from error


def _no_constant(name):
    raise ValueError(name)

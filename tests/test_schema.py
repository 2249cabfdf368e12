"""The OpenAPI document says of every component one thing."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


def test_everything_has_a_name_of_its_own_and_every_type_is_known():
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        document = SchemaGenerator().get_schema(request=None, public=True)
    told = [str(each) for each in GENERATOR_STATS._warn_cache]
    assert "/api/v1/tiering/assessments/{quarter}/" in document["paths"]
    assert told == []
    assert [str(each) for each in GENERATOR_STATS._error_cache] == []
    named = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    assert {"customers_look_up", "customers_retrieve", "amendments_list", "amendments_retrieve"} <= named

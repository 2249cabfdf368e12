"""The OpenAPI document says of every component one thing."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


def test_no_two_components_share_a_name_and_every_type_is_known():
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        document = SchemaGenerator().get_schema(request=None, public=True)
    told = [str(each) for each in GENERATOR_STATS._warn_cache]
    assert "/api/v1/tiering/assessments/{quarter}/" in document["paths"]
    assert [each for each in told if "identical names" in each or "unable to resolve" in each] == []

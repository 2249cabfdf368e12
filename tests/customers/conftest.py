import datetime

import pytest


@pytest.fixture
def business_date(settings):
    settings.BUSINESS_DATE = datetime.date(2026, 11, 24)
    return settings.BUSINESS_DATE

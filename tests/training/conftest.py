import pytest

from tests.training.makers import make_course


@pytest.fixture
def course(db):
    return make_course()


@pytest.fixture
def timed(db):
    return make_course("customer-maintenance")


@pytest.fixture
def as_(client):
    """The client logged in as somebody, without the cost of a password."""

    def log_in(staff):
        client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")
        return client

    return log_in

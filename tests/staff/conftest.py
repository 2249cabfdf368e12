from tests.streaming import replica, streaming  # noqa: F401 - fixtures

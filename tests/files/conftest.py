import pytest


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """The folder of uploads, empty for each test."""
    settings.DATA_FOLDER = tmp_path
    return tmp_path / "uploads"

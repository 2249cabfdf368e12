"""A file comes in by a real request, is sealed on its way, and leaves nothing when nobody takes it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from tellerdesk.files import uploads as receiving
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.storage import open_stored
from tellerdesk.files.uploads import sealed_uploads

pytestmark = pytest.mark.django_db
CONTENT = b"110105194912310025" * 100_000


def received(act, content=CONTENT, **more):
    """`act` is done with the file inside the view; what it returned, after the request has ended."""
    done = []

    @sealed_uploads
    def view(request):
        done.append(act(request.FILES["file"]))
        return HttpResponse()

    data = {"file": SimpleUploadedFile("客户.csv", content), **more}
    request = RequestFactory(enforce_csrf_checks=False).post("/", data)
    request._dont_enforce_csrf_checks = True
    response = view(request)
    response._resource_closers.append(request.close)
    response.close()
    return done[0]


def test_what_is_taken_stays_sealed(uploads):
    stored = received(lambda file: file.take())
    (path,) = uploads.iterdir()
    assert (path.name, stored.size) == (stored.name, len(CONTENT))
    assert CONTENT[:18] not in path.read_bytes()
    with open_stored(stored.name) as file:
        assert file.read() == CONTENT


def test_what_nobody_takes_is_gone(uploads):
    assert received(lambda file: (file.name, file.size)) == ("客户.csv", len(CONTENT))
    assert list(uploads.iterdir()) == []


def refused(content):
    def act(file):
        with pytest.raises(FileRefused) as error:
            file.take()
        return error.value.code

    return received(act, content)


def test_an_empty_file(uploads):
    assert (refused(b""), list(uploads.iterdir())) == ("empty_file", [])


def test_a_file_above_the_limit(uploads, monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST", 1_500_000)
    assert (refused(CONTENT), list(uploads.iterdir())) == ("too_large", [])


def test_a_request_far_above_the_limit_is_told_so_without_being_read(uploads, monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST", 700_000)
    assert (refused(CONTENT), uploads.exists()) == ("too_large", False)


def test_a_cut_connection_leaves_nothing(uploads):
    @sealed_uploads
    def view(request):
        return HttpResponse(str(len(request.FILES)))

    whole = RequestFactory().post("/", {"file": SimpleUploadedFile("a.csv", CONTENT)})
    body = whole.read()
    request = RequestFactory().generic("POST", "/", body[: len(body) // 2], content_type=whole.META["CONTENT_TYPE"])
    request._dont_enforce_csrf_checks = True
    view(request)
    request.close()
    assert list(uploads.iterdir()) == []

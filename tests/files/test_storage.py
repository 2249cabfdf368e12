import os
import time

import pytest

from tellerdesk.files import storage
from tellerdesk.files.errors import FileRefused, StoredFileBroken
from tellerdesk.files.sealed_chunks import HEAD, SEALED_CHUNK
from tellerdesk.files.storage import forget, forget_drafts, keep, keep_nameless, open_stored

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024


def read(name):
    with open_stored(name) as file:
        return file.read()


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 17])
def test_what_was_kept_is_read_back(size):
    content = os.urandom(size)
    stored = keep([content[:100], content[100:]])
    assert (read(stored.name), stored.size) == (content, size)


def test_nothing_stands_on_the_disk_in_clear_and_nobody_else_may_read_it(uploads):
    stored = keep([b"110105194912310025" * 10])
    path = uploads / stored.name
    assert b"110105194912310025" not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, uploads.stat().st_mode & 0o777) == (0o600, 0o700)


def swapped(data):
    first, second = HEAD.size, HEAD.size + SEALED_CHUNK
    return data[:first] + data[second : second + SEALED_CHUNK] + data[first:second] + data[second + SEALED_CHUNK :]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: HEAD.size + SEALED_CHUNK],
        lambda data: data[: HEAD.size],
        lambda data: data[:-1],
        lambda data: data[:10],
        lambda data: data + data[HEAD.size :],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        swapped,
    ],
    ids=["cut", "emptied", "cut by a byte", "no head", "prolonged", "a bit", "swapped"],
)
def test_a_file_changed_behind_our_back_does_not_open(uploads, spoil):
    stored = keep([os.urandom(2 * MIB + 5)])
    path = uploads / stored.name
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(StoredFileBroken):
        read(stored.name)


def test_too_large_is_refused_and_leaves_nothing(uploads):
    with pytest.raises(FileRefused) as refused:
        keep([b"x" * 600_000] * 2, largest=MIB)
    assert (refused.value.code, refused.value.context, list(uploads.iterdir())) == ("too_large", {"megabytes": 1}, [])


def test_a_source_that_breaks_leaves_nothing(uploads):
    def breaking():
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        keep(breaking())
    assert list(uploads.iterdir()) == []


def test_forgotten_is_gone_and_may_be_forgotten_again(uploads):
    stored = keep([b"abc"])
    forget(stored.name)
    forget(stored.name)
    forget("")
    assert list(uploads.iterdir()) == []
    with pytest.raises(StoredFileBroken):
        open_stored(stored.name)


@pytest.mark.parametrize("name", ["../secret-key", "a" * 31, "/etc/passwd", "A" * 32])
def test_only_names_of_ours_are_opened(name):
    with pytest.raises(StoredFileBroken):
        open_stored(name)


def test_what_is_nameless_has_no_file_and_opens_twice_at_once(uploads):
    source = keep_nameless([b"abc", b"def"])
    first, second = source(), source()
    assert (first.read(2), second.read(), first.read(), list(uploads.iterdir())) == (b"ab", b"abcdef", b"cdef", [])


def test_drafts_of_the_killed_are_cleared_away(uploads):
    kept = keep([b"abc"])
    killed = storage.StoredWriter()
    killed.file.close()
    assert (forget_drafts(older_than=3600), forget_drafts(older_than=-1)) == (0, 1)
    assert [path.name for path in uploads.iterdir()] == [kept.name]


def test_a_file_that_others_finish_or_forget_meanwhile_is_let_be(uploads):
    """A link to nowhere is found like any file, and has gone when it is looked at."""
    for name in ("draft-finished", "f" * 32):
        (storage.folder() / name).symlink_to(uploads / "nowhere")
    assert (forget_drafts(older_than=-1), storage.stored_before(time.time() + 1)) == (0, set())

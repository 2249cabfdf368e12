"""`manage.py serve` as a user meets it, in processes and a data folder of its own, without sample data."""

import os
import signal
import socket
import urllib.error
import urllib.request

import pytest

from tests.core.processes import data_folder, running_in, start, wait_until


@pytest.fixture(scope="module")
def folder():
    with data_folder() as folder:
        yield folder


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(folder, port):
    started = []

    def serve():
        process = start("serve", folder=folder, PORT=str(port), DEMO="0", TELLERDESK_DEMO_PASSWORD="secret")
        started.append(process)
        wait_until(lambda: answer(port) or process.poll() is not None, 120)
        assert process.poll() is None, process.stdout.read()
        return process

    yield serve
    for process in started:
        process.terminate()
        process.communicate(timeout=90)


def answer(port, path="healthz"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as response:
            return response.status, response.read()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def said_until(process, words: str) -> str:
    """The site may answer before its address is told."""
    said = ""
    while words not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_it_comes_up_from_nothing_and_goes_without_leftovers(serve, folder, port):
    process = serve()
    assert answer(port) == (200, b'{"status": "ok"}')
    assert answer(port, "accounts/login/")[0] == 200
    output = said_until(process, f"http://127.0.0.1:{port}/")
    process.terminate()
    output += process.stdout.read()
    assert process.wait(timeout=90) == 0
    assert str(folder) in output
    assert "secret" not in output
    assert running_in(folder) == {}


def test_a_killed_one_is_followed_by_the_next(serve, folder, port):
    first = serve()
    os.kill(first.pid, signal.SIGKILL)
    first.communicate(timeout=60)
    serve()
    assert len(numbers_of(folder, "manage.py serve")) == 1
    assert len(numbers_of(folder, "manage.py worker")) == 1


def test_what_dies_beneath_it_is_started_again(serve, folder, port):
    serve()
    worker = number_of(folder, "manage.py worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: number_of(folder, "manage.py worker") not in (None, worker))
    server = number_of(folder, "bin/postgres -D")
    os.kill(server, signal.SIGKILL)
    assert wait_until(lambda: number_of(folder, "bin/postgres -D") not in (None, server))
    assert wait_until(lambda: answer(port)) == (200, b'{"status": "ok"}')


def test_without_the_site_there_is_an_end_and_a_reason(serve, folder):
    process = serve()
    for number in numbers_of(folder, "-m gunicorn"):
        os.kill(number, signal.SIGKILL)
    output, _ = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "CommandError" in output
    assert running_in(folder) == {}


def numbers_of(folder, words):
    return [number for number, line in running_in(folder).items() if words in line]


def number_of(folder, words):
    return next(iter(numbers_of(folder, words)), None)

import socket

import pytest

from tellerdesk.core import ports


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(taken, monkeypatch):
    monkeypatch.setattr(ports, "LEAVING", 0)
    said = []
    with pytest.raises(ports.PortTaken, match=rf"{taken}.*PORT={taken + 1} make run"):
        ports.await_free("127.0.0.1", taken, said.append)


def test_a_free_port_is_not_waited_for():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = []
    ports.await_free("127.0.0.1", port, said.append)
    assert said == []

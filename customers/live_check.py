"""联网核查 over the network: a small protocol of JSON over HTTPS, described in docs/operations.md.

Whatever comes back that is not exactly an answer of the protocol counts as no answer: an identity is never taken for
checked because a gateway was confused. One connection for each question; the standard library needs no more.
"""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from customers.citizen_check import COVERED, GatewayUnavailable, IdentityCheckResult
from customers.enums import CheckOutcome
from customers.rules.gateway_answer import LARGEST_PHOTO, Answer, NotAnAnswer, read_answer

CONNECT_SECONDS = READ_SECONDS = 3
LARGEST_ANSWER = 2 * LARGEST_PHOTO  # bytes; base64 makes four of three
AT_HOME = frozenset({"127.0.0.1", "::1", "localhost"})


class LiveGateway:
    """Reads its settings at every question. Raises GatewayUnavailable for whatever goes wrong."""

    source = "live"

    def check(self, *, name, number, document_type, business, by, attempt=1):
        if document_type not in COVERED:
            return IdentityCheckResult(CheckOutcome.NOT_APPLICABLE, None, None, "", "", "", self.source)
        request_id = uuid4().hex
        question = {
            "request_id": request_id,
            "name": name,
            "number": number,
            "document_type": str(document_type),
            "business": str(business),
            "operator": by.username if by else "",
            "branch": by.branch.code if by and by.branch else "",
            "attempt": attempt,
        }
        answer = understood(posted(json.dumps(question).encode()), request_id)
        return IdentityCheckResult(
            answer.outcome,
            answer.matched_name,
            answer.photo,
            answer.issuing_authority,
            answer.message,
            request_id,
            self.source,
        )

    @staticmethod
    def problem() -> str:
        """Why it cannot be asked at all, in words; empty where it can."""
        try:
            address_of(settings.GATEWAY_URL)
        except (GatewayUnavailable, ValueError):
            return _("TELLERDESK_GATEWAY_URL is not an address of HTTPS, or of HTTP on this machine.")
        return ""


def understood(body: bytes, request_id: str) -> Answer:
    try:
        return read_answer(body, request_id)
    except NotAnAnswer as reason:
        raise GatewayUnavailable(f"nonsense: {reason}") from reason


def posted(body: bytes) -> bytes:
    """The body of an answer 200. Nothing that is said here names the person."""
    try:
        place = address_of(settings.GATEWAY_URL)
        with connected(place) as connection, cut_off_after(READ_SECONDS, connection.sock):
            connection.request("POST", place._replace(scheme="", netloc="").geturl() or "/", body, headers())
            with connection.getresponse() as response:
                if response.status != 200:
                    raise GatewayUnavailable(f"status {response.status}")
                received = response.read(LARGEST_ANSWER + 1)
    except TimeoutError as error:
        raise GatewayUnavailable("time-out") from error
    except (OSError, HTTPException, ValueError) as error:
        raise GatewayUnavailable(type(error).__name__) from error
    if len(received) > LARGEST_ANSWER:
        raise GatewayUnavailable("nonsense: too large")
    return received


def address_of(url: str) -> SplitResult:
    """HTTPS, or plain HTTP to this machine alone (a proxy that speaks TLS for us)."""
    place = urlsplit(url)
    if not (place.hostname and (place.scheme == "https" or (place.scheme == "http" and place.hostname in AT_HOME))):
        raise GatewayUnavailable("no address")
    return place


def headers() -> dict[str, str]:
    token = {"Authorization": f"Bearer {settings.GATEWAY_TOKEN}"} if settings.GATEWAY_TOKEN else {}
    return {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"} | token


@contextmanager
def connected(place: SplitResult) -> Iterator[HTTPConnection]:
    """With its socket open, the certificate of the other side verified."""
    port = place.port or (443 if place.scheme == "https" else 80)
    sock = socket.create_connection((place.hostname, port), timeout=CONNECT_SECONDS)
    try:
        if place.scheme == "https":
            trust = trusted(settings.GATEWAY_CA, settings.GATEWAY_CERT)
            sock = trust.wrap_socket(sock, server_hostname=place.hostname, do_handshake_on_connect=False)
            with cut_off_after(CONNECT_SECONDS, sock):
                sock.do_handshake()
        sock.settimeout(READ_SECONDS)
        connection = HTTPConnection(place.hostname, port)
        connection.sock = sock
        yield connection
    finally:
        sock.close()


@contextmanager
def cut_off_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """A time-out of the socket begins anew with every byte: who sends them one by one is cut off all the same."""
    cut = threading.Event()

    def hang_up():
        cut.set()
        with suppress(OSError):  # it may have been closed just now
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # of the plain socket, under whatever TLS is doing

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException, ValueError) as error:
        if cut.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if cut.is_set():
        raise TimeoutError


@lru_cache(maxsize=4)
def trusted(ca: str, certificate: str) -> ssl.SSLContext:
    """`ca`: a file of authorities in place of the system's; `certificate`: our own with its key, where one is asked."""
    context = ssl.create_default_context(cafile=ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate:
        context.load_cert_chain(certificate)
    return context

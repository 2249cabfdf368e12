"""The site as `manage.py serve` runs it, and a teller's browser without eyes."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tellerdesk.core.kept_secrets import demo_password
from tellerdesk.serving import HOST, SITE_MAY_FINISH, await_answer, children

SECONDS = 60
KEPT = 1  # second that gunicorn surely keeps an idle connection
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def running() -> Iterator[int]:
    """The port on 127.0.0.1."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    site, _ = children(port)
    site.start()
    try:
        await_answer(site, port)
        yield port
    finally:
        site.stop(SITE_MAY_FINISH)


class Visitor:
    """One connection that is kept, one login."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
        self.cookies: dict[str, str] = {}
        self.form_token = ""
        self.last_used = 0.0

    def log_in(self, username: str) -> "Visitor":
        self.get("/accounts/login/")
        status, _, _ = self.post("/accounts/login/", {"username": username, "password": demo_password()})
        if status != 302:
            raise RuntimeError(f"{username} was not let in: {status}")
        self.get("/accounts/settings/")
        return self

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, Location, body."""
        found = self._send("GET", path, None, {})
        token = FORM_TOKEN.search(found[2])
        self.form_token = token.group(1) if token else self.form_token
        return found

    def post(self, path: str, fields: dict) -> tuple[int, str, str]:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.form_token})
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def call(self, path: str, body: dict) -> tuple[int, dict]:
        """The interface, with the login of the page."""
        head = {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrftoken"]}
        status, _, text = self._send("POST", f"/api/v1/{path}", json.dumps(body), head)
        return status, json.loads(text)

    def _send(self, method: str, path: str, body: str | None, head: dict) -> tuple[int, str, str]:
        if time.monotonic() - self.last_used > KEPT:
            self.connection.close()  # the site has closed its end, or will
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, head | {"Cookie": cookie})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.last_used = time.monotonic()
        for line in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text

"""A provider that speaks Twilio's API and remembers: creates, lists, fetches, reports back, and misbehaves on demand.

Run in a thread of a test or beside the kill test. It counts how often each of our references was created, which is the
oracle of "never twice".
"""

import base64
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import uuid4

from surveys.sms.signatures import sign

ACCOUNT = "AC" + "0" * 32
SERVICE = "MG" + "0" * 32
TOKEN = "fake-auth-token"


@dataclass(slots=True)
class Faults:
    """Shares of creates, 0 to 1. `dropped_reply`: taken, but the connection ends without an answer."""

    dropped_reply: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    too_many: float = 0.0
    slowest_seconds: float = 0.0
    refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Number → (HTTP status, Twilio code)."""


@dataclass(slots=True)
class Kept:
    sid: str
    to: str
    body: str
    callback: str
    status: str
    created: datetime
    request: dict[str, str]


@dataclass(slots=True)
class Fake:
    """The provider's memory. `faults` may be changed while it runs."""

    address: str = ""
    faults: Faults = field(default_factory=Faults)
    seed: int = 1
    messages: list[Kept] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def creates(self) -> Counter[str]:
        """How often each of our references was taken."""
        with self.lock:
            return Counter(reference(kept.callback) for kept in self.messages)

    def take(self, form: dict[str, str]) -> Kept:
        kept = Kept(
            sid=f"SM{uuid4().hex}",
            to=form["To"],
            body=form["Body"],
            callback=form.get("StatusCallback", ""),
            status="accepted",
            created=datetime.now(UTC),
            request=form,
        )
        with self.lock:
            self.messages.append(kept)
        return kept

    def report(self, kept: Kept, status: str, *, error_code: str = "", token: str = TOKEN) -> int:
        """Call back with one status; returns our answer's HTTP status."""
        kept.status = status
        form = {"AccountSid": ACCOUNT, "MessageSid": kept.sid, "SmsSid": kept.sid, "MessageStatus": status}
        form |= {"To": kept.to, "MessagingServiceSid": SERVICE} | ({"ErrorCode": error_code} if error_code else {})
        return post_signed(kept.callback, form, token=token)

    def reply(self, url: str, *, sender: str, body: str, sid: str = "", token: str = TOKEN, **more: str) -> int:
        """Deliver one inbound text to our webhook."""
        return post_signed(url, inbound_form(sender=sender, body=body, sid=sid, **more), token=token)


def inbound_form(*, sender: str, body: str, sid: str = "", **more: str) -> dict[str, str]:
    sid = sid or f"SM{uuid4().hex}"
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "SmsSid": sid, "MessagingServiceSid": SERVICE}
    return form | {"From": sender, "To": "+15005550006", "Body": body, "NumMedia": "0"} | more


def reference(callback: str) -> str:
    return parse_qs(urlsplit(callback).query).get("ref", [""])[0].partition(".")[0]


def post_signed(url: str, form: dict[str, str], *, token: str = TOKEN) -> int:
    signature = sign(url=url, form={name: [value] for name, value in form.items()}, token=token)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(url, data=urlencode(form).encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def described(kept: Kept) -> dict[str, Any]:
    """A message as the API describes it."""
    created = format_datetime(kept.created)
    return {
        "sid": kept.sid, "account_sid": ACCOUNT, "messaging_service_sid": SERVICE, "to": kept.to, "from": None,
        "body": kept.body, "status": kept.status, "direction": "outbound-api", "num_segments": "0", "num_media": "0",
        "date_created": created, "date_updated": created, "date_sent": None, "error_code": None,
        "error_message": None, "price": None, "price_unit": None, "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{kept.sid}.json", "subresource_uris": {},
    }  # fmt: skip


def problem(status: int, code: int) -> dict[str, Any]:
    return {
        "code": code,
        "message": "refused",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


class Handler(BaseHTTPRequestHandler):
    fake: Fake
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Silent: a test's output is its own."""

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        if not self._known():
            return self._answer(401, problem(401, 20003))
        with self.fake.lock:
            chance, waits = self.fake.chance.random(), self.fake.chance.uniform(0, self.fake.faults.slowest_seconds)
        time.sleep(waits)
        return self._create(form, chance)

    def _create(self, form: dict[str, str], chance: float) -> None:
        faults = self.fake.faults
        if form.get("To", "") in faults.refused:
            status, code = faults.refused[form["To"]]
            return self._answer(status, problem(status, code))
        for share, act in (
            (faults.too_many, lambda: self._answer(429, problem(429, 20429))),
            (faults.error_before, lambda: self._answer(500, problem(500, 20500))),
            (faults.error_after, lambda: (self.fake.take(form), self._answer(500, problem(500, 20500)))),
            (faults.dropped_reply, lambda: (self.fake.take(form), self._hang_up())),
        ):
            if chance < share:
                act()
                return None
            chance -= share
        return self._answer(201, described(self.fake.take(form)))

    def do_GET(self) -> None:
        if not self._known():
            return self._answer(401, problem(401, 20003))
        asked = urlsplit(self.path)
        query = parse_qs(asked.query)
        with self.fake.lock:
            kept = list(self.fake.messages)
        if asked.path.endswith("/Messages.json"):
            to = query.get("To", [""])[0]
            rows = [described(item) for item in reversed(kept) if item.to == to]
            return self._answer(200, {"messages": rows, "next_page_uri": None, "page": 0, "page_size": 200})
        found = [described(item) for item in kept if item.sid in asked.path]
        return self._answer(200, found[0]) if found else self._answer(404, problem(404, 20404))

    def _known(self) -> bool:
        _scheme, _space, given = self.headers.get("Authorization", "").partition(" ")
        try:
            return base64.b64decode(given).decode().endswith(f":{TOKEN}")
        except ValueError:
            return False

    def _hang_up(self) -> None:
        self.close_connection = True

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed in the middle is what this server is for."""


@contextmanager
def running(faults: Faults | None = None, *, seed: int = 1) -> Iterator[Fake]:
    """The provider on a free port of this machine until the block ends."""
    fake = Fake(faults=faults or Faults(), seed=seed)
    server = Server(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"fake": fake}))
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)

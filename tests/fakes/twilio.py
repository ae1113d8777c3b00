"""A provider that speaks Twilio's API and remembers: creates, lists, fetches, reports back, and misbehaves on demand.

Run in a thread of a test or beside the kill test. It counts how often each of our references was created, which is the
oracle of "never twice".
"""

import base64
import hashlib
import hmac
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import uuid4

from surveys.sms.signatures import sign
from tests.fakes.scripted import Scripted, ScriptedHandler, Server

ACCOUNT = "AC" + "0" * 32
SERVICE = "MG" + "0" * 32
TOKEN = "fake-auth-token"
# With which the service takes it for its provider, wherever it listens.
IN_USE: dict[str, Any] = {
    "SMS_GATEWAY": "twilio",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
}
OUR_NUMBER = "+15005550006"
INBOUND, OUTBOUND = "inbound", "outbound-api"
SENT_STATUSES = ("sent", "delivered", "undelivered", "read")
UNSETTLED_STATUSES = ("accepted", "queued", "sending")
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
LONGEST_BODY = 1600
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


@dataclass(slots=True)
class Faults:
    """Shares of creates, 0 to 1. `dropped_reply`: taken, but the connection ends without an answer."""

    dropped_reply: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    too_many: float = 0.0
    slowest_seconds: float = 0.0
    # Before it answers, whatever else it does.
    answers_after: float = 0.0
    refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Number → (HTTP status, Twilio code)."""
    per_second: int = 0
    """Texts it takes in a second, and at once after a pause; more are answered by 429. 0: as many as come."""


@dataclass(slots=True)
class Kept:
    sid: str
    to: str
    body: str
    status: str
    created: datetime
    callback: str = ""
    sender: str | None = None
    direction: str = "outbound-api"
    sent: datetime | None = None
    error_code: int | None = None
    request: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Fake:
    """The provider's memory. `faults` and the scripted answers may be changed while it runs."""

    address: str = ""
    faults: Faults = field(default_factory=Faults)
    seed: int = 1
    messages: list[Kept] = field(default_factory=list)
    next_creates: list[Scripted] = field(default_factory=list)
    next_reads: list[Scripted] = field(default_factory=list)
    next_updates: list[Scripted] = field(default_factory=list)
    # Requests that came in, whatever became of them; and those that came too fast.
    asked_to_create: int = 0
    too_fast: int = 0
    # The references of texts that came in and are not answered yet.
    at_hand: list[str] = field(default_factory=list)
    # What may still be taken at once, as of a moment of the monotonic clock.
    level: float = 0.0
    level_at: float = 0.0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: threading.Lock = field(default_factory=threading.Lock)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def creates(self) -> Counter[str]:
        """How often each of our references was taken."""
        with self.lock:
            return Counter(reference(kept.callback) for kept in self.messages if kept.direction == OUTBOUND)

    def keep(self, kept: Kept) -> Kept:
        with self.lock:
            self.messages.append(kept)
        return kept

    def taking(self) -> frozenset[str]:
        """Our references of the texts whose senders wait for its answer."""
        with self.lock:
            return frozenset(self.at_hand)

    @contextmanager
    def at_leisure(self, asked_for: str, seconds: float) -> Iterator[None]:
        """It takes its time before what the block does."""
        with self.lock:
            self.at_hand.append(asked_for)
        try:
            time.sleep(seconds)
            yield
        finally:
            with self.lock:
                self.at_hand.remove(asked_for)

    def has_room(self) -> bool:
        """Whether one more text is within its rate; it counts as taken then. The caller holds the lock."""
        rate, now = self.faults.per_second, time.monotonic()
        if not rate:
            return True
        self.level, self.level_at = min(self.level + (now - self.level_at) * rate, rate), now
        if self.level < 1:
            self.too_fast += 1
            return False
        self.level -= 1
        return True

    def take(self, form: dict[str, str]) -> Kept:
        return self.keep(
            Kept(
                sid=f"SM{uuid4().hex}",
                to=form["To"],
                body=form["Body"],
                callback=form.get("StatusCallback", ""),
                status="accepted",
                created=self.clock(),
                request=form,
            )
        )

    def settle(self, kept: Kept, status: str, *, error_code: str = "") -> None:
        """A new status of which nobody is told."""
        kept.status, kept.error_code = status, int(error_code) if error_code else None
        if status in SENT_STATUSES:
            kept.sent = kept.sent or self.clock()

    def report(self, kept: Kept, status: str, *, error_code: str = "", token: str = TOKEN) -> int:
        """Call back with one status; returns our answer's HTTP status."""
        self.settle(kept, status, error_code=error_code)
        return post_signed(kept.callback, status_form(kept.sid, status, to=kept.to, error_code=error_code), token=token)

    def receive(self, *, sender: str, body: str, created: datetime | None = None) -> Kept:
        """A text from somebody's telephone, of which our webhook hears nothing: the list alone tells of it."""
        at = created or self.clock()
        return self.keep(
            Kept(
                sid=f"SM{uuid4().hex}", to=OUR_NUMBER, body=body, status="received", created=at, sender=sender,
                direction=INBOUND, sent=at,
            )
        )  # fmt: skip

    def reply(self, url: str, *, sender: str, body: str, sid: str = "", token: str = TOKEN, **more: str) -> int:
        """Deliver one inbound text to our webhook."""
        return post_signed(url, inbound_form(sender=sender, body=body, sid=sid, **more), token=token)


def status_form(sid: str, status: str, *, to: str = "", error_code: str = "") -> dict[str, str]:
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "SmsSid": sid, "MessageStatus": status}
    return form | {"To": to, "MessagingServiceSid": SERVICE} | ({"ErrorCode": error_code} if error_code else {})


def inbound_form(*, sender: str, body: str, sid: str = "", **more: str) -> dict[str, str]:
    sid = sid or f"SM{uuid4().hex}"
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "SmsSid": sid, "MessagingServiceSid": SERVICE}
    return form | {"From": sender, "To": OUR_NUMBER, "Body": body, "NumMedia": "0"} | more


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


def json_signed(url: str, body: bytes, *, token: str = TOKEN, key: str = "") -> tuple[str, dict[str, str]]:
    """Where a JSON body is posted, and its headers: the body's hash stands in the address, which alone is signed.

    With SHA-1 and the token; with SHA-256 and the token as shared secret where `key` names one.
    """
    address = f"{url}{'&' if '?' in url else '?'}bodySHA256={hashlib.sha256(body).hexdigest()}"
    digest = hmac.new(token.encode(), address.encode(), hashlib.sha256 if key else hashlib.sha1).digest()
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode(), "Content-Type": "application/json"}
    return address, headers | ({SIGNATURE_SETTINGS: f"key={key},algorithm=HMAC_SHA256"} if key else {})


def described(kept: Kept) -> dict[str, Any]:
    """A message as the API describes it."""
    created = format_datetime(kept.created)
    return {
        "sid": kept.sid, "account_sid": ACCOUNT, "messaging_service_sid": SERVICE, "to": kept.to, "from": kept.sender,
        "body": kept.body, "status": kept.status, "direction": kept.direction, "num_segments": "0", "num_media": "0",
        "date_created": created, "date_updated": created,
        "date_sent": format_datetime(kept.sent) if kept.sent else None, "error_code": kept.error_code,
        "error_message": None, "price": None, "price_unit": None, "api_version": "2010-04-01",
        "uri": f"{PATH}/{kept.sid}.json", "subresource_uris": {"media": f"{PATH}/{kept.sid}/Media.json"},
    }  # fmt: skip


def page_of(kept: list[Kept], query: dict[str, list[str]]) -> dict[str, Any]:
    """One page of the list, the newest first."""
    size, number = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
    found = [item for item in reversed(kept) if _asked_for(item, query)]
    rows = found[number * size : (number + 1) * size]
    others = {name: value for name, value in query.items() if name not in ("Page", "PageSize")}

    def uri(page: int) -> str:
        return f"{PATH}.json?" + urlencode(others | {"PageSize": [size], "Page": [page]}, doseq=True)

    return {
        "messages": [described(item) for item in rows], "page": number, "page_size": size, "start": number * size,
        "end": number * size + max(0, len(rows) - 1), "uri": uri(number), "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if len(found) > (number + 1) * size else None,
    }  # fmt: skip


def _asked_for(item: Kept, query: dict[str, list[str]]) -> bool:
    """The filters are of the sending date: what has none yet is in no list that asks for one."""
    to, sender, after = (query.get(name, [""])[0] for name in ("To", "From", "DateSent>"))
    if (to and item.to != to) or (sender and item.sender != sender):
        return False
    return not after or (item.sent is not None and item.sent >= datetime.fromisoformat(after))


def refusal_of(form: dict[str, str]) -> int:
    """The code of what the API finds wrong with a request, 0 for nothing."""
    if not form.get("MessagingServiceSid") and not form.get("From"):
        return 21603
    if not form.get("To"):
        return 21604
    if not form.get("Body"):
        return 21602
    if not form["To"].startswith("+") or not form["To"][1:].isdigit():
        return 21211
    return 21617 if len(form["Body"]) > LONGEST_BODY else 0


def problem(status: int, code: int) -> dict[str, Any]:
    return {
        "code": code,
        "message": "refused",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


class Handler(ScriptedHandler):
    fake: Fake

    def do_POST(self) -> None:  # noqa: N802 - the name is of http.server
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        if not self._known():
            return self.answer(401, problem(401, 20003))
        if urlsplit(self.path).path != f"{PATH}.json":
            return self._update(blanks="Body" not in form)
        with self.fake.lock:
            self.fake.asked_to_create += 1
            scripted = self.fake.next_creates.pop(0) if self.fake.next_creates else None
            chance, waits = self.fake.chance.random(), self.fake.chance.uniform(0, self.fake.faults.slowest_seconds)
            has_room = scripted is not None or self.fake.has_room()
        if scripted is not None:
            return self.play(scripted, lambda: self.fake.take(form))
        if not has_room:
            return self.answer(429, problem(429, 20429))
        with self.fake.at_leisure(reference(form.get("StatusCallback", "")), waits + self.fake.faults.answers_after):
            return self._create(form, chance)

    def _update(self, *, blanks: bool) -> None:
        """All that may be done to a message is to take its words away: an empty Body, which the parser leaves out."""
        if self.fake.next_updates:
            return self.play(self.fake.next_updates.pop(0), lambda: None)
        path = urlsplit(self.path).path
        kept = next((item for item in self.fake.messages if path == f"{PATH}/{item.sid}.json"), None)
        if kept is None:
            return self.answer(404, problem(404, 20404))
        if not blanks or kept.status in UNSETTLED_STATUSES:
            return self.answer(400, problem(400, 20001))
        kept.body = ""
        return self.answer(200, described(kept))

    def _create(self, form: dict[str, str], chance: float) -> None:
        faults = self.fake.faults
        if form.get("To", "") in faults.refused:
            status, code = faults.refused[form["To"]]
            return self.answer(status, problem(status, code))
        if wrong := refusal_of(form):
            return self.answer(400, problem(400, wrong))
        for share, act in (
            (faults.too_many, lambda: self.answer(429, problem(429, 20429))),
            (faults.error_before, lambda: self.answer(500, problem(500, 20500))),
            (faults.error_after, lambda: self._taken_then(form, lambda: self.answer(500, problem(500, 20500)))),
            (faults.dropped_reply, lambda: self._taken_then(form, self.hang_up)),
        ):
            if chance < share:
                act()
                return None
            chance -= share
        return self.answer(201, described(self.fake.take(form)))

    def _taken_then(self, form: dict[str, str], act: Callable[[], None]) -> None:
        self.fake.take(form)
        act()

    def do_GET(self) -> None:  # noqa: N802 - the name is of http.server
        if not self._known():
            return self.answer(401, problem(401, 20003))
        with self.fake.lock:
            scripted = self.fake.next_reads.pop(0) if self.fake.next_reads else None
            kept = list(self.fake.messages)
        if scripted is not None:
            return self.play(scripted, lambda: self.fake.take({}))
        asked = urlsplit(self.path)
        if asked.path == f"{PATH}.json":
            return self.answer(200, page_of(kept, parse_qs(asked.query)))
        found = [described(item) for item in kept if asked.path == f"{PATH}/{item.sid}.json"]
        return self.answer(200, found[0]) if found else self.answer(404, problem(404, 20404))

    def _known(self) -> bool:
        _scheme, _space, given = self.headers.get("Authorization", "").partition(" ")
        try:
            return base64.b64decode(given).decode().endswith(f":{TOKEN}")
        except ValueError:
            return False


@contextmanager
def running(faults: Faults | None = None, *, seed: int = 1) -> Iterator[Fake]:
    """The provider on a free port of this machine until the block ends."""
    fake = Fake(faults=faults or Faults(), seed=seed)
    server = Server(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"fake": fake}))
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)

"""What every fake provider can be told to do out of the ordinary: answer anything, wait, drip, hang up."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from django.test import override_settings


@dataclass(frozen=True, slots=True)
class Scripted:
    """One answer out of the ordinary, instead of the provider's own."""

    status: int = 200
    body: str | bytes | dict[str, Any] = ""
    headers: dict[str, str] = field(default_factory=dict)
    # Empty: as the provider's own answers.
    content_type: str = ""
    # The text is kept all the same.
    takes: bool = False
    # The connection ends without a word.
    hangs_up: bool = False
    # Seconds before the answer, and between two bytes of its body.
    waits: float = 0.0
    drips: float = 0.0

    @property
    def patience(self) -> float | None:
        """The seconds after which to give this answer up; None where nobody has to. On a busy machine any answer may
        take a while, so a test whose provider is quick waits as long for it as the service does.
        """
        return 0.5 if self.waits or self.drips or "Content-Length" in self.headers else None


@contextmanager
def given_up_on(scripted: Scripted) -> Iterator[None]:
    """Within the block nobody waits longer for an answer than this one deserves."""
    with override_settings(**({} if scripted.patience is None else {"SMS_TIMEOUT_SECONDS": scripted.patience})):
        yield


class ScriptedHandler(BaseHTTPRequestHandler):
    """The ways of answering; what is asked for is the provider's own matter."""

    protocol_version = "HTTP/1.1"
    content_type: ClassVar[str] = "application/json"

    def log_message(self, *_args: Any) -> None:
        """Silent: a test's output is its own."""

    def play(self, scripted: Scripted, take: Callable[[], Any]) -> None:
        """`take` keeps the text that was sent."""
        if scripted.takes:
            take()
        time.sleep(scripted.waits)
        if scripted.hangs_up:
            return self.hang_up()
        text = json.dumps(scripted.body) if isinstance(scripted.body, dict) else scripted.body
        body = text.encode() if isinstance(text, str) else text
        headers = {"Content-Type": scripted.content_type} if scripted.content_type else {}
        return self.write(scripted.status, body, headers=headers | scripted.headers, drips=scripted.drips)

    def hang_up(self) -> None:
        self.close_connection = True

    def answer(self, status: int, content: dict[str, Any]) -> None:
        self.write(status, json.dumps(content, ensure_ascii=False).encode())

    def write(self, status: int, body: bytes, *, headers: dict[str, str] | None = None, drips: float = 0.0) -> None:
        usual = {"Content-Type": self.content_type, "Content-Length": str(len(body))}
        self.send_response(status)
        for name, value in (usual | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        for piece in (body[i : i + 1] for i in range(len(body))) if drips else (body,):
            self.wfile.write(piece)
            time.sleep(drips)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # A group of texts knocks all at once: whom a queue of five turns away would wait a second, longer than they may.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up or was killed in the middle is what this server is for."""

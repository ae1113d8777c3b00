"""One request to a provider over HTTP, within a bounded time and size.

What ends without an answer says whether the request had left: only where it surely had not may a text be sent again.
Nothing here is logged: addresses and forms hold telephone numbers.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from surveys.sms.base import SmsError, Verdict

if TYPE_CHECKING:
    from requests import Response, Session

# A list of a thousand texts is about a megabyte.
LARGEST_ANSWER = 16 * 1024 * 1024
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `retry_after`: the seconds the provider asks us to wait, 0 where it names none."""

    status: int
    text: str
    retry_after: int = 0


def ask(session: "Session", method: str, url: str, *, seconds: float, **request: Any) -> Answer:
    """The provider's answer, whatever its status; redirects are not followed. `seconds` bounds each wait and, twice,
    the whole: a body that drips in byte by byte would otherwise hold a worker for ever.

    :raises SmsError: no whole answer came; OK_TO_RETRY or HALT only where the request never left.
    """
    import requests  # noqa: PLC0415 - slow import
    import urllib3  # noqa: PLC0415 - slow import

    ends = time.monotonic() + 2 * seconds
    try:
        with session.request(method, url, timeout=seconds, stream=True, allow_redirects=False, **request) as response:
            body = b"".join(_pieces(response, ends=ends))
    except requests.exceptions.RequestException as broken:
        raise _not_answered(broken) from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise SmsError(Verdict.UNKNOWN, "no_answer") from None
    return Answer(
        status=response.status_code,
        text=body.decode("utf-8", "replace"),
        retry_after=seconds_to_wait(response.headers, now=datetime.now(UTC)),
    )


def seconds_to_wait(headers: Mapping[str, str], *, now: datetime) -> int:
    """`Retry-After` in either of its forms, seconds or a date; 0 where it is missing or cannot be read."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return int(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0
    return max(0, int((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()))


def _pieces(response: "Response", *, ends: float) -> Iterator[bytes]:
    size = 0
    # `read1` returns what has come; `read` would wait for the whole.
    while piece := response.raw.read1(PIECE, decode_content=True):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise SmsError(Verdict.UNKNOWN, "too_long")
        if time.monotonic() > ends:
            raise SmsError(Verdict.UNKNOWN, "too_slow")
        yield piece


def _not_answered(broken: Exception) -> SmsError:
    """Whether the request had left when it broke. In doubt it had."""
    import requests  # noqa: PLC0415 - slow import
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415 - slow import

    reason = getattr(broken.args[0] if broken.args else None, "reason", None)
    if isinstance(broken, requests.exceptions.ConnectTimeout):
        return SmsError(Verdict.OK_TO_RETRY, "connect_timeout")
    # No route, no such name, nobody listening, or a proxy of ours that does not answer.
    if isinstance(reason, NewConnectionError) or isinstance(broken, requests.exceptions.ProxyError):
        return SmsError(Verdict.OK_TO_RETRY, "connection")
    if isinstance(broken, requests.exceptions.SSLError) and _unverified(reason):
        return SmsError(Verdict.HALT, "certificate")
    return SmsError(Verdict.UNKNOWN, "no_answer")


def _unverified(reason: Any) -> bool:
    """The other side could not show who it is, so it was told nothing."""
    return isinstance(reason.args[0] if getattr(reason, "args", ()) else None, ssl.SSLCertVerificationError)

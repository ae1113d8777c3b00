"""What Aliyun pushes to us, read from JSON: delivery reports (SmsReport) and texts from telephones (SmsUp).

Formats: help.aliyun.com/document_detail/101867.html and 101847.html. A push is a list; an item that cannot be read
becomes None, since pushing it again would not help. No field is trusted to be of its type.
"""

import json
from dataclasses import dataclass
from typing import Any

from qa_service.common.encryption import blind_index

MOST_ITEMS = 5000
LONGEST_ID = 48
LONGEST_PHONE = 40
LONGEST_CODE = 60
MAINLAND_DIGITS = 11
MARK_LENGTH = 12
SUCCESS = {"true": "delivered", "false": "undelivered"}


class UnreadablePush(ValueError):  # noqa: N818 - named for the fact
    """The body is no list of at most 5,000 items. Never carries the body."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one text. `sid` is the provider's number, `reference` ours given back, either perhaps empty."""

    sid: str
    reference: str
    status: str
    error_code: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One text from a telephone. `sid` is the same for the same text however often it is pushed."""

    sid: str
    sender: str
    body: str

    def __repr__(self) -> str:
        return f"Reply({self.sid})"


def reports(body: bytes) -> list[Report | None]:
    """:raises UnreadablePush:"""
    return [_report(item) for item in _items(body)]


def replies(body: bytes) -> list[Reply | None]:
    """:raises UnreadablePush:"""
    return [_reply(item) for item in _items(body)]


def _items(body: bytes) -> list[Any]:
    try:
        pushed = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadablePush from None
    if not isinstance(pushed, list) or len(pushed) > MOST_ITEMS:
        raise UnreadablePush
    return pushed


def _report(item: Any) -> Report | None:
    if not isinstance(item, dict):
        return None
    report = Report(
        sid=_text(item, "biz_id", LONGEST_ID),
        reference=_text(item, "out_id", LONGEST_ID),
        status=SUCCESS.get(_text(item, "success", 5).lower(), ""),
        error_code=_text(item, "err_code", LONGEST_CODE),
    )
    return report if report.sid and report.status else None


def _reply(item: Any) -> Reply | None:
    if not isinstance(item, dict):
        return None
    phone = _text(item, "phone_number", LONGEST_PHONE)
    if not phone or not isinstance(item.get("content"), str):
        return None
    content = item["content"].encode("utf-8", "replace").decode()
    # Whether a number of theirs is ever used again is not said: with the text's own mark no reply is taken for another.
    mark = blind_index("\n".join([phone, _text(item, "send_time", LONGEST_ID), content]))[:MARK_LENGTH]
    return Reply(sid=f"up.{_text(item, 'sequence_id', LONGEST_ID)}.{mark}", sender=_international(phone), body=content)


def _text(item: dict[Any, Any], name: str, longest: int) -> str:
    """A field as text: numbers and truths are sent as themselves in some versions and as strings in others."""
    value = item.get(name)
    if not isinstance(value, str | int):
        return ""
    return str(value).encode("utf-8", "replace").decode().replace("\x00", "").strip()[:longest]


def _international(phone: str) -> str:
    """Eleven digits are a mainland mobile; anything else is left for `phones.parse` to refuse or read."""
    return f"+86{phone}" if len(phone) == MAINLAND_DIGITS and phone.isdigit() else phone

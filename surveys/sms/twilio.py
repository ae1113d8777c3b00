"""The only module that speaks Twilio: a Messaging Service, a restricted key, our signed reference in the callback."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qa_service.common import phones
from surveys.sms.base import MAINLAND_CHINA, Capabilities, Entry, Found, Receipt, Sms, SmsError, Verdict
from surveys.sms.transport import Answer, ask
from surveys.sms.twilio_codes import VERDICTS, verdict

logger = logging.getLogger(__name__)

API = "https://api.twilio.com"
LONGEST_VALIDITY = 36_000
# The newest texts to one number, more than anybody is sent in the days an outcome is unclear.
MOST_OF_A_NUMBER = 200
# The book is read by the page, the newest first, until it is older than asked for.
PAGE = 1000
LONGEST_BOOK = 100_000
DISORDER = timedelta(hours=1)
SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
CODE = re.compile(r"[0-9]{1,6}")
# No such message: deleted by hand in the console, or older than the provider keeps any.
GONE = ("20404", "404")
NEEDED = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID")

ABROAD = Capabilities(two_way=True, links=True, free_text=True, templates=True, receipts=True, domestic=False)
# Twilio's own guideline for China: no two-way texts, no links.
MAINLAND = Capabilities(two_way=False, links=False, free_text=False, templates=True, receipts=True, domestic=False)


@dataclass(frozen=True, slots=True)
class Twilio:
    name: str = "twilio"

    def capabilities_for(self, to: str) -> Capabilities:
        return MAINLAND if phones.country_code(to) == MAINLAND_CHINA else ABROAD

    def refuses(self, to: str) -> str:
        """Mainland numbers leave the country only under a recorded assessment (PIPL art. 36 and 38)."""
        abroad = phones.country_code(to) != MAINLAND_CHINA
        return "" if abroad or settings.EXPORT_ASSESSMENT_REFERENCE else "export_not_assessed"

    def send(self, sms: Sms) -> Receipt:
        message = _asked(
            lambda client: client.messages.create(
                to=sms.to,
                body=sms.body,
                messaging_service_sid=settings.TWILIO_MESSAGING_SERVICE_SID,
                status_callback=status_callback(sms.reference),
                validity_period=max(1, min(sms.valid_for, LONGEST_VALIDITY)),
            )
        )
        # An empty answer is read as a text without a number: taken or not, nobody can say.
        if not SID.fullmatch(str(message.sid)):
            raise SmsError(Verdict.UNKNOWN, "unreadable")
        return Receipt(sid=message.sid, status=str(message.status))

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:
        # Never filtered by the provider's sending date: a text that it took and still holds has none, and would look
        # as if it had never arrived there.
        listed = _asked(lambda client: client.messages.list(to=to, limit=MOST_OF_A_NUMBER))
        return [
            Found(
                sid=str(message.sid),
                status=str(message.status),
                body=str(message.body or ""),
                error_code=str(message.error_code or ""),
            )
            for message in listed
            if not str(message.direction).startswith("inbound") and _not_before(message.date_created, since)
        ]

    def book(self, *, since: datetime) -> Iterable[Entry]:
        book: list[Entry] = _asked(
            lambda client: list(_entries(client.messages.stream(page_size=PAGE, limit=LONGEST_BOOK), since))
        )
        return book

    def blank(self, *, sid: str) -> None:
        try:
            _asked(lambda client: client.messages(sid).update(body=""))
        except SmsError as refused:
            if refused.code not in GONE:
                raise


def _entries(newest_first: Iterable[Any], since: datetime) -> Iterator[Entry]:
    """Of our service alone: an account may serve others. The order is nearly, not quite, that of creation."""
    for message in newest_first:
        if not _not_before(message.date_created, since - DISORDER):
            return
        ours = message.messaging_service_sid in (settings.TWILIO_MESSAGING_SERVICE_SID, None)
        if ours and isinstance(message.date_created, datetime) and SID.fullmatch(str(message.sid)):
            inbound = message.direction == "inbound"
            yield Entry(
                sid=message.sid,
                inbound=inbound,
                status=str(message.status),
                at=message.date_created,
                sender=str(message.from_ or "") if inbound else "",
                body=str(message.body or "") if inbound else "",
                error_code=str(message.error_code or ""),
            )


def _not_before(created: Any, since: datetime) -> bool:
    """A date that cannot be read excludes nothing: the words are compared as well."""
    return not isinstance(created, datetime) or created >= since


def gateway() -> Twilio:
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if missing:
        raise ImproperlyConfigured(f"SMS_GATEWAY=twilio needs {', '.join(missing)}.")
    return Twilio()


def status_callback(reference: str) -> str:
    """Where statuses are reported: with our signed reference, so that a callback can adopt a text we lost sight of."""
    return f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/status?ref={reference}.{reference_mac(reference)}"


def reference_mac(reference: str) -> str:
    return hmac.new(settings.INDEX_KEY.encode(), b"reference:" + reference.encode(), hashlib.sha256).hexdigest()[:16]


def reference_from(signed: str) -> str:
    """The reference of a callback's `ref`, or empty when the mark is not ours."""
    reference, _dot, mac = signed.partition(".")
    genuine = hmac.compare_digest(mac.encode("utf-8", "replace"), reference_mac(reference).encode())
    return reference if genuine else ""


def _asked(call: Any) -> Any:
    """What the library makes of an answer; one that it cannot read says nothing about the text."""
    from twilio.base.exceptions import TwilioException  # noqa: PLC0415 - slow import

    try:
        return call(_client())
    except (TwilioException, AttributeError, KeyError, TypeError, ValueError):
        raise SmsError(Verdict.UNKNOWN, "unreadable") from None


def _refuse(answer: Answer) -> None:
    """Judged here, from the answer itself: the library loses the code of a list and the wait that is asked for.

    :raises SmsError: anything but a 2xx.
    """
    if 200 <= answer.status < 300:  # noqa: PLR2004
        return
    code = _code_in(answer.text)
    judged = verdict(code=code, http_status=answer.status)
    if code and code not in VERDICTS:
        logger.warning("twilio refused with a code that is not in our table: %s", code)
    raise SmsError(judged, code or str(answer.status), retry_after=answer.retry_after)


def _code_in(text: str) -> str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    code = str(said.get("code") or "") if isinstance(said, dict) else ""
    return code if CODE.fullmatch(code) else ""


@lru_cache(maxsize=1)
def _client() -> Any:
    import requests  # noqa: PLC0415 - slow import
    from twilio.http import HttpClient  # noqa: PLC0415 - slow import
    from twilio.http.response import Response  # noqa: PLC0415 - slow import
    from twilio.rest import Client  # noqa: PLC0415 - slow import

    class Http(HttpClient):  # type: ignore[misc]  # untyped base
        """Ours instead of the library's, which logs addresses with telephone numbers in them and waits without end."""

        session = requests.Session()

        def request(
            self, method: str, uri: str, params: Any = None, data: Any = None, headers: Any = None, auth: Any = None,
            *_given: Any, **_more: Any,
        ) -> Any:  # fmt: skip
            address = uri.replace(API, settings.TWILIO_API_BASE_URL or API, 1)
            answer = ask(
                self.session, method, address, params=params, data=data, headers=headers, auth=auth,
                seconds=settings.SMS_TIMEOUT_SECONDS,
            )  # fmt: skip
            _refuse(answer)
            return Response(answer.status, answer.text)

    return Client(
        settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_SECRET or settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_ACCOUNT_SID,
        http_client=Http(logger, is_async=False),
    )

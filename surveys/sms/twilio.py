"""The only module that speaks Twilio: a Messaging Service, a restricted key, our signed reference in the callback."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qa_service.common import phones
from surveys.sms.base import MAINLAND_CHINA, Capabilities, Found, Receipt, Sms, SmsError, Verdict
from surveys.sms.twilio_codes import verdict

TIMEOUT_SECONDS = 10
API = "https://api.twilio.com"
LONGEST_VALIDITY = 36_000
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
        return Receipt(sid=str(message.sid), status=str(message.status))

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:
        listed = _asked(lambda client: client.messages.list(to=to, date_sent_after=since, limit=200))
        return [
            Found(
                sid=str(message.sid),
                status=str(message.status),
                body=str(message.body or ""),
                error_code=str(message.error_code or ""),
            )
            for message in listed
            if not str(message.direction).startswith("inbound")
        ]


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
    """One request, its failures told apart by whether the text may have been taken."""
    import requests  # noqa: PLC0415 - slow import
    from twilio.base.exceptions import TwilioException, TwilioRestException  # noqa: PLC0415 - slow import

    try:
        return call(_client())
    except TwilioRestException as refused:
        code = str(refused.code or "")
        raise SmsError(verdict(code=code, http_status=refused.status), code or str(refused.status)) from None
    except requests.exceptions.ConnectTimeout:
        raise SmsError(Verdict.OK_TO_RETRY, "connect_timeout") from None
    except requests.exceptions.ConnectionError as broken:
        never_left = type(getattr(broken.args[0] if broken.args else None, "reason", None)).__name__
        known = never_left == "NewConnectionError"
        raise SmsError(Verdict.OK_TO_RETRY if known else Verdict.UNKNOWN, "connection") from None
    except (requests.exceptions.RequestException, TwilioException, ValueError, KeyError, TypeError):
        # Whatever else went wrong, the text may be on its way: an answer that cannot be read is no refusal.
        raise SmsError(Verdict.UNKNOWN, "no_answer") from None


@lru_cache(maxsize=1)
def _client() -> Any:
    from twilio.http.http_client import TwilioHttpClient  # noqa: PLC0415 - slow import
    from twilio.rest import Client  # noqa: PLC0415 - slow import

    class Http(TwilioHttpClient):  # type: ignore[misc]  # untyped base
        """No retries of its own; another address where one is set (a provider that speaks the same API)."""

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT_SECONDS
            return super().request(method, url.replace(API, settings.TWILIO_API_BASE_URL or API, 1), *args, **kwargs)

    return Client(
        settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_SECRET or settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_ACCOUNT_SID,
        http_client=Http(timeout=TIMEOUT_SECONDS, max_retries=0),
    )

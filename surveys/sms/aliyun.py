"""The only module that speaks Aliyun: template texts to mainland mobiles, and the provider's own record of them.

Its SDK composes, signs and reads; the request itself is ours (`transport.ask`), because the SDK's follows redirects,
waits without end for a body that drips in, and puts addresses with telephone numbers into its errors. There is no
second try in it: the provider says that sending is not idempotent.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from qa_service.common import phones
from surveys.sms.aliyun_codes import ACCEPTED, DELIVERED, VERDICTS, seconds_to_wait, verdict
from surveys.sms.base import MAINLAND_CHINA, Capabilities, Entry, Found, Receipt, Sms, SmsError, Verdict
from surveys.sms.transport import Answer, ask

logger = logging.getLogger(__name__)

ENDPOINT = "dysmsapi.aliyuncs.com"
ALGORITHM = "ACS3-HMAC-SHA256"
NEEDED = (
    "ALIYUN_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_SECRET", "ALIYUN_SMS_SIGN_NAME", "ALIYUN_SMS_TEMPLATES",
    "ALIYUN_CALLBACK_TOKEN",
)  # fmt: skip
SHORTEST_TOKEN = 32
SDK = "alibabacloud_dysmsapi20170525"
HOW_TO_INSTALL = "pip install --require-hashes -r requirements/production.lock"

MAINLAND = Capabilities(
    two_way=False, links=False, free_text=False, templates=True, receipts=True, domestic=True, validity=False
)
NOWHERE_ELSE = Capabilities(
    two_way=False, links=False, free_text=False, templates=False, receipts=False, domestic=False
)
MOBILE = re.compile(r"\+861\d{10}")
BIZ_ID = re.compile(r"[0-9A-Za-z^_.-]{1,64}")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,59}")

# The provider's days, and how many of them it remembers.
ITS_ZONE = ZoneInfo("Asia/Shanghai")
DAYS_KEPT = 30
ROWS = 50
MOST_PAGES = 4
# What its record says of a text: waiting for the carrier, failed, arrived.
STATUSES = {1: "sent", 2: "undelivered", 3: "delivered"}


@dataclass(frozen=True, slots=True)
class Aliyun:
    name: str = "aliyun"

    def capabilities_for(self, to: str) -> Capabilities:
        return MAINLAND if phones.country_code(to) == MAINLAND_CHINA else NOWHERE_ELSE

    def refuses(self, to: str) -> str:
        return "" if MOBILE.fullmatch(to) else "not_a_mainland_mobile"

    def send(self, sms: Sms) -> Receipt:
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest  # noqa: PLC0415 - slow import

        template = settings.ALIYUN_SMS_TEMPLATES.get(sms.template, "")
        if not template:
            raise SmsError(Verdict.PERMANENT, "no_template")
        request = SendSmsRequest(
            phone_numbers=sms.to.removeprefix("+"),
            sign_name=settings.ALIYUN_SMS_SIGN_NAME,
            template_code=template,
            template_param=json.dumps(dict(sms.variables), ensure_ascii=False),
            out_id=sms.reference,
        )
        said = _asked(lambda client, options: client.send_sms_with_options(request, options))
        # Without its number nobody can say whether the text was taken.
        if not isinstance(said.biz_id, str) or not BIZ_ID.fullmatch(said.biz_id):
            raise SmsError(Verdict.UNKNOWN, "unreadable")
        return Receipt(sid=said.biz_id)

    def find(self, *, to: str, since: datetime) -> Iterable[Found]:
        """The texts to a number since the provider's day of `since`. It names our references, never its own numbers."""
        return [_found(row) for day in _days(since) for row in _sent_on(day, to=to)]

    def book(self, *, since: datetime) -> Iterable[Entry]:  # noqa: ARG002
        """It keeps none that could be read: texts are looked up number by number, and replies not at all."""
        return ()


def _days(since: datetime) -> Iterator[str]:
    today = timezone.now().astimezone(ITS_ZONE).date()
    first = max(since.astimezone(ITS_ZONE).date(), today - timedelta(days=DAYS_KEPT - 1))
    return ((first + timedelta(days=day)).strftime("%Y%m%d") for day in range((today - first).days + 1))


def _sent_on(day: str, *, to: str) -> Iterator[Any]:
    """:raises SmsError: also where a day holds more than anybody is sent: part of a list settles nothing."""
    from alibabacloud_dysmsapi20170525.models import QuerySendDetailsRequest  # noqa: PLC0415 - slow import

    number = to.removeprefix(f"+{MAINLAND_CHINA}")
    for page in range(1, MOST_PAGES + 1):
        request = QuerySendDetailsRequest(phone_number=number, send_date=day, page_size=ROWS, current_page=page)
        said = _asked(lambda client, options, request=request: client.query_send_details_with_options(request, options))
        rows = _listed(said)
        yield from rows
        if len(rows) < ROWS:
            return
    raise SmsError(Verdict.UNKNOWN, "too_many_rows")


def _listed(said: Any) -> list[Any]:
    if said.sms_send_detail_dtos is None:
        return []
    return list(said.sms_send_detail_dtos.sms_send_detail_dto or [])


def _found(row: Any) -> Found:
    status = STATUSES.get(row.send_status, "")
    if not status:
        raise SmsError(Verdict.UNKNOWN, "unreadable")
    code = str(row.err_code or "")
    return Found(
        sid="",
        status=status,
        body=str(row.content or ""),
        error_code="" if code == DELIVERED else code,
        reference=str(row.out_id or ""),
    )


def gateway() -> Aliyun:
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if missing:
        raise ImproperlyConfigured(f"SMS_GATEWAY=aliyun needs {', '.join(missing)}.")
    if len(settings.ALIYUN_CALLBACK_TOKEN) < SHORTEST_TOKEN:
        raise ImproperlyConfigured(f"ALIYUN_CALLBACK_TOKEN must have at least {SHORTEST_TOKEN} characters.")
    if not sdk_is_installed():
        raise ImproperlyConfigured(f"SMS_GATEWAY=aliyun needs its SDK: {HOW_TO_INSTALL}")
    return Aliyun()


@cache
def sdk_is_installed() -> bool:
    return find_spec(SDK) is not None


def _asked(call: Any) -> Any:
    """The body of an "OK".

    :raises SmsError: everything else; what the SDK cannot read says nothing about the text.
    """
    client, options = _client()
    try:
        said = call(client, options).body
    except (AttributeError, KeyError, TypeError, ValueError):
        said = None
    if said is None:
        raise SmsError(Verdict.UNKNOWN, "unreadable")
    return said


def _words(answer: Answer) -> dict[str, Any]:
    """What an "OK" says.

    :raises SmsError: any other answer, judged here by status and code.
    """
    try:
        said = json.loads(answer.text)
    except (ValueError, RecursionError):
        said = None
    words = said if isinstance(said, dict) else {}
    code = str(words.get("Code") or "")
    if 200 <= answer.status < 300 and code == ACCEPTED:  # noqa: PLR2004
        return words
    code = code if CODE.fullmatch(code) else ""
    if code and code not in VERDICTS:
        logger.warning("aliyun refused with a code that is not in our table: %s", code)
    wait = answer.retry_after or seconds_to_wait(code=code, message=str(words.get("Message") or ""))
    raise SmsError(verdict(code=code, http_status=answer.status), code or str(answer.status), retry_after=wait)


@lru_cache(maxsize=1)
def _client() -> tuple[Any, Any]:
    """The SDK's client and the options of a call; slow to import, so not before the first text."""
    import requests  # noqa: PLC0415
    from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415
    from alibabacloud_tea_openapi.utils import Utils  # noqa: PLC0415
    from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415
    from darabonba.request import DaraRequest  # noqa: PLC0415
    from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

    session = requests.Session()
    # Else a line in a .netrc would replace the signature.
    session.auth = lambda request: request
    key, secret = settings.ALIYUN_ACCESS_KEY_ID, settings.ALIYUN_ACCESS_KEY_SECRET

    class Direct(Client):  # type: ignore[misc]  # untyped base
        def call_api(self, params: Any, request: Any, _runtime: Any) -> dict[str, Any]:
            address = settings.ALIYUN_API_BASE_URL or f"https://{ENDPOINT}"
            signed = DaraRequest()
            signed.method, signed.pathname, signed.query = params.method, params.pathname, request.query
            payload = Utils.hash(b"", ALGORITHM).hex()
            signed.headers = {
                "host": address.partition("://")[2],
                "accept": "application/json",
                "x-acs-action": params.action,
                "x-acs-version": params.version,
                "x-acs-date": Utils.get_timestamp(),
                "x-acs-signature-nonce": Utils.get_nonce(),
                "x-acs-content-sha256": payload,
            }
            signed.headers["Authorization"] = Utils.get_authorization(signed, ALGORITHM, payload, key, secret)
            answer = ask(
                session, params.method, address + params.pathname, params=request.query, headers=signed.headers,
                seconds=settings.SMS_TIMEOUT_SECONDS,
            )  # fmt: skip
            return {"body": _words(answer), "headers": {}, "statusCode": answer.status}

    config = Config(access_key_id=key, access_key_secret=secret, endpoint=ENDPOINT, region_id="cn-hangzhou")
    return Direct(config), RuntimeOptions()

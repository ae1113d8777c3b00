"""A provider that speaks Aliyun's SMS API and remembers: sends, looks up, pushes, and misbehaves on demand.

It checks the signature (V3, ACS3-HMAC-SHA256) by a reading of its own, fills the registered templates, and counts how
often each of our references was taken, which is the oracle of "never twice".
"""

import hashlib
import hmac
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.fakes.scripted import Scripted, ScriptedHandler, Server

KEY_ID = "fake-key-id"
KEY_SECRET = "fake-key-secret"
SIGN_NAME = "服务回访"
ITS_ZONE = ZoneInfo("Asia/Shanghai")
TEMPLATES = {
    "SMS_100000001": "您好，您此前办理的事项已办结。如愿评价，请在工作时间拨打${phone}，报编号${code}。",
    "SMS_100000002": "您好，如愿评价已办结的事项，请在工作时间拨打${phone}，报编号${code}。",
}
ALGORITHM = "ACS3-HMAC-SHA256"
SIGNED = ("host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version")
AUTHORIZATION = re.compile(rf"{ALGORITHM} Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{{64}})")
VERSION = "2017-05-25"
MOBILE = re.compile(r"(?:\+86|0086|86|\+)?(1\d{10})")
# What a variable of the kind "telephone number" may hold.
PHONE_VALUE = re.compile(r"1\d{10}|(?=[\d-]{5,15}$)\d[\d-]*\d")
LONGEST_VALUE = 35
LONGEST_OUT_ID = 255
WAITING, FAILED, ARRIVED = 1, 2, 3


@dataclass(slots=True)
class Kept:
    """One text. `biz_id` is the provider's number, `out_id` ours."""

    biz_id: str
    out_id: str
    phone: str
    template: str
    content: str
    sent: datetime
    status: int = WAITING
    error_code: str = ""
    received: datetime | None = None


@dataclass(slots=True)
class Fake:
    """The provider's memory. What is refused and the scripted answers may be changed while it runs."""

    address: str = ""
    texts: list[Kept] = field(default_factory=list)
    next_sends: list[Scripted] = field(default_factory=list)
    next_looks: list[Scripted] = field(default_factory=list)
    # Number of eleven digits → code with which it is refused.
    refused: dict[str, str] = field(default_factory=dict)
    balance: int = 1_000_000
    # Texts to one number in one of its days.
    most_a_day: int = 50
    # Requests to send that came in, whatever became of them, and what the last of each action asked.
    asked_to_send: int = 0
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: Iterator[int] = field(default_factory=lambda: count(496_112_870_375_361_879))

    def sends(self) -> Counter[str]:
        """How often each of our references was taken."""
        with self.lock:
            return Counter(kept.out_id for kept in self.texts)

    def take(self, given: dict[str, str]) -> Kept:
        values = json.loads(given["TemplateParam"])
        content = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], TEMPLATES[given["TemplateCode"]])
        with self.lock:
            kept = Kept(
                biz_id=f"{next(self.numbers)}^0", out_id=given.get("OutId", ""), phone=mobile(given["PhoneNumbers"]),
                template=given["TemplateCode"], content=f"【{given['SignName']}】{content}", sent=self.clock(),
            )  # fmt: skip
            self.texts.append(kept)
            self.balance -= 1
        return kept

    def refusal_of(self, given: dict[str, str]) -> tuple[str, str]:
        """The code and the words of the first thing wrong with a request to send, both empty for nothing."""
        return next(((code, words) for wrong, code, words in self._checks(given) if wrong), ("", ""))

    def _checks(self, given: dict[str, str]) -> Iterator[tuple[bool, str, str]]:
        number = mobile(given.get("PhoneNumbers", ""))
        yield given.get("SignName") != SIGN_NAME, "isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名"
        yield given.get("TemplateCode") not in TEMPLATES, "isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板"
        yield not number, "isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误"
        yield len(given.get("OutId", "")) > LONGEST_OUT_ID, "isv.INVALID_PARAMETERS", "参数格式不正确"
        values = values_of(given)
        yield values is None, "isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值"
        wanted = set(re.findall(r"\$\{(\w+)\}", TEMPLATES[given["TemplateCode"]]))
        yield not wanted <= set(values or {}), "isv.TEMPLATE_MISSING_PARAMETERS", "模板变量中存在未赋值变量"
        for name, value in (values or {}).items():
            yield not 1 <= len(value) <= LONGEST_VALUE, "isv.PARAM_LENGTH_LIMIT", "参数超过长度限制"
            yield "://" in value, "isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL"
            unfit = name == "phone" and not PHONE_VALUE.fullmatch(value)
            yield unfit, "isv.TEMPLATE_PARAMS_ILLEGAL", "变量内容和属性类型不匹配"
        yield number in self.refused, self.refused.get(number, ""), "refused"
        yield self.balance <= 0, "isv.AMOUNT_NOT_ENOUGH", "账户余额不足"
        today = self.clock().astimezone(ITS_ZONE).date()
        sent = sum(kept.phone == number and kept.sent.astimezone(ITS_ZONE).date() == today for kept in self.texts)
        yield sent >= self.most_a_day, "isv.BUSINESS_LIMIT_CONTROL", f"触发天级流控Permits:{self.most_a_day}"

    def settle(self, kept: Kept, *, arrived: bool, code: str = "") -> None:
        """What the carrier says of a text; nobody is told."""
        kept.status = ARRIVED if arrived else FAILED
        kept.error_code = code or ("DELIVERED" if arrived else "MOBILE_NOT_ON_SERVICE")
        kept.received = self.clock()


def values_of(given: dict[str, str]) -> dict[str, str] | None:
    """What fills the template: JSON of strings alone, else None."""
    try:
        values = json.loads(given.get("TemplateParam", "{}"))
    except ValueError:
        return None
    fits = isinstance(values, dict) and all(isinstance(value, str) for value in values.values())
    return values if fits else None


def mobile(number: str) -> str:
    found = MOBILE.fullmatch(number)
    return found[1] if found else ""


def local(moment: datetime) -> str:
    return moment.astimezone(ITS_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def report_of(kept: Kept, **changed: Any) -> dict[str, Any]:
    """One item of a push of delivery reports."""
    return {
        "phone_number": kept.phone, "send_time": local(kept.sent), "report_time": local(kept.received or kept.sent),
        "success": kept.status == ARRIVED, "err_code": kept.error_code, "err_msg": "", "sms_size": "1",
        "biz_id": kept.biz_id, "out_id": kept.out_id,
    } | changed  # fmt: skip


def reply_of(*, phone: str, content: str, at: datetime, sequence: int | str = 1234567890, **changed: Any) -> Any:
    """One item of a push of texts from telephones."""
    return {
        "phone_number": mobile(phone), "send_time": local(at), "content": content, "sign_name": SIGN_NAME,
        "dest_code": "1234", "sequence_id": sequence,
    } | changed  # fmt: skip


def described(kept: Kept) -> dict[str, Any]:
    """A text as the look-up describes it: our reference, but not its own number."""
    return {
        "PhoneNum": kept.phone, "SendStatus": kept.status, "ErrCode": kept.error_code, "OutId": kept.out_id,
        "TemplateCode": kept.template, "Content": kept.content, "SendDate": local(kept.sent),
    } | ({"ReceiveDate": local(kept.received)} if kept.received else {})  # fmt: skip


def said(code: str, message: str = "", **more: Any) -> dict[str, Any]:
    return {"Code": code, "Message": message or code, "RequestId": str(uuid4()).upper()} | more


def signature_of(
    *, method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str], names: list[str], secret: str
) -> str:
    """By help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature."""
    canonical_query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query))
    canonical_headers = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    payload = headers["x-acs-content-sha256"]
    canonical = "\n".join([method, path, canonical_query, canonical_headers, ";".join(names), payload])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


class Handler(ScriptedHandler):
    fake: Fake
    content_type = "application/json;charset=utf-8"

    def do_POST(self) -> None:  # noqa: N802 - the name is of http.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = urlsplit(self.path)
        query = parse_qsl(asked.query, keep_blank_values=True)
        refused = self._front_door(asked.path, query, body)
        if refused is not None:
            return self.answer(*refused)
        action, given = self.headers["x-acs-action"], dict(query)
        self.fake.asked[action] = given
        if action == "SendSms":
            return self._send(given)
        if action == "QuerySendDetails":
            return self._look(given)
        return self.answer(404, said("InvalidAction.NotFound"))

    def _front_door(self, path: str, query: list[tuple[str, str]], body: bytes) -> tuple[int, dict[str, Any]] | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if found is None or not all(name in headers for name in SIGNED):
            return 400, said("MissingAccessKeyId")
        key, names, signature = found[1], found[2].split(";"), found[3]
        if key != KEY_ID:
            return 404, said("InvalidAccessKeyId.NotFound")
        at = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(at - self.fake.clock()) > timedelta(minutes=15):
            return 400, said("InvalidTimeStamp.Expired")
        expected = signature_of(
            method="POST", path=path, query=query, headers=headers, names=names, secret=KEY_SECRET
        )  # fmt: skip
        covered = set(SIGNED) <= set(names) and headers["x-acs-content-sha256"] == hashlib.sha256(body).hexdigest()
        if not covered or not hmac.compare_digest(expected, signature):
            return 400, said("SignatureDoesNotMatch")
        with self.fake.lock:
            used = headers["x-acs-signature-nonce"] in self.fake.nonces
            self.fake.nonces.add(headers["x-acs-signature-nonce"])
        if used:
            return 400, said("SignatureNonceUsed")
        return None if headers["x-acs-version"] == VERSION else (400, said("InvalidVersion"))

    def _send(self, given: dict[str, str]) -> None:
        with self.fake.lock:
            self.fake.asked_to_send += 1
            scripted = self.fake.next_sends.pop(0) if self.fake.next_sends else None
        if scripted is not None:
            return self.play(scripted, lambda: self.fake.take(given))
        code, words = self.fake.refusal_of(given)
        if code:
            return self.answer(200, said(code, words))
        return self.answer(200, said("OK", BizId=self.fake.take(given).biz_id))

    def _look(self, given: dict[str, str]) -> None:
        with self.fake.lock:
            scripted = self.fake.next_looks.pop(0) if self.fake.next_looks else None
            texts = list(self.fake.texts)
        if scripted is not None:
            return self.play(scripted, lambda: self.fake.take({}))
        size, page = int(given.get("PageSize", 0)), int(given.get("CurrentPage", 0))
        if not re.fullmatch(r"\d{8}", given.get("SendDate", "")) or not 1 <= size <= 50 or page < 1:
            return self.answer(200, said("isv.INVALID_PARAMETERS"))
        if not re.fullmatch(r"1\d{10}", given.get("PhoneNumber", "")):
            return self.answer(200, said("isv.MOBILE_NUMBER_ILLEGAL"))
        rows = [
            described(kept)
            for kept in reversed(texts)
            if kept.phone == given["PhoneNumber"]
            and kept.sent.astimezone(ITS_ZONE).strftime("%Y%m%d") == given["SendDate"]
        ]
        shown = rows[(page - 1) * size : page * size]
        return self.answer(
            200, said("OK", TotalCount=str(len(rows)), SmsSendDetailDTOs={"SmsSendDetailDTO": shown})
        )  # fmt: skip


@contextmanager
def running() -> Iterator[Fake]:
    """The provider on a free port of this machine until the block ends."""
    fake = Fake()
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

"""Reading single cells as people type them: full-width digits, stray spaces, dashes, separators, forms of dates."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qa_service.cases.enums import FaultReason
from qa_service.cases.intake.columns import CellLike
from qa_service.cases.intake.record import Problem
from qa_service.common import phones
from qa_service.common.days import FIRST_DAY
from qa_service.common.rounding import half_up

# Latin letters and digits lose their full width; Chinese punctuation keeps it, as official names are written.
NARROW = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
NARROW |= dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2009, 0x3000), ord(" "))
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Directions of writing come along when a number or a name is copied from an address book.
INVISIBLE |= dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202E), *range(0x2066, 0x206A)))
BRACKETS = {ord("("): "（", ord(")"): "）"}
DOTS = dict.fromkeys(map(ord, "•・‧∙⋅･"), "·")
PLAIN = NARROW | INVISIBLE
NAMES = PLAIN | BRACKETS | DOTS
HAN = r"[㐀-鿿豈-﫿𠀀-𳏿]"
BETWEEN_HAN = re.compile(rf"(?<={HAN}) +(?={HAN})")
SPACES = re.compile(r"\s+")
# What no text has, and U+202E, which shows what follows from back to front.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e\ufffd\ud800-\udfff]")
NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无", "N/A", "n/a", "null", "NULL", "None"})
# Beyond 15 digits a spreadsheet's number has already been rounded.
EXACT_BELOW = 10**15
CASE_YEAR = re.compile(r"[(\[{【〖「<《]((?:19|20)[0-9]{2})[)\]}】〗」>》]")
# Unicode's letters, digits, marks on letters and punctuation, whatever the script.
NUMBER_KINDS = frozenset("LNMP")
NUMBER_SIGNS = frozenset("<>~+")
LICENCE = re.compile(r"[0-9A-Z]{4,32}")
WHOLE = re.compile(r"-?[0-9]{1,9}")
AMOUNT = re.compile(r"(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?")
NEGATIVE = re.compile(r"-(?:[0-9,]{1,15})(?:\.[0-9]{1,6})?")
# A time of day may follow, as in a workbook: the day is what counts. One with a zone may mean another day here.
DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:(?:[ T]|(?<=日))(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?"
)
SHEET_DAY = re.compile(r"[0-9]{5}")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
MOBILE_E164 = re.compile(r"\+861[3-9][0-9]{9}")
MAINLAND = "+86"
PHONE_NOISE = re.compile(r"[\s\-‐‑‒–—]")
MAX_PHONE = 30
# How many different cells of a kind are remembered: a year has few days and a centre few lawyers.
REMEMBERED = 4096
# Day 0 of a workbook's calendar; a date cell that lost its format arrives as the number of days since.
SHEET_EPOCH = date(1899, 12, 30)
SHEET_DAYS = range(30_000, 80_000)


def text(field: str, value: CellLike, limit: int, *, table: dict[int, Any] = PLAIN) -> str:
    """Clean text without changing its Chinese punctuation; a lone dash or 无 is nothing."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        value = _typed(field, value)
    if CONTROL.search(value):
        raise Problem(field, FaultReason.UNREADABLE)
    if not (value.isascii() and value.isalnum()):
        value = unicodedata.normalize("NFC", value.translate(table))
        value = SPACES.sub(" ", value).strip()
    if value in NOTHING:
        return ""
    if len(value) > limit:
        raise Problem(field, FaultReason.TOO_LONG)
    return value


def name(field: str, value: CellLike, limit: int) -> str:
    """A person's or an organisation's name: spaces between Chinese characters are typing, brackets are full-width."""
    cleaned = text(field, value, limit, table=NAMES)
    return BETWEEN_HAN.sub("", cleaned) if " " in cleaned else cleaned


@lru_cache(maxsize=REMEMBERED)
def word(field: str, value: CellLike, limit: int) -> str:
    """As `text`, for columns that say the same few things on every row."""
    return text(field, value, limit)


@lru_cache(maxsize=REMEMBERED)
def known_name(field: str, value: CellLike, limit: int) -> str:
    """As `name`, for names that return: of lawyers, firms, stations, courts, never of clients."""
    return name(field, value, limit)


def _typed(field: str, value: float | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if abs(value) >= EXACT_BELOW:
        raise Problem(field, FaultReason.DIGITS_LOST)
    return str(int(value)) if value == int(value) else repr(value)


def _narrow(field: str, value: CellLike, limit: int = 100) -> str:
    """For figures, codes and dates, where width and space never carry meaning."""
    cleaned = text(field, value, limit)
    return cleaned if cleaned.isascii() else unicodedata.normalize("NFKC", cleaned)


def number(field: str, value: CellLike) -> str:
    """A case number; the brackets round its year become the official 〔〕 however they were typed.

    Letters of any script (centres write Tibetan and Uyghur, too), digits, brackets, hyphens and the like: whoever
    pasted something else into the column is told so, before letters and notices bear it.
    """
    cleaned = SPACES.sub("", _narrow(field, value, 64))
    if cleaned and not (all(map(_stands_in_numbers, cleaned)) and any(map(str.isalnum, cleaned))):
        raise Problem(field, FaultReason.NUMBER_UNREADABLE)
    return CASE_YEAR.sub(r"〔\1〕", cleaned)


@lru_cache(maxsize=REMEMBERED)
def _stands_in_numbers(sign: str) -> bool:
    return unicodedata.category(sign)[0] in NUMBER_KINDS or sign in NUMBER_SIGNS


@lru_cache(maxsize=REMEMBERED)
def licence(field: str, value: CellLike) -> str:
    cleaned = SPACES.sub("", _narrow(field, value)).replace("-", "").upper()
    if cleaned and not LICENCE.fullmatch(cleaned):
        raise Problem(field, FaultReason.LICENCE_UNREADABLE)
    return cleaned


def whole(
    field: str, value: CellLike, *, unit: str, reason: FaultReason, outside: FaultReason, span: range
) -> int | None:
    """A count or an age, with or without its unit (人, 岁); None when nothing is there."""
    cleaned = _narrow(field, value).removesuffix(unit).strip()
    if not cleaned:
        return None
    if not WHOLE.fullmatch(cleaned):
        raise Problem(field, reason)
    if int(cleaned) not in span:
        raise Problem(field, outside)
    return int(cleaned)


def amount(field: str, value: CellLike) -> Decimal:
    """Yuan; nothing is 0. Thousands separators must stand where they belong."""
    cleaned = _narrow(field, value).removesuffix("元").removeprefix("¥").strip()
    if not cleaned:
        return Decimal("0.00")
    if NEGATIVE.fullmatch(cleaned):
        raise Problem(field, FaultReason.AMOUNT_NEGATIVE)
    if not AMOUNT.fullmatch(cleaned):
        raise Problem(field, FaultReason.AMOUNT_UNREADABLE)
    return half_up(Decimal(cleaned.replace(",", "")))


@lru_cache(maxsize=REMEMBERED)
def day(field: str, value: CellLike) -> date | None:
    """2026-05-08, 2026/5/8, 2026.5.8, 2026年5月8日, 20260508, or a workbook's own date; None when nothing is there."""
    if isinstance(value, date):
        return _not_too_early(field, value)
    if isinstance(value, float) and value in SHEET_DAYS:
        return SHEET_EPOCH + timedelta(days=int(value))
    cleaned = _narrow(field, value)
    if not cleaned:
        return None
    if not cleaned.isascii():
        cleaned = cleaned.replace(" ", "")
    if SHEET_DAY.fullmatch(cleaned) and int(cleaned) in SHEET_DAYS:
        return SHEET_EPOCH + timedelta(days=int(cleaned))
    match = DATE.fullmatch(cleaned)
    if match is None:
        raise Problem(field, FaultReason.DATE_UNREADABLE)
    year, month, day_of_month = (int(part) for part in match.groups() if part is not None)
    try:
        read = date(year, month, day_of_month)
    except ValueError:
        raise Problem(field, FaultReason.IMPOSSIBLE_DATE) from None
    return _not_too_early(field, read)


def _not_too_early(field: str, read: date) -> date:
    if read < FIRST_DAY:
        raise Problem(field, FaultReason.DATE_TOO_EARLY)
    return read


def phone(field: str, value: CellLike) -> str | None:
    """E.164; empty when nothing is there; None when it is no number."""
    cleaned = PHONE_NOISE.sub("", _narrow(field, value, MAX_PHONE))
    if not cleaned:
        return ""
    if MOBILE.fullmatch(cleaned):
        # Nearly every number: the full table of the world's plans is not needed for it.
        return MAINLAND + cleaned
    try:
        return phones.parse(cleaned)
    except phones.NotATelephoneNumber:
        return None


def takes_texts(e164: str) -> bool:
    """A mainland number takes texts when it is a mobile one; of others the gateway knows."""
    return bool(e164) and (not e164.startswith(MAINLAND) or MOBILE_E164.fullmatch(e164) is not None)

"""Telephone numbers: read what people type, store E.164, show no more than the last four digits."""

import unicodedata

import phonenumbers

from qa_service.common.encryption import Unreadable

SHOWN_DIGITS = 4


class NotATelephoneNumber(ValueError):  # noqa: N818 - named for the fact
    """The text cannot be a telephone number. Never carries the text itself."""


def parse(text: str, region: str = "CN") -> str:
    """Return E.164. Full-width digits, spaces and dashes are understood.

    :raises NotATelephoneNumber: when no number of the region's plan can be read.
    """
    plain = unicodedata.normalize("NFKC", text)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise NotATelephoneNumber from None
    if not phonenumbers.is_possible_number(number):
        raise NotATelephoneNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(e164: str) -> str:
    """`+8613812345678` → `••••5678`."""
    if isinstance(e164, Unreadable):
        return e164
    return f"••••{e164[-SHOWN_DIGITS:]}" if e164 else ""


def country_code(e164: str) -> int:
    """The dialling code of an E.164 number, 86 for mainland China; 0 where it has none."""
    # No code begins another, so the first that is one is the one; reading the whole number takes fifty times as long.
    codes = (int(e164[1:end]) for end in (2, 3, 4) if e164[1:end].isdigit())
    return next((code for code in codes if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), 0)

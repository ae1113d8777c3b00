"""Days, moments and the words several papers share."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa_service.documents.content import CodeBox
from surveys.documents.content import Offer

# For everybody's eyes; the letter to a unit is set smaller beside its code, to keep to one side.
LARGE, IN_LETTERS = 16.0, 14.0


def day(moment: date) -> str:
    return date_format(moment, "DATE_FORMAT")


def minute(moment: datetime) -> str:
    """A moment already in the centre's zone."""
    return f"{moment:%Y-%m-%d %H:%M}"


def code_box(offer: Offer, *, words: tuple[str, ...] = (), size: float = LARGE) -> CodeBox:
    words = words or (
        _("Your code. Scan the square, or open"),
        offer.address,
        _("and type the code, or say it by phone."),
    )
    return CodeBox(url=offer.url, code=offer.spaced, words=words, size=size)

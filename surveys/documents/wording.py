"""Days, moments and the words several papers share."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa_service.documents.content import CodeBox
from surveys.documents.content import Offer


def day(moment: date) -> str:
    return date_format(moment, "DATE_FORMAT")


def minute(moment: datetime) -> str:
    """A moment already in the centre's zone."""
    return f"{moment:%Y-%m-%d %H:%M}"


def code_box(offer: Offer, *, words: tuple[str, ...] = ()) -> CodeBox:
    words = words or (
        _("This code belongs to this sheet. Scan the square with a telephone, or open"),
        offer.address,
        _("and type the code; by telephone just say it."),
    )
    return CodeBox(url=offer.url, code=offer.spaced, words=words)

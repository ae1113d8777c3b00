"""What people write at length: taken whole or refused, never cut."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput
from qa_service.documents.quotable import why_not_quotable


class TooLong(InvalidInput):
    code = "too_long"


def whole(text: str, *, limit: int, field: str) -> str:
    """The text without blanks round it; a line's end counts as one character, as the person counts it.

    :raises TooLong: it has more than `limit` characters.
    """
    words = text.replace("\r\n", "\n").strip()
    if len(words) > limit:
        message = _("This text has %(length)s characters, and at most %(limit)s fit. Nothing was saved: shorten it.")
        raise TooLong(message % {"length": len(words), "limit": limit}, field=field)
    return words


def require_quotable(text: str, *, clients: Collection[str], field: str) -> None:
    """:raises InvalidInput: no paper could quote the text: it cannot be printed, or it names one of the clients."""
    unfit = why_not_quotable(text, clients=clients)
    if unfit:
        raise InvalidInput(unfit, field=field)

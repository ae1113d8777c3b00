"""What people write at length: taken whole or refused, never cut."""

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput


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

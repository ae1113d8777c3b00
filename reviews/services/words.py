"""What people write at length: taken whole or refused, never cut."""

import unicodedata
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput
from qa_service.documents.quotable import why_not_quotable

# Letters, figures, punctuation, symbols; but for the braille blank and the fillers of Hangul, which show nothing.
INK: Final = "LNPS"
BLANK_LETTERS: Final = frozenset("\u2800\u115f\u1160\u3164\uffa0")


class TooLong(InvalidInput):
    code = "too_long"


def whole(text: str, *, limit: int, field: str) -> str:
    """The text without blanks round it; a line's end counts as one character, as the person counts it.

    :raises TooLong: it has more than `limit` characters.
    """
    words = typed(text.replace("\r\n", "\n"))
    if len(words) > limit:
        message = _("This text has %(length)s characters, and at most %(limit)s fit. Nothing was saved: shorten it.")
        raise TooLong(message % {"length": len(words), "limit": limit}, field=field)
    return words


def typed(text: str) -> str:
    """Without blanks round it; empty where nothing of it can be seen, as of signs that have neither width nor ink."""
    seen = any(unicodedata.category(sign)[0] in INK and sign not in BLANK_LETTERS for sign in text)
    return text.strip() if seen else ""


def require_quotable(text: str, *, clients: Collection[str], field: str) -> None:
    """:raises InvalidInput: no paper could quote the text: it cannot be printed, or it names one of the clients."""
    unfit = why_not_quotable(text, clients=clients)
    if unfit:
        raise InvalidInput(unfit, field=field)

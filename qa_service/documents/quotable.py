"""What a person types that an official paper will quote: it must be printable, and no paper names the client."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_service.common.naming import names
from qa_service.documents.printable import unprintable


def why_not_quotable(text: str, *, client: str) -> Any:
    """The sentence to refuse the text with, where it is typed and can still be changed; empty when it can be quoted.

    :param client: the client's name.
    """
    signs = unprintable(text)
    if signs:
        message = _("Notices cannot print %(signs)s, and they quote this text. Take it out, or say it in words.")
        return message % {"signs": " ".join(signs)}
    if names(text, client):
        return _("This names the client, and notices quote it. Write “the client” instead of the name.")
    return ""

"""What a person types that an official paper will quote: it must be printable, and no paper names the client.

It is refused where it is typed: the person there can say it in other words, and knows whom they meant. What was locked
before is made neutral when it is printed.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_service.common.naming import names, without_name
from qa_service.common.surnames import called_by, without_surname
from qa_service.documents.printable import unprintable

NOT_NAMED = "受援人"


def why_not_quotable(text: str, *, clients: Collection[str]) -> Any:
    """The sentence to refuse the text with, where it is typed and can still be changed; empty when it can be quoted.

    :param clients: the names of everybody whom the case helped.
    """
    if not text:
        return ""
    signs = unprintable(text)
    if signs:
        message = _("Notices cannot print %(signs)s, and they quote this text. Take it out, or say it in words.")
        return message % {"signs": " ".join(signs)}
    if any(names(text, client) for client in clients):
        return _("This names the client, and notices quote it. Write “the client” instead of the name.")
    called = next(filter(None, (called_by(text, client) for client in clients)), "")
    if called:
        message = _(
            "“%(words)s” reads as the client, and notices quote this text. Write “the client”, or the role of whoever "
            "is meant."
        )
        return message % {"words": called}
    return ""


def without_clients(text: str, *, clients: Collection[str]) -> str:
    """What was locked, as a paper quotes it: a name becomes 受援人, and a surname that calls somebody becomes 某."""
    unnamed = text
    for client in sorted(clients, key=len, reverse=True):
        unnamed = without_surname(without_name(unnamed, client, instead=NOT_NAMED), client)
    return unnamed

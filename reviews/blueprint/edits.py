"""What an editor does to a checklist: each gives a new document, and leaves the one it was given."""

from itertools import count
from typing import Any

from reviews.blueprint.reading import Document


class UnknownPart(LookupError):  # noqa: N818 - named for the fact
    """No section or item has this code (any more)."""


def with_heading(document: Document, heading: Document) -> Document:
    return {**document, **heading}


def with_reasons(document: Document, reasons: dict[str, Any]) -> Document:
    """Items that offer a reason no longer there keep its code, and that is told as a problem."""
    return {**document, "reasons": reasons}


def with_vetoes(document: Document, vetoes: list[Document]) -> Document:
    return {**document, "vetoes": vetoes}


def with_catalogue(document: Document, papers: list[Document]) -> Document:
    return {**document, "catalogue": papers}


def added_section(document: Document, section: Document) -> Document:
    return {**document, "sections": [*document["sections"], section]}


def replaced_section(document: Document, code: str, section: Document) -> Document:
    """Its heading alone: the items stay.

    :raises UnknownPart: there is none of this code.
    """
    at = _section_at(document, code)
    return _with_section(document, at, {**section, "items": document["sections"][at]["items"]})


def added_item(document: Document, section_code: str, item: Document) -> Document:
    """:raises UnknownPart: there is no such section."""
    at = _section_at(document, section_code)
    section = document["sections"][at]
    return _with_section(document, at, {**section, "items": [*section["items"], item]})


def replaced_item(document: Document, code: str, item: Document, *, section_code: str) -> Document:
    """In its place; in another section, at its end.

    :raises UnknownPart: there is no such item, or no such section.
    """
    at, place = _item_at(document, code)
    if document["sections"][at]["code"] != section_code:
        return added_item(without(document, code), section_code, item)
    items = list(document["sections"][at]["items"])
    items[place] = item
    return _with_section(document, at, {**document["sections"][at], "items": items})


def without(document: Document, code: str) -> Document:
    """Without an item, or without a section and all its items.

    :raises UnknownPart: nothing has this code.
    """
    for at, section in enumerate(document["sections"]):
        if section["code"] == code:
            return {**document, "sections": document["sections"][:at] + document["sections"][at + 1 :]}
    at, place = _item_at(document, code)
    items = document["sections"][at]["items"]
    return _with_section(document, at, {**document["sections"][at], "items": items[:place] + items[place + 1 :]})


def moved(document: Document, code: str, *, by: int) -> Document:
    """A section among sections, or an item within its section: up (-1) or down (1); at the end of the way it stays.

    :raises UnknownPart: nothing has this code.
    """
    for at, section in enumerate(document["sections"]):
        if section["code"] == code:
            return {**document, "sections": _shifted(document["sections"], at, by)}
    at, place = _item_at(document, code)
    section = document["sections"][at]
    return _with_section(document, at, {**section, "items": _shifted(section["items"], place, by)})


def code_free(document: Document, *, prefix: str) -> str:
    """A code that no item has yet: `A5`."""
    taken = {item["code"] for section in document["sections"] for item in section["items"]}
    return next(code for number in count(1) if (code := f"{prefix}{number}") not in taken)


def _shifted(parts: list[Document], at: int, by: int) -> list[Document]:
    others = [part for place, part in enumerate(parts) if place != at]
    others.insert(max(0, at + by), parts[at])
    return others


def _with_section(document: Document, at: int, section: Document) -> Document:
    sections = list(document["sections"])
    sections[at] = section
    return {**document, "sections": sections}


def _section_at(document: Document, code: str) -> int:
    for at, section in enumerate(document["sections"]):
        if section["code"] == code:
            return at
    raise UnknownPart(code)


def _item_at(document: Document, code: str) -> tuple[int, int]:
    for at, section in enumerate(document["sections"]):
        for place, item in enumerate(section["items"]):
            if item["code"] == code:
                return at, place
    raise UnknownPart(code)

"""The default checklists, as data in both languages, and the check every checklist passes before it is published."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from qa_service.cases.enums import CaseType
from reviews.enums import EVERY_TYPE, Purpose

HUNDRED = Decimal(100)
LANGUAGES = ("zh", "en")
REVIEWED = ("administrative", "civil", "criminal", "non_litigation")


class ChecklistFault(ValueError):  # noqa: N818 - named for the fact
    """`where` names the part at fault, e.g. `B2.points`."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def default_checklists() -> list[dict[str, Any]]:
    """For file review one of each type of case, then as many by which firms assess themselves, and the hearing form."""
    reviews = [_read(case_type) for case_type in REVIEWED]
    return [checked(document) for document in (*reviews, *_self_assessments(reviews), _read("hearing"))]


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _self_assessments(reviews: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A firm marks the items of the file review, so that its marks lie beside the reader's; a veto it does not mark."""
    by_code = {document["code"]: document for document in reviews}
    told = _read("self_assessment")
    for own in told["lists"]:
        heading = {"code": own["code"], "title": own["title"], "purpose": told["purpose"], "vetoes": []}
        yield by_code[own["like"]] | heading


def checked(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it came.

    :raises ChecklistFault: an unknown purpose or type of case, a code used twice, a text missing in a language, an
        unknown reason, a floor that is not a share, or points that do not come to 100.
    """
    _require(document["purpose"] in Purpose.values, "purpose")
    _require(document["case_type"] in (EVERY_TYPE, *CaseType.values), "case_type")
    items = [item for section in document["sections"] for item in section["items"]]
    _require(_unique(document["sections"]), "sections.code")
    _require(_unique(items), "items.code")
    _require(_unique(document["vetoes"]), "vetoes.code")
    for part in (document, *document["sections"], *items, *document["vetoes"], *document["catalogue"]):
        _require(all(part["title"].get(language) for language in LANGUAGES), f"{part['code']}.title")
    for item in items:
        _check_item(item, known=document["reasons"])
    _require(sum(Decimal(item["points"]) for item in items) == HUNDRED, "points")
    return document


def _check_item(item: dict[str, Any], *, known: dict[str, Any]) -> None:
    code = item["code"]
    try:
        points, floors = Decimal(item["points"]), [Decimal(share) for share in item["floors"].values()]
    except InvalidOperation as error:
        raise ChecklistFault(f"{code}.points") from error
    _require(points > 0, f"{code}.points")
    _require(all(0 < floor <= 1 for floor in floors), f"{code}.floors")
    _require(set(item["reasons"]) <= set(known) and set(item["floors"]) <= set(item["reasons"]), f"{code}.reasons")


def _unique(parts: list[dict[str, Any]]) -> bool:
    codes = [part["code"] for part in parts]
    return len(codes) == len(set(codes))


def _require(fact: object, where: str) -> None:
    if not fact:
        raise ChecklistFault(where)

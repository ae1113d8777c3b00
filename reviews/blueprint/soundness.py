"""Whether a checklist may be published: every problem, named and placed. An empty answer means it may."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reviews.adoption import MOST_ARGUMENTS, REASONED
from reviews.blueprint.reading import LANGUAGES, Document
from reviews.enums import EVERY_TYPE, Anchor, Measure, Purpose

HUNDRED = Decimal(100)
# On the scorecard boxes are named for their items, beside those of the ledger's lines and of the whole file.
LINES = frozenset(f"L{number}" for number in range(1, MOST_ARGUMENTS + 1))
WHOLE_FILE = frozenset({"comment"})
DEDUCTIONS = frozenset({Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE})


class ProblemCode(StrEnum):
    NO_SECTIONS = "no_sections"
    EMPTY_SECTION = "empty_section"
    CODE_TWICE = "code_twice"
    CODE_OF_THE_FORM = "code_of_the_form"
    MISSING_TEXT = "missing_text"
    TOTAL = "total"
    NO_REASONS = "no_reasons"
    UNKNOWN_REASON = "unknown_reason"
    FLOOR_WITHOUT_REASON = "floor_without_reason"
    TOO_FEW_MARKS = "too_few_marks"
    VETOES_FOR_READERS = "vetoes_for_readers"
    TYPE_NEEDED = "type_needed"
    NO_CATALOGUE = "no_catalogue"


@dataclass(frozen=True, slots=True)
class Problem:
    """`parts` and `field` as of a fault; `detail` the code, the total or the language it is about."""

    parts: tuple[str, ...]
    field: str
    code: ProblemCode
    detail: str = ""


def problems(document: Document) -> tuple[Problem, ...]:
    """In the order of the list: its heading, then reasons, sections with their items, vetoes and papers."""
    return tuple(_problems(document))


def points_of(document: Document) -> Decimal:
    """All points of the list; of a list of graded indicators the sum of their weights."""
    return sum((Decimal(item["points"]) for s in document["sections"] for item in s["items"]), Decimal(0))


def _problems(document: Document) -> Iterator[Problem]:
    yield from _texts(document["title"], (), "title")
    yield from _of_purpose(document)
    for code, reason in document["reasons"].items():
        yield from _texts(reason, (code,), "reasons")
    if not document["sections"]:
        yield Problem((), "sections", ProblemCode.NO_SECTIONS)
    items = [item for section in document["sections"] for item in section["items"]]
    yield from _twice(document["sections"], "sections")
    yield from _twice(items, "items")
    yield from _of_the_form(document, items)
    for section in document["sections"]:
        yield from _of_section(section, known=document["reasons"])
    total = points_of(document)
    if items and document["measure"] == Measure.POINTS and total != HUNDRED:
        yield Problem((), "points", ProblemCode.TOTAL, f"{total.normalize():f}")
    for name in ("vetoes", "catalogue"):
        yield from _twice(document[name], name)
        for part in document[name]:
            yield from _texts(part["title"], (part["code"],), "title")
    for veto in document["vetoes"]:
        yield from _texts(veto["basis"], (veto["code"],), "basis", needed=False)


def _of_purpose(document: Document) -> Iterator[Problem]:
    if document["purpose"] != Purpose.FILE_REVIEW:
        if document["vetoes"]:
            yield Problem((), "vetoes", ProblemCode.VETOES_FOR_READERS)
        return
    if document["case_type"] == EVERY_TYPE:
        yield Problem((), "case_type", ProblemCode.TYPE_NEEDED)
    if not document["catalogue"]:
        yield Problem((), "catalogue", ProblemCode.NO_CATALOGUE)


def _of_section(section: Document, *, known: dict[str, Any]) -> Iterator[Problem]:
    parts = (section["code"],)
    yield from _texts(section["title"], parts, "title")
    yield from _texts(section["note"], parts, "note", needed=False)
    if not section["items"]:
        yield Problem(parts, "items", ProblemCode.EMPTY_SECTION)
    for item in section["items"]:
        yield from _of_item(item, (*parts, item["code"]), known=known)


def _of_item(item: Document, parts: tuple[str, ...], *, known: dict[str, Any]) -> Iterator[Problem]:
    yield from _texts(item["title"], parts, "title")
    yield from _texts(item["evidence"], parts, "evidence", needed=False)
    offered = set(item["anchors"] or Anchor.values)
    if Anchor.FULL not in offered or not offered & DEDUCTIONS:
        yield Problem(parts, "anchors", ProblemCode.TOO_FEW_MARKS)
    # Whoever takes points off says why.
    if not item["reasons"]:
        yield Problem(parts, "reasons", ProblemCode.NO_REASONS)
    for code in item["reasons"]:
        if code not in known:
            yield Problem(parts, "reasons", ProblemCode.UNKNOWN_REASON, code)
    for code in item["floors"]:
        if code not in item["reasons"]:
            yield Problem(parts, "floors", ProblemCode.FLOOR_WITHOUT_REASON, code)


def _texts(texts: dict[str, Any], parts: tuple[str, ...], field: str, *, needed: bool = True) -> Iterator[Problem]:
    """What is said at all is said in both languages."""
    if needed or any(texts.get(language) for language in LANGUAGES):
        for language in LANGUAGES:
            if not texts.get(language):
                yield Problem(parts, f"{field}.{language}", ProblemCode.MISSING_TEXT)


def _of_the_form(document: Document, items: Sequence[Document]) -> Iterator[Problem]:
    if document["purpose"] != Purpose.FILE_REVIEW:
        return
    taken = WHOLE_FILE | (LINES if any(REASONED in item["floors"] for item in items) else frozenset())
    for section in document["sections"]:
        for code in sorted(taken & {item["code"] for item in section["items"]}):
            yield Problem((section["code"], code), "code", ProblemCode.CODE_OF_THE_FORM, code)


def _twice(parts: Sequence[Document], field: str) -> Iterator[Problem]:
    # Two codes that differ in case alone would be told apart by no reader.
    counts = Counter(part["code"].upper() for part in parts)
    for code, count in counts.items():
        if count > 1:
            yield Problem((), field, ProblemCode.CODE_TWICE, code)

"""A checklist's document, read: every fault with its section, item and field, and nothing guessed.

Only the shape is judged here; whether the parts make sense together is `soundness`. The pages read their forms through
the same door, so that a form and a file are refused for the same reasons.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from qa_service.cases.enums import CaseType, Stage
from reviews.enums import EVERY_STAGE, EVERY_TYPE, Anchor, Measure, Purpose, VetoEffect

# As in a file: {"code", "purpose", "case_type", "stage", "measure", "title", "reasons", "sections", "vetoes", …}.
Document = dict[str, Any]

LANGUAGES = ("zh", "en")
LONGEST_TITLE, LONGEST_TEXT = 200, 600
MOST_SECTIONS, MOST_ITEMS, MOST_REASONS, MOST_VETOES, MOST_PAPERS = 30, 60, 80, 40, 80
MOST_POINTS = Decimal(100)
# An item's, a section's and a veto's code stand in the names of form fields and in addresses.
SHORT_CODE, LIST_CODE = re.compile(r"[A-Za-z0-9]{1,8}"), re.compile(r"[A-Za-z0-9_-]{1,40}")
PAPER_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_SHARE = re.compile(r"[01](\.[0-9]{1,4})?")
# A letter's look-alikes, which fonts choose by: no document prints them.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_FIELDS = ("code", "version", "purpose", "case_type", "stage", "measure", "title", "reasons", "sections", "vetoes")


class FaultCode(StrEnum):
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_TEXT = "not_a_text"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_A_CODE = "not_a_code"
    NOT_ONE_OF = "not_one_of"
    NOT_POINTS = "not_points"
    NOT_A_SHARE = "not_a_share"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNPRINTABLE = "unprintable"
    UNKNOWN_KIND = "unknown_kind"
    NO_SECTION_YET = "no_section_yet"


@dataclass(frozen=True, slots=True)
class Fault:
    """`parts`: the codes of the parts it lies in, outermost first (`A`, `A2`); one without a code by its number, `#3`.

    `field`: which field of it. `detail`: the limit, or what would be right.
    """

    parts: tuple[str, ...]
    field: str
    code: FaultCode
    detail: str = ""


class Misshapen(Exception):  # noqa: N818 - named for the fact
    """The document does not have the shape of a checklist; `faults` is never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("misshapen")
        self.faults = tuple(faults)


def read_document(given: Any) -> Document:
    """The document in its one normal form: texts trimmed, empty ones left out, figures as short as they can be.

    :raises Misshapen: with every fault and its place.
    """
    reader = Reader()
    document = reader.checklist(given)
    reader.end()
    return document


def read_part(kind: str, given: Any) -> Any:
    """One part typed on a page: `heading`, `section`, `item`, `reasons`, `vetoes` or `catalogue`.

    :raises Misshapen: with every fault; the places begin at the part.
    """
    reader = Reader()
    doors: dict[str, Callable[[], Any]] = {
        "heading": lambda: reader.heading(given),
        "section": lambda: reader.section(given, (), 0),
        "item": lambda: reader.item(given, (), 0),
        "reasons": lambda: reader.reasons(given),
        "vetoes": lambda: reader.many(given, (), "vetoes", MOST_VETOES, reader.veto),
        "catalogue": lambda: reader.many(given, (), "catalogue", MOST_PAPERS, reader.paper),
    }
    part = doors[kind]()
    reader.end()
    return part


Parts = tuple[str, ...]


@dataclass
class Reader:
    """Reads on after a fault, so that all are told at once; what it returns is worth nothing once there is one."""

    faults: list[Fault] = field(default_factory=list)

    def end(self) -> None:
        if self.faults:
            raise Misshapen(self.faults)

    def checklist(self, given: Any) -> Document:
        found = self._object(given, (), "", (*_FIELDS, "catalogue"))
        return {
            **self.heading({name: found[name] for name in _FIELDS if name in found}),
            "reasons": self.reasons(found.get("reasons", {})),
            "sections": self.many(found.get("sections"), (), "sections", MOST_SECTIONS, self.section),
            "vetoes": self.many(found.get("vetoes", []), (), "vetoes", MOST_VETOES, self.veto),
            "catalogue": self.many(found.get("catalogue", []), (), "catalogue", MOST_PAPERS, self.paper),
        }

    def heading(self, found: Document) -> Document:
        return {
            "code": self._code(found.get("code"), (), LIST_CODE),
            "purpose": self._one_of(found.get("purpose"), (), "purpose", Purpose.values),
            "case_type": self._one_of(
                found.get("case_type", EVERY_TYPE), (), "case_type", [EVERY_TYPE, *CaseType.values]
            ),
            "stage": self._one_of(found.get("stage", EVERY_STAGE), (), "stage", [EVERY_STAGE, *Stage.values]),
            "measure": self._one_of(found.get("measure", Measure.POINTS.value), (), "measure", Measure.values),
            "title": self._texts(found.get("title"), (), "title", LONGEST_TITLE),
        }

    def reasons(self, given: Any) -> dict[str, dict[str, Any]]:
        if not isinstance(given, dict):
            self._fault((), "reasons", FaultCode.NOT_AN_OBJECT)
            return {}
        if len(given) > MOST_REASONS:
            self._fault((), "reasons", FaultCode.TOO_MANY, str(MOST_REASONS))
            return {}
        return {self._code(code, (), LIST_CODE, "reasons"): self._reason(code, text) for code, text in given.items()}

    def _reason(self, code: Any, given: Any) -> dict[str, Any]:
        parts = (_shown(code),)
        found = self._object(given, parts, "reasons", (*LANGUAGES, "pageless"))
        texts = {name: found[name] for name in LANGUAGES if name in found}
        reason: dict[str, Any] = self._texts(texts, parts, "reasons", LONGEST_TITLE)
        if "pageless" in found:
            reason["pageless"] = self._flag(found["pageless"], parts, "pageless")
        return reason

    def section(self, given: Any, above: Parts, place: int) -> Document:
        parts = (*above, _name(given, place))
        found = self._object(given, parts, "", ("code", "title", "note", "items"))
        return {
            "code": self._code(found.get("code"), parts, SHORT_CODE),
            "title": self._texts(found.get("title"), parts, "title", LONGEST_TITLE),
            "note": self._texts(found.get("note", {}), parts, "note", LONGEST_TEXT),
            "items": self.many(found.get("items", []), parts, "items", MOST_ITEMS, self.item),
        }

    def item(self, given: Any, above: Parts, place: int) -> Document:
        parts = (*above, _name(given, place))
        known = ("code", "points", "title", "evidence", "reasons", "floors", "anchors")
        found = self._object(given, parts, "", known)
        reasons = self._list(found.get("reasons", []), parts, "reasons", MOST_REASONS)
        anchors = self._list(found.get("anchors", []), parts, "anchors", len(Anchor))
        offered = {self._one_of(each, parts, "anchors", Anchor.values) for each in anchors}
        floors = self._object(found.get("floors", {}), parts, "floors", None)
        return {
            "code": self._code(found.get("code"), parts, SHORT_CODE),
            "points": self._points(found.get("points"), parts),
            "title": self._texts(found.get("title"), parts, "title", LONGEST_TITLE),
            "evidence": self._texts(found.get("evidence", {}), parts, "evidence", LONGEST_TEXT),
            "reasons": list(dict.fromkeys(self._code(each, parts, LIST_CODE, "reasons") for each in reasons)),
            "floors": {
                self._code(code, parts, LIST_CODE, "floors"): self._share(share, parts)
                for code, share in floors.items()
            },
            # All of them is no choice: it is written as none, so that equal lists have equal documents.
            "anchors": [each.value for each in Anchor if each in offered] if offered < set(Anchor) else [],
        }

    def veto(self, given: Any, above: Parts, place: int) -> Document:
        parts = (*above, _name(given, place))
        found = self._object(given, parts, "", ("code", "title", "effect", "transfer", "basis"))
        return {
            "code": self._code(found.get("code"), parts, SHORT_CODE),
            "title": self._texts(found.get("title"), parts, "title", LONGEST_TITLE),
            "effect": self._one_of(found.get("effect"), parts, "effect", VetoEffect.values),
            "transfer": self._flag(found.get("transfer", False), parts, "transfer"),
            "basis": self._texts(found.get("basis", {}), parts, "basis", LONGEST_TEXT),
        }

    def paper(self, given: Any, above: Parts, place: int) -> Document:
        parts = (*above, _name(given, place))
        found = self._object(given, parts, "", ("code", "title"))
        return {
            "code": self._code(found.get("code"), parts, PAPER_CODE),
            "title": self._texts(found.get("title"), parts, "title", LONGEST_TITLE),
        }

    def many(
        self, given: Any, above: Parts, name: str, most: int, read: Callable[[Any, Parts, int], Document]
    ) -> list[Document]:
        return [read(each, above, place) for place, each in enumerate(self._list(given, above, name, most))]

    def _texts(self, given: Any, parts: Parts, name: str, longest: int) -> dict[str, str]:
        """By language; what is empty is left out."""
        found = self._object(given, parts, name, LANGUAGES)
        read = {
            language: self._text(found[language], parts, f"{name}.{language}", longest)
            for language in LANGUAGES
            if language in found
        }
        return {language: text for language, text in read.items() if text}

    def _text(self, given: Any, parts: Parts, name: str, longest: int) -> str:
        if not isinstance(given, str):
            self._fault(parts, name, FaultCode.NOT_A_TEXT)
            return ""
        text = given.replace("\u00a0", " ").strip()
        if len(text) > longest:
            self._fault(parts, name, FaultCode.TOO_LONG, str(longest))
        if any(map(unprintable, text)):
            self._fault(parts, name, FaultCode.UNPRINTABLE)
        return text

    def _code(self, given: Any, parts: Parts, form: re.Pattern[str], name: str = "code") -> str:
        if given is None or given == "":
            self._fault(parts, name, FaultCode.MISSING)
        elif not isinstance(given, str) or not form.fullmatch(given):
            self._fault(parts, name, FaultCode.NOT_A_CODE, LENGTHS[form])
        else:
            return given
        return ""

    def _points(self, given: Any, parts: Parts) -> str:
        """More than 0, at most 100, two places: what the column holds."""
        if given is None or given == "":
            self._fault(parts, "points", FaultCode.MISSING)
            return "0"
        written = str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
        written = written.strip().removesuffix(".0")
        if not _POINTS.fullmatch(written) or not 0 < Decimal(written) <= MOST_POINTS:
            self._fault(parts, "points", FaultCode.NOT_POINTS)
            return "0"
        return _figure(written)

    def _share(self, given: Any, parts: Parts) -> str:
        written = str(given).strip() if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
        if not _SHARE.fullmatch(written) or not 0 < Decimal(written) <= 1:
            self._fault(parts, "floors", FaultCode.NOT_A_SHARE)
            return "1"
        return _figure(written)

    def _one_of(self, given: Any, parts: Parts, name: str, allowed: Iterable[str]) -> str:
        values = list(allowed)
        if isinstance(given, str) and given in values:
            return given
        if given is None or given == "":
            self._fault(parts, name, FaultCode.MISSING)
        else:
            self._fault(parts, name, FaultCode.NOT_ONE_OF, ", ".join(value for value in values if value))
        return ""

    def _flag(self, given: Any, parts: Parts, name: str) -> bool:
        if not isinstance(given, bool):
            self._fault(parts, name, FaultCode.NOT_TRUE_OR_FALSE)
        return given is True

    def _list(self, given: Any, parts: Parts, name: str, most: int) -> list[Any]:
        if not isinstance(given, list):
            self._fault(parts, name, FaultCode.MISSING if given is None else FaultCode.NOT_A_LIST)
            return []
        if len(given) > most:
            self._fault(parts, name, FaultCode.TOO_MANY, str(most))
            return []
        return given

    def _object(self, given: Any, parts: Parts, name: str, known: tuple[str, ...] | None) -> dict[Any, Any]:
        """`known` None: any keys."""
        if not isinstance(given, dict):
            self._fault(parts, name, FaultCode.MISSING if given is None else FaultCode.NOT_AN_OBJECT)
            return {}
        if known is None:
            return given
        for strange in (key for key in given if key not in known):
            self._fault(parts, _shown(strange), FaultCode.UNKNOWN_FIELD)
        return {key: value for key, value in given.items() if key in known}

    def _fault(self, parts: Parts, name: str, code: FaultCode, detail: str = "") -> None:
        self.faults.append(Fault(parts, name, code, detail))


LENGTHS = {SHORT_CODE: "8", PAPER_CODE: "20", LIST_CODE: "40"}


def _figure(written: str) -> str:
    """`3.50` → `3.5`, `10` stays."""
    try:
        return f"{Decimal(written).normalize():f}"
    except InvalidOperation:
        return "0"


def _name(given: Any, place: int) -> str:
    """How a part is called where it is told of: by its code, else by its number."""
    code = given.get("code") if isinstance(given, dict) else None
    return _shown(code) if isinstance(code, str) and code.strip() else f"#{place + 1}"


def _shown(text: Any) -> str:
    return "".join("?" if unprintable(sign) else sign for sign in str(text)[:40])


def unprintable(sign: str) -> bool:
    """What no workbook and no paper can hold, and what breaks a line or turns it round."""
    code = ord(sign)
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or _is_no_character(code)


def _is_no_character(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or code in range(0xFDD0, 0xFDF0) or any(code in each for each in _SELECTORS)  # noqa: PLR2004 - Unicode's own

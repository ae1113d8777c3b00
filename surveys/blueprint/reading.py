"""A questionnaire's file, read: every fault with its path (`questions[3].choices[1].zh`), nothing guessed.

Only the shape is judged here; whether the questions make sense together is `soundness`. The pages read their forms
through the same door, so that a form and a file are refused for the same reasons.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from surveys import texts as own_texts
from surveys.blueprint.parts import Blueprint, ChoicePlan, ConditionPlan, QuestionPlan, Texts
from surveys.enums import Audience, Mode, QuestionKind
from surveys.languages import FROM_A_FILE, FURTHER, IN_A_FILE

MOST_QUESTIONS, MOST_CHOICES = 60, 20
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_CHOICE, LONGEST_TEXT = 120, 300, 120, 480
LONGEST_KEY, LONGEST_CODE = 40, 20
_CODE = re.compile(r"[A-Za-z0-9_-]+")
# Line ends and tabs would break a text message's preview and a card's label.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class FaultCode(StrEnum):
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_TEXT = "not_a_text"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_A_CODE = "not_a_code"
    NOT_ONE_OF = "not_one_of"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNPRINTABLE = "unprintable"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of the file. `detail`: the limit, or what would be right."""

    path: str
    code: FaultCode
    detail: str = ""


class Misshapen(Exception):  # noqa: N818 - named for the fact
    """The document does not have the shape of a questionnaire; `faults` is never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("misshapen")
        self.faults = tuple(faults)


def read_document(document: Any) -> Blueprint:
    """:raises Misshapen: with every fault and its path."""
    reader = _Reader()
    blueprint = reader.questionnaire(document)
    if reader.faults:
        raise Misshapen(reader.faults)
    return blueprint


def read_question(document: Any) -> QuestionPlan:
    """One question; the paths begin at it.

    :raises Misshapen: with every fault and its path.
    """
    reader = _Reader()
    question = reader.question(document, "")
    if reader.faults:
        raise Misshapen(reader.faults)
    return question


def read_texts(document: Any) -> Mapping[str, Texts]:
    """A questionnaire's own texts to telephones, by name and language.

    :raises Misshapen: with every fault and its path.
    """
    reader = _Reader()
    found = reader.own_texts(document, "texts")
    if reader.faults:
        raise Misshapen(reader.faults)
    return found


@dataclass
class _Reader:
    """Reads on after a fault, so that all are told at once; what it returns is worth nothing once there is one."""

    faults: list[Fault] = field(default_factory=list)

    def questionnaire(self, given: Any) -> Blueprint:
        known = ("key", "version", "audience", "title", "languages", "questions", "texts")
        found = self._object(given, "", known)
        languages = tuple(
            FROM_A_FILE.get(self._one_of(item, path, [IN_A_FILE[code] for code in FURTHER]), "")
            for item, path in self._list(found.get("languages", []), "languages", len(FURTHER))
        )
        return Blueprint(
            key=self._code(found.get("key"), "key", LONGEST_KEY),
            audience=Audience(self._one_of(found.get("audience"), "audience", Audience.values) or Audience.CLIENT),
            titles=self._texts(found.get("title"), "title", LONGEST_TITLE),
            languages=tuple(dict.fromkeys(languages)),
            questions=tuple(
                self.question(item, path)
                for item, path in self._list(found.get("questions"), "questions", MOST_QUESTIONS)
            ),
            texts=self.own_texts(found.get("texts", {}), "texts"),
        )

    def question(self, given: Any, path: str) -> QuestionPlan:
        known = ("code", "kind", "text", "hint", "by_text", "modes", "shown_when", "choices")
        found = self._object(given, path, known)
        at = f"{path}." if path else ""
        modes = self._list(found.get("modes", []), f"{at}modes", len(Mode))
        return QuestionPlan(
            code=self._code(found.get("code"), f"{at}code", LONGEST_CODE),
            kind=QuestionKind(self._one_of(found.get("kind"), f"{at}kind", QuestionKind.values) or QuestionKind.CHOICE),
            texts=self._texts(found.get("text"), f"{at}text", LONGEST_QUESTION),
            hints=self._texts(found.get("hint", {}), f"{at}hint", LONGEST_QUESTION),
            by_text=self._flag(found.get("by_text", False), f"{at}by_text"),
            modes=tuple(Mode(mode) for item, place in modes if (mode := self._one_of(item, place, Mode.values))),
            shown_when=tuple(
                self._condition(item, place)
                for item, place in self._list(found.get("shown_when", []), f"{at}shown_when", MOST_QUESTIONS)
            ),
            choices=tuple(
                self._choice(item, place)
                for item, place in self._list(found.get("choices", []), f"{at}choices", MOST_CHOICES)
            ),
        )

    def own_texts(self, given: Any, path: str) -> dict[str, Texts]:
        found = self._object(given, path, tuple(own_texts.NAMES))
        return {
            name: written
            for name, item in found.items()
            if name in own_texts.NAMES and (written := self._texts(item, f"{path}.{name}", LONGEST_TEXT))
        }

    def _choice(self, given: Any, path: str) -> ChoicePlan:
        found = self._object(given, path, ("value", *FROM_A_FILE))
        written = {name: text for name, text in found.items() if name in FROM_A_FILE}
        return ChoicePlan(
            value=self._code(found.get("value"), f"{path}.value", LONGEST_CODE),
            texts=self._texts(written, path, LONGEST_CHOICE),
        )

    def _condition(self, given: Any, path: str) -> ConditionPlan:
        found = self._object(given, path, ("question", "any_of"))
        return ConditionPlan(
            question=self._code(found.get("question"), f"{path}.question", LONGEST_CODE),
            any_of=tuple(
                self._code(item, place, LONGEST_CODE)
                for item, place in self._list(found.get("any_of"), f"{path}.any_of", MOST_CHOICES)
            ),
        )

    def _texts(self, given: Any, path: str, longest: int) -> dict[str, str]:
        """By language code; what is empty is left out."""
        found = self._object(given, path, tuple(FROM_A_FILE))
        read = {FROM_A_FILE[name]: self._text(text, f"{path}.{name}", longest) for name, text in found.items()}
        return {code: text for code, text in read.items() if text}

    def _text(self, given: Any, path: str, longest: int) -> str:
        if not isinstance(given, str):
            self._fault(path, FaultCode.NOT_A_TEXT)
            return ""
        text = given.strip()
        if len(text) > longest:
            self._fault(path, FaultCode.TOO_LONG, str(longest))
        if _UNPRINTABLE.search(text):
            self._fault(path, FaultCode.UNPRINTABLE)
        return text

    def _code(self, given: Any, path: str, longest: int) -> str:
        if given is None or given == "":
            self._fault(path, FaultCode.MISSING)
        elif not isinstance(given, str) or not _CODE.fullmatch(given):
            self._fault(path, FaultCode.NOT_A_CODE)
        elif len(given) > longest:
            self._fault(path, FaultCode.TOO_LONG, str(longest))
        else:
            return given
        return ""

    def _one_of(self, given: Any, path: str, values: Iterable[str]) -> str:
        allowed = list(values)
        if given is None or given == "":
            self._fault(path, FaultCode.MISSING)
        elif not isinstance(given, str) or given not in allowed:
            self._fault(path, FaultCode.NOT_ONE_OF, ", ".join(allowed))
        else:
            return given
        return ""

    def _flag(self, given: Any, path: str) -> bool:
        if not isinstance(given, bool):
            self._fault(path, FaultCode.NOT_TRUE_OR_FALSE)
        return given is True

    def _list(self, given: Any, path: str, most: int) -> list[tuple[Any, str]]:
        if not isinstance(given, list):
            self._fault(path, FaultCode.MISSING if given is None else FaultCode.NOT_A_LIST)
            return []
        if len(given) > most:
            self._fault(path, FaultCode.TOO_MANY, str(most))
            return []
        return [(item, f"{path}[{place}]") for place, item in enumerate(given)]

    def _object(self, given: Any, path: str, known: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._fault(path, FaultCode.MISSING if given is None else FaultCode.NOT_AN_OBJECT)
            return {}
        strange = [name for name in given if name not in known]
        for name in strange:
            shown = _UNPRINTABLE.sub("?", str(name))[:40]
            self._fault(f"{path}.{shown}" if path else shown, FaultCode.UNKNOWN_FIELD)
        return {name: item for name, item in given.items() if name in known}

    def _fault(self, path: str, code: FaultCode, detail: str = "") -> None:
        self.faults.append(Fault(path, code, detail))

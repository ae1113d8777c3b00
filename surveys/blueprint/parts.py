"""The shapes. Texts are by language code (`zh-hans`, `en`, …); one that is absent or empty is not written yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.enums import Audience, Mode, QuestionKind

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChoicePlan:
    value: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class ConditionPlan:
    """Opens a question where `question` was answered by one of the values."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """`modes` empty: every mode. `shown_when` empty: always; else any one of the conditions."""

    code: str
    kind: QuestionKind
    texts: Texts
    hints: Texts = field(default_factory=dict)
    by_text: bool = False
    modes: tuple[Mode, ...] = ()
    shown_when: tuple[ConditionPlan, ...] = ()
    choices: tuple[ChoicePlan, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(choice.value for choice in self.choices)

    def asked_by(self, mode: Mode) -> bool:
        return not self.modes or mode in self.modes


@dataclass(frozen=True, slots=True)
class Blueprint:
    """`languages` beside Chinese and English. `texts`: its own texts to telephones, by name and language."""

    key: str
    audience: Audience
    titles: Texts
    languages: tuple[str, ...] = ()
    questions: tuple[QuestionPlan, ...] = ()
    texts: Mapping[str, Texts] = field(default_factory=dict)

    def question(self, code: str) -> QuestionPlan | None:
        return next((question for question in self.questions if question.code == code), None)

"""A questionnaire as its file: what reading takes, writing gives."""

from typing import Any

from surveys.blueprint.parts import Blueprint, QuestionPlan, Texts
from surveys.languages import IN_A_FILE, LANGUAGES


def to_document(blueprint: Blueprint, *, version: int | None = None) -> dict[str, Any]:
    """Ready for JSON. What is empty is left out; `version` is told for the reader of the file and never read back."""
    document: dict[str, Any] = {"key": blueprint.key}
    if version is not None:
        document["version"] = version
    document |= {"audience": blueprint.audience.value, "title": _texts(blueprint.titles)}
    if blueprint.languages:
        document["languages"] = [IN_A_FILE[code] for code in blueprint.languages]
    document["questions"] = [question_document(question) for question in blueprint.questions]
    if blueprint.texts:
        document["texts"] = {name: _texts(written) for name, written in blueprint.texts.items()}
    return document


def question_document(question: QuestionPlan) -> dict[str, Any]:
    document: dict[str, Any] = {"code": question.code, "kind": question.kind.value, "text": _texts(question.texts)}
    if question.hints:
        document["hint"] = _texts(question.hints)
    if question.by_text:
        document["by_text"] = True
    if question.modes:
        document["modes"] = [mode.value for mode in question.modes]
    if question.shown_when:
        document["shown_when"] = [
            {"question": condition.question, "any_of": list(condition.any_of)} for condition in question.shown_when
        ]
    document["choices"] = [{"value": choice.value, **_texts(choice.texts)} for choice in question.choices]
    return document


def _texts(texts: Texts) -> dict[str, str]:
    return {IN_A_FILE[code]: texts[code] for code in LANGUAGES if texts.get(code)}

"""A questionnaire as its readers will meet it, before anybody is asked. Nothing is stored, not even an answer."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.utils.translation import gettext as _

from qa_service.cases.enums import CaseType, Stage
from surveys.blueprint import Blueprint, QuestionPlan, complete_languages
from surveys.branching import Condition, SheetChoice, SheetQuestion, first_unanswered, shown, told_totals
from surveys.enums import Mode, QuestionKind
from surveys.languages import CHINESE, ENGLISH, NEEDED
from surveys.queries.forms import Form, FormAnswer, FormState, form_questions
from surveys.queries.interview import asked_question
from surveys.queries.organ_forms import OrganForm


def form_previewed(blueprint: Blueprint, answers: Mapping[str, str], *, every: bool = False) -> Form:
    """The path that these answers open; `every`: whatever they open."""
    questions = tuple(_sheet_question(place, question) for place, question in enumerate(blueprint.questions))
    path = questions if every else shown(questions, mode=Mode.WEB, answers=answers)
    totals = [len(path)] * len(path) if every else told_totals(questions, mode=Mode.WEB, answers=answers)
    current = first_unanswered(path, answers)
    return Form(
        conversation_id=0,
        state=FormState.QUESTION,
        language=CHINESE,
        centre_name=_("The centre's name"),
        office_phone="",
        receipt="",
        questions=form_questions(path, totals=totals),
        current=current.code if current else None,
        answers=MappingProxyType({}),
        languages=(*NEEDED, *complete_languages(blueprint)),
    )


def organ_form_previewed(blueprint: Blueprint, *, today: date) -> OrganForm:
    """All items on one page, about a case that there is not; in the language that is active."""
    nothing = FormAnswer(value="", text="")
    questions = [_sheet_question(place, question) for place, question in enumerate(blueprint.questions)]
    asked = [asked_question(item, kept=nothing) for item in questions if not item.modes or Mode.WEB in item.modes]
    return OrganForm(
        state=FormState.START,
        unit=_("Name of the unit"),
        centre=_("The centre's name"),
        office_phone="",
        case_number=_("(number of the case)"),
        organ_number="",
        case_class=f"{CaseType.CIVIL.label} · {Stage.FIRST_INSTANCE.label}",
        lawyer=_("(name of the lawyer)"),
        firm=_("(name of the firm)"),
        closed_on=today,
        answer_by=today,
        language=CHINESE,
        languages=(*NEEDED, *complete_languages(blueprint)),
        items=tuple(item for item in asked if item.choices),
        remarks=tuple(item for item in asked if item.kind == QuestionKind.TEXT),
        answers=MappingProxyType({}),
        signed_by="",
        receipt="",
    )


def _sheet_question(place: int, question: QuestionPlan) -> SheetQuestion:
    return SheetQuestion(
        id=place,
        code=question.code,
        kind=question.kind,
        text_zh=question.texts.get(CHINESE, ""),
        text_en=question.texts.get(ENGLISH, ""),
        hint_zh=question.hints.get(CHINESE, ""),
        hint_en=question.hints.get(ENGLISH, ""),
        text_further=question.texts,
        hint_further=question.hints,
        by_text=question.by_text,
        modes=frozenset(question.modes),
        shown_when=tuple(Condition(rule.question, frozenset(rule.any_of)) for rule in question.shown_when),
        choices=tuple(
            SheetChoice(
                id=row,
                value=choice.value,
                text_zh=choice.texts.get(CHINESE, ""),
                text_en=choice.texts.get(ENGLISH, ""),
                text_further=choice.texts,
            )
            for row, choice in enumerate(question.choices)
        ),
    )

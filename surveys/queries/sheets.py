"""Questionnaires as the rules see them. A published one never changes, so one read a process is enough."""

from functools import lru_cache

from surveys.branching import Condition, Sheet, SheetChoice, SheetQuestion
from surveys.models import Conversation, Questionnaire


def sheet_asked(conversation: Conversation) -> Sheet:
    """What this conversation asks: only a published version is ever asked."""
    return published_sheet(conversation.questionnaire_id)


@lru_cache(maxsize=64)
def published_sheet(questionnaire_id: int) -> Sheet:
    questionnaire = Questionnaire.objects.get(pk=questionnaire_id)
    questions = questionnaire.questions.prefetch_related("choices").order_by("position")
    return Sheet(
        questionnaire_id=questionnaire.pk,
        key=questionnaire.key,
        version=questionnaire.version,
        languages=tuple(questionnaire.languages),
        texts=questionnaire.texts,
        questions=tuple(
            SheetQuestion(
                id=question.pk,
                code=question.code,
                kind=question.kind,
                text_zh=question.text_zh,
                text_en=question.text_en,
                hint_zh=question.hint_zh,
                hint_en=question.hint_en,
                text_further=question.text_further,
                hint_further=question.hint_further,
                by_text=question.by_text,
                modes=frozenset(question.modes),
                shown_when=tuple(
                    Condition(question=rule["question"], any_of=frozenset(rule["any_of"]))
                    for rule in question.shown_when
                ),
                choices=tuple(
                    SheetChoice(
                        id=choice.pk,
                        value=choice.value,
                        text_zh=choice.text_zh,
                        text_en=choice.text_en,
                        text_further=choice.text_further,
                    )
                    for choice in question.choices.all()
                ),
            )
            for question in questions
        ),
    )

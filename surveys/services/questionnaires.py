"""Publishing questionnaires. A published one is frozen; publishing the same again changes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from surveys import recovery, timing
from surveys.blueprint import Blueprint, ChoicePlan, QuestionPlan, Texts, complete_languages, read_document
from surveys.enums import Audience, Publication
from surveys.languages import CHINESE, ENGLISH, NEEDED
from surveys.models import Choice, Plan, Question, Questionnaire
from surveys.models.conversations import CLOSING_WAVE

SETUP = Actor.system("setup")
DEFAULTS = ("client.json", "recovery.json", "organ.json", "assigned.json", "hearing.json")


@transaction.atomic
def publish_defaults(*, now: datetime) -> list[Questionnaire]:
    """Publish the questionnaires that come with the service, and the default plan. Returns the new ones."""
    texts = (files("surveys.defaults").joinpath(name).read_text(encoding="utf-8") for name in DEFAULTS)
    published = [made for text in texts if (made := publish(content=json.loads(text), now=now)) is not None]
    Plan.objects.get_or_create(
        wave=CLOSING_WAVE,
        audience=Audience.CLIENT,
        centre=None,
        defaults={
            "questionnaire_key": "client-closing",
            "contact_days": list(timing.CONTACT_DAYS),
            "closes_after_days": timing.CLOSES_AFTER_DAYS,
            "late_until_days": timing.LATE_UNTIL_DAYS,
        },
    )
    Plan.objects.get_or_create(
        wave=recovery.WAVE,
        audience=Audience.CLIENT,
        centre=None,
        defaults={
            "questionnaire_key": "client-recovery",
            "contact_days": list(recovery.CONTACT_DAYS),
            "closes_after_days": recovery.CLOSES_AFTER_DAYS,
            "late_until_days": recovery.LATE_UNTIL_DAYS,
        },
    )
    Plan.objects.get_or_create(
        wave=CLOSING_WAVE,
        audience=Audience.ORGAN,
        centre=None,
        defaults={
            "questionnaire_key": "organ-opinion",
            "contact_days": list(timing.ORGAN_CONTACT_DAYS),
            "closes_after_days": timing.ORGAN_CLOSES_AFTER_DAYS,
            "late_until_days": timing.ORGAN_LATE_UNTIL_DAYS,
        },
    )
    return published


@transaction.atomic
def publish(*, content: dict[str, Any], now: datetime) -> Questionnaire | None:
    """Publish one version from its description (see `surveys/defaults`); None when that version is there already.

    The version published before is retired: conversations that began with it keep it.

    :raises Misshapen: the description is none of a questionnaire.
    """
    blueprint, version = read_document(content), content["version"]
    if Questionnaire.objects.filter(key=blueprint.key, version__gte=version).exists():
        return None
    questionnaire = Questionnaire.objects.create(
        key=blueprint.key, version=version, audience=blueprint.audience, created_at=now, updated_at=now
    )
    put_in_force(questionnaire, blueprint, now=now)
    details = {"key": blueprint.key, "version": version}
    record(actor=SETUP, action="surveys.questionnaire_published", subject=questionnaire, details=details, at=now)
    return questionnaire


def put_in_force(questionnaire: Questionnaire, blueprint: Blueprint, *, now: datetime) -> None:
    """Write the rows of a draft and freeze it; the version in force before is retired. Inside a transaction."""
    write_heading(questionnaire, blueprint)
    questionnaire.languages = list(complete_languages(blueprint))
    questionnaire.texts = {name: dict(written) for name, written in blueprint.texts.items()}
    questionnaire.draft = {}
    questionnaire.updated_at = now
    questionnaire.save()
    _write_rows(questionnaire, blueprint.questions)
    in_force = Questionnaire.objects.filter(key=questionnaire.key, state=Publication.PUBLISHED)
    in_force.update(state=Publication.RETIRED, updated_at=now)
    questionnaire.state = Publication.PUBLISHED
    questionnaire.published_at = now
    questionnaire.save(update_fields=["state", "published_at"])


def write_heading(questionnaire: Questionnaire, blueprint: Blueprint) -> None:
    questionnaire.title_zh = blueprint.titles.get(CHINESE, "")
    questionnaire.title_en = blueprint.titles.get(ENGLISH, "")
    questionnaire.title_further = _further(blueprint.titles)


def _write_rows(questionnaire: Questionnaire, planned: Sequence[QuestionPlan]) -> None:
    """All questions, then all their choices: two statements, however many there are."""
    questions = Question.objects.bulk_create(
        _question(questionnaire, position, plan) for position, plan in enumerate(planned, start=1)
    )
    Choice.objects.bulk_create(
        _choice(question, order, choice)
        for question, plan in zip(questions, planned, strict=True)
        for order, choice in enumerate(plan.choices, start=1)
    )


def _question(questionnaire: Questionnaire, position: int, planned: QuestionPlan) -> Question:
    return Question(
        questionnaire=questionnaire,
        code=planned.code,
        position=position,
        kind=planned.kind,
        text_zh=planned.texts.get(CHINESE, ""),
        text_en=planned.texts.get(ENGLISH, ""),
        text_further=_further(planned.texts),
        hint_zh=planned.hints.get(CHINESE, ""),
        hint_en=planned.hints.get(ENGLISH, ""),
        hint_further=_further(planned.hints),
        modes=list(planned.modes),
        shown_when=[{"question": rule.question, "any_of": list(rule.any_of)} for rule in planned.shown_when],
        by_text=planned.by_text,
    )


def _choice(question: Question, order: int, planned: ChoicePlan) -> Choice:
    return Choice(
        question=question,
        value=planned.value,
        position=order,
        text_zh=planned.texts.get(CHINESE, ""),
        text_en=planned.texts.get(ENGLISH, ""),
        text_further=_further(planned.texts),
    )


def _further(texts: Texts) -> dict[str, str]:
    return {code: text for code, text in texts.items() if code not in NEEDED}

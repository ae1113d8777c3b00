"""Publishing questionnaires. A published one is frozen; publishing the same again changes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import Max

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record_many
from surveys import recovery, timing
from surveys.blueprint import Blueprint, ChoicePlan, QuestionPlan, Texts, complete_languages, read_document, to_document
from surveys.enums import Audience, Publication
from surveys.languages import CHINESE, ENGLISH, NEEDED
from surveys.models import Choice, Plan, Question, Questionnaire
from surveys.models.conversations import CLOSING_WAVE
from surveys.queries.questionnaires import blueprint_of

SETUP = Actor.system("setup")
DEFAULTS = ("client.json", "recovery.json", "organ.json", "assigned.json", "hearing.json")


@transaction.atomic
def publish_defaults(*, now: datetime) -> list[Questionnaire]:
    """Publish the questionnaires that come with the service, and the default plans. Returns the new ones."""
    published = _publish_new(_defaults(), now=now)
    _plan_defaults()
    return published


def defaults_held_back() -> list[str]:
    """Keys under which something else is in force than the latest that came with the service: one's own version."""
    blueprints = {blueprint.key: blueprint for blueprint, _version in _defaults()}
    in_force = Questionnaire.objects.filter(key__in=blueprints, state=Publication.PUBLISHED).order_by("key")
    return [row.key for row in in_force if to_document(blueprint_of(row)) != to_document(blueprints[row.key])]


@cache
def _defaults() -> tuple[tuple[Blueprint, int], ...]:
    texts = (files("surveys.defaults").joinpath(name).read_text(encoding="utf-8") for name in DEFAULTS)
    return tuple((read_document(content), content["version"]) for content in map(json.loads, texts))


def _plan_defaults() -> None:
    """A plan of the service's own stays as it stands."""
    standing = set(Plan.objects.filter(centre=None).values_list("wave", "audience"))
    Plan.objects.bulk_create(plan for plan in _default_plans() if (plan.wave, plan.audience) not in standing)


def _default_plans() -> list[Plan]:
    return [
        Plan(
            wave=CLOSING_WAVE,
            audience=Audience.CLIENT,
            questionnaire_key="client-closing",
            contact_days=list(timing.CONTACT_DAYS),
            closes_after_days=timing.CLOSES_AFTER_DAYS,
            late_until_days=timing.LATE_UNTIL_DAYS,
        ),
        Plan(
            wave=recovery.WAVE,
            audience=Audience.CLIENT,
            questionnaire_key="client-recovery",
            contact_days=list(recovery.CONTACT_DAYS),
            closes_after_days=recovery.CLOSES_AFTER_DAYS,
            late_until_days=recovery.LATE_UNTIL_DAYS,
        ),
        Plan(
            wave=CLOSING_WAVE,
            audience=Audience.ORGAN,
            questionnaire_key="organ-opinion",
            contact_days=list(timing.ORGAN_CONTACT_DAYS),
            closes_after_days=timing.ORGAN_CLOSES_AFTER_DAYS,
            late_until_days=timing.ORGAN_LATE_UNTIL_DAYS,
        ),
    ]


@transaction.atomic
def publish(*, content: dict[str, Any], now: datetime) -> Questionnaire | None:
    """Publish one version from its description (see `surveys/defaults`); None when that version is there already.

    The version published before is retired: conversations that began with it keep it.

    :raises Misshapen: the description is none of a questionnaire.
    """
    return next(iter(_publish_new([(read_document(content), content["version"])], now=now)), None)


def _publish_new(described: Sequence[tuple[Blueprint, int]], *, now: datetime) -> list[Questionnaire]:
    """Those whose version, or a later one, is there already are left out."""
    versions = Questionnaire.objects.filter(key__in=[blueprint.key for blueprint, _version in described])
    last = dict(versions.order_by().values_list("key").annotate(Max("version")))
    new = [(blueprint, version) for blueprint, version in described if version > last.get(blueprint.key, -1)]
    rows = [
        Questionnaire(key=blueprint.key, version=version, audience=blueprint.audience, created_at=now)
        for blueprint, version in new
    ]
    blueprints = [blueprint for blueprint, _version in new]
    for row, blueprint in zip(rows, blueprints, strict=True):
        write_content(row, blueprint, now=now)
    Questionnaire.objects.bulk_create(rows)
    put_in_force(rows, blueprints, now=now)
    record_many(actor=SETUP, acts=[act_of_publishing(row) for row in rows], at=now)
    return rows


def act_of_publishing(row: Questionnaire) -> Act:
    details = {"key": row.key, "version": row.version}
    return Act("surveys.questionnaire_published", row._meta.label, str(row.pk), details)


def write_content(questionnaire: Questionnaire, blueprint: Blueprint, *, now: datetime) -> None:
    """What a draft becomes when it is published, on the object alone."""
    write_heading(questionnaire, blueprint)
    questionnaire.languages = list(complete_languages(blueprint))
    questionnaire.texts = {name: dict(written) for name, written in blueprint.texts.items()}
    questionnaire.draft = {}
    questionnaire.updated_at = now


def put_in_force(drafts: Sequence[Questionnaire], blueprints: Sequence[Blueprint], *, now: datetime) -> None:
    """Write the rows of drafts and freeze them; the versions in force before are retired. Inside a transaction.

    Five statements, however many are published at once.
    """
    if not drafts:
        return
    _write_rows(drafts, blueprints)
    in_force = Questionnaire.objects.filter(key__in=[draft.key for draft in drafts], state=Publication.PUBLISHED)
    in_force.update(state=Publication.RETIRED, updated_at=now)
    for draft in drafts:
        draft.state, draft.published_at = Publication.PUBLISHED, now
    published = Questionnaire.objects.filter(pk__in=[draft.pk for draft in drafts])
    published.update(state=Publication.PUBLISHED, published_at=now)


def write_heading(questionnaire: Questionnaire, blueprint: Blueprint) -> None:
    questionnaire.title_zh = blueprint.titles.get(CHINESE, "")
    questionnaire.title_en = blueprint.titles.get(ENGLISH, "")
    questionnaire.title_further = _further(blueprint.titles)


def _write_rows(drafts: Sequence[Questionnaire], blueprints: Sequence[Blueprint]) -> None:
    """All questions, then all their choices: two statements, however many there are."""
    planned = [
        (draft, position, plan)
        for draft, blueprint in zip(drafts, blueprints, strict=True)
        for position, plan in enumerate(blueprint.questions, start=1)
    ]
    questions = Question.objects.bulk_create(_question(*each) for each in planned)
    Choice.objects.bulk_create(
        _choice(question, order, choice)
        for question, (_draft, _position, plan) in zip(questions, planned, strict=True)
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

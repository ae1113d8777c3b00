"""Publishing questionnaires. A published one is frozen; publishing the same again changes nothing."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import transaction

from surveys import recovery, timing
from surveys.enums import Audience, Publication
from surveys.models import Choice, Plan, Question, Questionnaire

DEFAULTS = ("client.json", "recovery.json", "organ.json")
CLOSING_WAVE = "closing"


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
    return published


@transaction.atomic
def publish(*, content: dict[str, Any], now: datetime) -> Questionnaire | None:
    """Publish one version from its description (see `surveys/defaults`); None when that version is there already.

    The version published before is retired: conversations that began with it keep it.
    """
    key, version = content["key"], content["version"]
    if Questionnaire.objects.filter(key=key, version__gte=version).exists():
        return None
    questionnaire = Questionnaire.objects.create(
        key=key,
        version=version,
        audience=content["audience"],
        title_zh=content["title"]["zh"],
        title_en=content["title"]["en"],
        created_at=now,
        updated_at=now,
    )
    for position, described in enumerate(content["questions"], start=1):
        _add_question(questionnaire, position, described)
    Questionnaire.objects.filter(key=key, state=Publication.PUBLISHED).update(state=Publication.RETIRED, updated_at=now)
    questionnaire.state = Publication.PUBLISHED
    questionnaire.published_at = now
    questionnaire.save(update_fields=["state", "published_at"])
    return questionnaire


def _add_question(questionnaire: Questionnaire, position: int, described: dict[str, Any]) -> None:
    hint = described.get("hint", {})
    question = Question.objects.create(
        questionnaire=questionnaire,
        code=described["code"],
        position=position,
        kind=described["kind"],
        text_zh=described["text"]["zh"],
        text_en=described["text"]["en"],
        hint_zh=hint.get("zh", ""),
        hint_en=hint.get("en", ""),
        modes=described.get("modes", []),
        shown_when=described.get("shown_when", []),
        by_text=described.get("by_text", False),
    )
    Choice.objects.bulk_create(
        Choice(question=question, value=choice["value"], position=order, text_zh=choice["zh"], text_en=choice["en"])
        for order, choice in enumerate(described["choices"], start=1)
    )

"""Proposals as people read them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from qa_service.accounts.models import User
from scoring.enums import Grade, Point, RuleCode
from scoring.models import Proposal


def proposals_seen_by(user: User) -> QuerySet[Proposal]:
    seen = Proposal.objects.visible_to(user).select_related("case", "lawyer", "firm", "centre", "rule", "statement")
    return seen.order_by(F("closed_at").desc(nulls_first=True), "-proposed_at", "-pk")


def sentences(said: Iterable[dict[str, Any]]) -> list[str]:
    """Stored points as sentences in the reader's language."""
    return [_sentence(Point(each["point"]), dict(each["figures"])) for each in said]


def _sentence(point: Point, figures: dict[str, str]) -> str:
    if "band" in figures:
        figures["band"] = str(Grade(figures["band"]).label)
    if "rule" in figures:
        figures["rule"] = str(RuleCode(figures["rule"]).label)
    return str(point.label) % figures

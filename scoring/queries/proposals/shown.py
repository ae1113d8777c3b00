"""Proposals as people read them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.rounding import plain
from qa_service.organisations.queries import today_at
from scoring.enums import Grade, Point, ProposalState, RuleCode
from scoring.models import Proposal

FULL = Decimal(100)


def proposals_seen_by(user: User) -> QuerySet[Proposal]:
    seen = Proposal.objects.visible_to(user).select_related(
        "case",
        "lawyer",
        "firm",
        "station",
        "centre__settings",
        "rule",
        "statement",
        "display",
        "decision__decided_by",
        "task",
        "referral",
        "measure",
    )
    return seen.order_by(F("closed_at").desc(nulls_first=True), "-proposed_at", "-pk")


def display_over(proposal: Proposal, *, now: datetime) -> bool:
    """Whether the last day of the public display has passed and the sweep that closes it has not come by yet."""
    if proposal.state != ProposalState.ON_DISPLAY:
        return False
    return proposal.display.ends_on < today_at(proposal.centre, now)


def sentences(said: Iterable[dict[str, Any]]) -> list[str]:
    """Stored points as sentences in the reader's language."""
    return [_sentence(Point(each["point"]), dict(each["figures"])) for each in said]


def _sentence(point: Point, figures: dict[str, str]) -> str:
    if "band" in figures:
        figures["band"] = str(Grade(figures["band"]).label)
    if "coverage" in figures:
        # Stored as what is there; it speaks against a proposal by what is not.
        figures["missing"] = plain(FULL - Decimal(figures["coverage"]))
    if "items" in figures:
        figures["items"] = _(", ").join(figures["items"].split("、"))
    if "rule" in figures:
        figures["rule"] = str(RuleCode(figures["rule"]).label)
    return str(point.label) % figures

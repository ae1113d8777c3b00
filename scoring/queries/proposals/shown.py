"""Proposals as people read them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.rounding import plain
from qa_service.organisations.queries import today_at
from scoring.enums import IN_EFFECT, AppealState, Grade, NoticeState, Point, ProposalState, RuleCode, Undone
from scoring.models import Appeal, Notice, Proposal

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
    return with_undone(seen).order_by(F("closed_at").desc(nulls_first=True), "-proposed_at", "-pk")


def with_undone(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Each with `undone`, a value of `Undone` or empty: told from its papers, whatever its state was when it ended."""
    upheld = Appeal.objects.filter(notice__proposal=OuterRef("pk"), state=AppealState.UPHELD)
    undone = Case(
        When(fallen() & Exists(upheld), then=Value(Undone.ON_APPEAL.value)),
        When(fallen(), then=Value(Undone.WITHDRAWN.value)),
        default=Value(""),
        output_field=CharField(),
    )
    return rows.annotate(undone=undone)


def fallen() -> Q:
    """That what was carried out no longer stands: its notice was withdrawn, and none issued in its place."""
    papers = Notice.objects.filter(proposal=OuterRef("pk"), kind__in=IN_EFFECT)
    standing = papers.exclude(state=NoticeState.WITHDRAWN)
    return Q(Exists(papers), ~Q(Exists(standing)), state=ProposalState.CARRIED_OUT)


def to_be_issued_anew(proposal: Proposal) -> bool:
    """Whether its notice was withdrawn for what it says alone: the decision stands and another notice follows."""
    notice = proposal.notice if proposal.state == ProposalState.ACCEPTED else None
    return notice is not None and notice.state == NoticeState.WITHDRAWN


def undone_by(proposal: Proposal) -> Undone | None:
    """Of one that `with_undone` found."""
    found = getattr(proposal, "undone", "")
    return Undone(found) if found else None


def state_in_words(proposal: Proposal) -> str:
    """What became of it: that its notice was taken back stands in the place of that it was carried out."""
    undone = undone_by(proposal)
    return str(undone.label if undone else ProposalState(proposal.state).label)


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

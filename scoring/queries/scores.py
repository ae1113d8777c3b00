"""Case scores, and how each came about, told to each reader as far as it concerns them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.cases.models import Case
from qa_service.common.rounding import half_up
from reviews.queries import lawyer_was_told
from scoring.enums import Reason, SourceKind
from scoring.models import CaseScore, CaseVoice, Proposal
from scoring.models.scores import STAFF_READERS
from scoring.policy import trigger_of

OWN_COLUMNS = tuple(each.name for each in CaseScore._meta.concrete_fields if each.name != "derivation")
# What lists show of the other rows that a score is about.
SHOWN_OF: Mapping[str, tuple[str, ...]] = {
    "case": ("public_id", "number"),
    "lawyer": ("name", "licence_number"),
    "firm": ("name",),
    "centre": ("code",),
    "scheme": ("version",),
}


@dataclass(frozen=True, slots=True)
class LineShown:
    """One source for a reader; figures are rounded to two decimals, None where the source is missing."""

    source: str
    applies: bool
    value: Decimal | None
    weight: Decimal
    contribution: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """A case's grade with its derivation. `voice` is None for every reader but the centre's managers."""

    score: CaseScore
    figure: Decimal | None
    coverage: Decimal
    lines: tuple[LineShown, ...]
    reasons: tuple[str, ...]
    scheme_version: int
    voice: Decimal | None = None
    voice_lines: tuple[LineShown, ...] = ()


def current_scores(case_ids: Iterable[int]) -> dict[int, CaseScore]:
    """The score in force of each case that has one; one query."""
    return {score.case_id: score for score in CaseScore.objects.current().filter(case__in=list(case_ids))}


def scores_seen_by(user: User) -> QuerySet[CaseScore]:
    """Scores in force within the user's scope, the cases closed last first."""
    return _listed(CaseScore.objects.current().visible_to(user), "case", "lawyer", "firm", "centre", "scheme")


def overseen_scores(user: User) -> QuerySet[CaseScore]:
    """Scores of the cases that the user oversees, without those seen by another hat."""
    seen = CaseScore.objects.current().visible_to(user).filter(within(user, "centre__path", *STAFF_READERS))
    return _listed(seen, "case", "lawyer", "firm")


def scores_of_lawyer(user: User) -> QuerySet[CaseScore]:
    """A lawyer's own scores, whatever else the person may see."""
    return _listed(CaseScore.objects.current().own_of(user), "case")


def scores_of_firms(firm_ids: Iterable[int]) -> QuerySet[CaseScore]:
    """Scores of these firms' cases whose review is released, and whose lawyer was told of it."""
    released = CaseScore.objects.current().filter(firm__in=list(firm_ids), released_on__isnull=False)
    return _listed(released.filter(lawyer_was_told()), "case", "lawyer")


def _listed(rows: QuerySet[CaseScore], *related: str) -> QuerySet[CaseScore]:
    """The cases closed last first, with what a list shows of these relations.

    A database takes longer to plan six tables joined than to read a lawyer's rows, and Python to make objects of
    columns that no list shows: so each list names what it needs.
    """
    shown = [f"{relation}__{name}" for relation in related for name in SHOWN_OF[relation]]
    return rows.select_related(*related).only(*OWN_COLUMNS, *shown).order_by("-closed_on", "-pk")


def former_scores(user: User, case: Case) -> QuerySet[CaseScore]:
    """Scores once in force, the last on top, for those who oversee the case; lawyers read the one in force."""
    former = CaseScore.objects.filter(case=case, is_current=False).visible_to(user)
    overseen = former.filter(within(user, "centre__path", *STAFF_READERS))
    return overseen.select_related("case", "lawyer", "firm", "scheme").order_by("-pk")


def former_score_for(*, user: User, case: Case, public_id: UUID) -> ScoreShown | None:
    """One of these with its derivation; what a client said is read beside the score in force alone."""
    found = former_scores(user, case).filter(public_id=public_id).first()
    return _told(found, voice=None) if found else None


def case_score_for(*, user: User, case: Case) -> ScoreShown | None:
    """The score of a case as this reader may see it; None where there is none for them.

    Lawyers and firms get professional evidence alone. What one client said is read by managers and supervisors of the
    case's subtree, unless they or their firm handled the case.
    """
    score = CaseScore.objects.current().visible_to(user).select_related("case", "lawyer", "firm", "scheme")
    found = score.filter(case=case).first()
    if found is None:
        return None
    return _told(found, voice=CaseVoice.objects.current().visible_to(user).filter(case=case).first())


def _told(found: CaseScore, *, voice: CaseVoice | None) -> ScoreShown:
    derivation = json.loads(found.derivation)
    return ScoreShown(
        score=found,
        figure=None if found.score is None else half_up(found.score),
        coverage=half_up(found.coverage),
        lines=lines_shown(derivation),
        reasons=tuple(str(Reason(reason).label) for reason in derivation["result"]["reasons"]),
        scheme_version=derivation["scheme"]["version"],
        voice=half_up(voice.score) if voice else None,
        voice_lines=lines_shown(json.loads(voice.derivation)) if voice else (),
    )


def lines_shown(derivation: Mapping[str, Any]) -> tuple[LineShown, ...]:
    return tuple(_line(line) for line in derivation["lines"])


def lines_behind(proposal: Proposal) -> tuple[LineShown, ...]:
    """What was weighed into the score that a proposal names, missing sources left out; empty where no row tells."""
    rows = CaseScore.objects.filter(case=proposal.case_id, score=proposal.score).order_by("-pk")
    found = next((row for row in rows if trigger_of(row.review_version or 0) == proposal.trigger), None)
    lines = json.loads(found.derivation)["lines"] if found else ()
    return tuple(_line(line) for line in lines if line["value"] is not None)


def _line(line: Mapping[str, object]) -> LineShown:
    source = str(line["source"])
    return LineShown(
        source=str(SourceKind(source).label) if source in SourceKind.values else _half(source),
        applies=bool(line["applies"]),
        value=_figure(line["value"]),
        weight=_figure(line["weight"]) or Decimal(0),
        contribution=_figure(line["contribution"]),
        note=_note(source, line),
    )


def _figure(text: object) -> Decimal | None:
    return None if text is None else half_up(Decimal(str(text)))


def _half(source: str) -> str:
    if source == "client":
        return _("One of the case's clients")
    return _("Overall rating") if source == "overall" else _("Questions on the service")


def _note(source: str, line: Mapping[str, object]) -> str:
    if not line["applies"]:
        return _("Does not apply to this case.")
    facts = line["facts"]
    if source == SourceKind.TIME_LIMITS and line["value"] is not None and facts == {}:
        return _("The file was not handed in before the last limit.")
    if line["value"] is None:
        return _("Missing; the other sources carry its weight.")
    said = NOTES.get(source)
    return said(facts) if said and isinstance(facts, Mapping) else ""


def _filing_note(facts: Mapping[str, str]) -> str:
    said = [_("Handed in %(days)s days after closing or the receipt of the judgment.") % {"days": facts["days"]}]
    if "limit" in facts:
        said.append(_("The centre gives %(limit)s days.") % {"limit": facts["limit"]})
    if "excused" in facts:
        said.append(_("The lateness is excused."))
    return " ".join(said)


NOTES: dict[str, Callable[[Mapping[str, str]], str]] = {
    SourceKind.FILE_REVIEW: lambda facts: _("Readers: %(readers)s.") % {"readers": facts["readers"]},
    SourceKind.ORGAN_OPINION: lambda facts: _("Mean of %(items)s known items.") % {"items": facts["items"]},
    SourceKind.TIME_LIMITS: _filing_note,
    SourceKind.SELF_ASSESSMENT: lambda facts: (
        _("Item by item, the firm's own marks lie %(apart)s points of 100 from the result.")
        % {"apart": half_up(Decimal(facts["apart"]))}
    ),
}

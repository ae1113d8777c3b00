"""Proving scores of a period: weighed again from what they keep, and from the evidence of today. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from qa_service.cases.models import Case, EvidenceChange
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.calculation import Difference, Kept, between, differences, digest
from scoring.models import CaseScore, CaseVoice, Scheme
from scoring.queries.evidence import Gathered, gathered
from scoring.queries.schemes import published_schemes, rules_by
from scoring.queries.weighed import SCORE_SAYS, VOICE_SAYS, score_of, voice_of, weighed_by_its_scheme

A_FETCH = 500
A_BATCH = 200
SCORE_COLUMNS = ("score", "grade", "provisional", "coverage", "review_version")
VOICE_COLUMNS = ("score",)


@dataclass(frozen=True, slots=True)
class Proof:
    """One row looked at. `voice`: of what a client said no figure is told. `differences`: empty where it stands.

    `waiting`: the case is marked as changed, or its day has come, and the sweep will weigh it.
    """

    case: str
    row: int
    voice: bool = False
    waiting: bool = False
    differences: tuple[Difference, ...] = ()


def scheme_faults() -> list[Proof]:
    """Published schemes whose rules no longer have the digest under which they were published."""
    return [
        Proof("", scheme.version, differences=(Difference("digest", scheme.digest, digest(scheme.rules)),))
        for scheme in Scheme.objects.published().order_by("version")
        if digest(scheme.rules) != scheme.digest
    ]


def kept_proofs(period: Period | None, centre: Organisation | None) -> Iterator[Proof]:
    """Every score and voice of cases closed in the period, superseded ones too, row by row from the database."""
    schemes = {scheme.pk: rules_by(scheme) for scheme in Scheme.objects.defer("rules")}
    for rows, columns in ((CaseScore.objects.all(), SCORE_COLUMNS), (CaseVoice.objects.all(), VOICE_COLUMNS)):
        told = _of(rows, period, centre, place="case__centre").order_by("pk").values(
            *columns, "pk", "scheme_id", "derivation", "sha256", number=F("case__number")
        )  # fmt: skip
        for row in told.iterator(chunk_size=A_FETCH):
            kept = Kept(
                derivation=row["derivation"],
                sha256=row["sha256"],
                columns={name: row[name] for name in columns},
            )
            yield Proof(
                row["number"],
                row["pk"],
                voice=columns is VOICE_COLUMNS,
                differences=differences(kept, schemes[row["scheme_id"]]),
            )


def evidence_proofs(period: Period | None, centre: Organisation | None, *, now: datetime) -> Iterator[Proof]:
    """Whether the rows in force of each case are what its evidence of today comes to."""
    ids = _of(Case.objects.all(), period, centre, place="centre").order_by("pk").values_list("pk", flat=True)
    schemes = published_schemes()
    stream = ids.iterator(chunk_size=A_FETCH)
    while batch := list(islice(stream, A_BATCH)):
        scores = {row.case_id: row for row in CaseScore.objects.current().filter(case__in=batch)}
        voices = {row.case_id: row for row in CaseVoice.objects.current().filter(case__in=batch)}
        marked = set(EvidenceChange.objects.filter(case__in=batch).values_list("case_id", flat=True))
        for each in gathered(batch, schemes=schemes, now=now):
            score, voice = scores.get(each.case.pk), voices.get(each.case.pk)
            found = (*_score_missed(each, score, now), *_voice_missed(each, voice, now))
            come = score is not None and score.weigh_again_on is not None
            due = come and score.weigh_again_on <= today_at(each.case.centre, now)  # type: ignore[union-attr,operator]
            yield Proof(each.case.number, each.case.pk, waiting=each.case.pk in marked or due, differences=found)


def _score_missed(each: Gathered, current: CaseScore | None, now: datetime) -> tuple[Difference, ...]:
    if each.evidence.review is None and current is None:
        return ()
    fresh = score_of(each, weighed_by_its_scheme(each), version=0, now=now)
    return _missed(fresh, current, SCORE_SAYS)


def _voice_missed(each: Gathered, current: CaseVoice | None, now: datetime) -> tuple[Difference, ...]:
    fresh = voice_of(each, now=now)
    missed = _missed(fresh, current, VOICE_SAYS) if fresh or current else ()
    # That it differs is said, not how: what one client said is not for a terminal.
    return (Difference("voice", "", ""),) if missed else ()


def _missed(fresh: Any, current: Any, says: tuple[str, ...]) -> tuple[Difference, ...]:
    if fresh is None or current is None:
        return (Difference("row", _there(current), _there(fresh)),)
    places = [name for name in says if name != "sha256" and getattr(fresh, name) != getattr(current, name)]
    columns = [Difference(name, str(getattr(current, name)), str(getattr(fresh, name))) for name in places]
    return (*columns, *between(current.derivation, fresh.derivation))


def _there(row: Any) -> str:
    return "—" if row is None else str(row.pk or "+")


def _of(rows: QuerySet[Any], period: Period | None, centre: Organisation | None, *, place: str) -> QuerySet[Any]:
    """`place`: by which of its fields a row's centre is found; of rows no longer in force, through the case alone."""
    found = rows
    if period is not None:
        found = found.filter(closed_on__gte=period.start, closed_on__lt=period.end)
    return found if centre is None else found.filter(**{f"{place}__path__startswith": centre.path})

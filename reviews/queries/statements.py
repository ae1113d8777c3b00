"""The published sampling statement: what anybody may read of a draw, without an account."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, own_work
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.common.shares import ENOUGH
from qa_service.organisations.queries import issuer_name
from reviews.enums import MANAGING, AssignmentState, Band, Exclusion, NotReadable, Rule
from reviews.models import Assignment, CaseReview, FrameExclusion, Sample, SampledCase
from reviews.queries.previews import BY_RULE, LEAST_FRAME, handled_by_staff, stratum_shown, tells_why
from reviews.rates import Estimate, estimated_shares

Counted = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Words in the active language. Where `figures` is False nothing is told that risk could be read from.

    `rate` in percent; `strata` are (name, size, drawn at random). No case is named.
    """

    sample: Sample
    centre: str
    first_day: date
    last_day: date
    drawn_at: datetime
    rules: tuple[str, ...]
    rate: Decimal
    seed: str
    figures: bool
    frame: int
    drawn: int
    read_twice: int
    digest: str
    counts: tuple[Counted, ...] = ()
    strata: tuple[tuple[str, int, int], ...] = ()
    excluded: tuple[Counted, ...] = ()
    replaced: tuple[Counted, ...] = ()
    # Who left out or replaced how many.
    acted: tuple[Counted, ...] = ()
    city_wide: bool = False


def published_samples() -> QuerySet[Sample]:
    return Sample.objects.exclude(published_at=None).select_related("centre").order_by("-published_at", "-pk")


def statement_shown(sample: Sample) -> Statement:
    """As it is published.

    Where the rule of risk drew and somebody who manages the centre handled a case of the frame, themselves or their
    firm, no figure is told: beside what they see of others' files it would tell them of their own.
    """
    stored = sample.statement
    figures = tells_why(sample) or not handled_by_staff(
        centre=sample.centre, period=Period(sample.period_start, sample.period_end)
    )
    left = left_out_at_the_draw(sample) if figures else []
    strata = ((stratum_shown(each["name"]), each["size"], each["random"]) for each in stored["strata"])
    return Statement(
        sample=sample,
        centre=issuer_name(sample.centre_id),
        first_day=sample.period_start,
        last_day=sample.last_day,
        drawn_at=sample.drawn_at,
        rules=tuple(str(Rule(rule).label) for rule in stored["rules"]),
        rate=sample.rate * 100,
        seed=sample.seed,
        city_wide=sample.city_wide,
        figures=figures,
        frame=sample.frame_size if figures else 0,
        drawn=stored["drawn"] if figures else 0,
        read_twice=stored.get("read_twice", 0) if figures else 0,
        digest=stored["digest"] if figures else "",
        counts=tuple(_counts(sample)) if figures else (),
        strata=tuple(strata) if figures else (),
        excluded=_excluded(sample, left) if figures else (),
        replaced=replaced_counts(sample) if figures else (),
        acted=_acted(sample, left) if figures else (),
    )


def left_out_at_the_draw(sample: Sample) -> list[FrameExclusion]:
    """What stood when the sample was drawn, of the cases that the statement names as left out."""
    numbers = [each["number"] for each in sample.statement["excluded"] if each["reason"] == Exclusion.LEFT_OUT]
    if not numbers:
        return []
    then = Q(taken_back_at=None) | Q(taken_back_at__gt=sample.drawn_at)
    rows = FrameExclusion.objects.filter(
        then, case__centre=sample.centre, case__number__in=numbers, left_out_at__lte=sample.drawn_at
    )
    return list(rows.select_related("left_out_by"))


def _excluded(sample: Sample, left: Sequence[FrameExclusion]) -> tuple[Counted, ...]:
    """By reason; what the centre left out, by the kind that was given."""
    reasons = Counter(Exclusion(each["reason"]) for each in sample.statement["excluded"])
    reasons[Exclusion.LEFT_OUT] -= len(left)
    untold = tuple((str(reason.label), count) for reason, count in sorted(reasons.items()) if count > 0)
    kinds = Counter(NotReadable(each.kind) for each in left)
    told = (
        (_("Left out by the centre: %(reason)s") % {"reason": kind.label}, count)
        for kind, count in sorted(kinds.items())
    )
    return (*untold, *told)


def _acted(sample: Sample, left: Sequence[FrameExclusion]) -> tuple[Counted, ...]:
    """A file that is not read is somebody's decision, and the statement names who took it."""
    people = Counter(str(each.left_out_by) for each in left)
    rows = sample.cases.exclude(replaced_at=None).select_related("taken_out_by")
    people.update(str(row.taken_out_by) for row in rows)
    return tuple(sorted(people.items(), key=lambda each: (-each[1], each[0])))


def replaced_counts(sample: Sample) -> tuple[Counted, ...]:
    """How many files were taken out of it, by the kind of reason."""
    kinds = sample.cases.exclude(replaced_at=None).values_list("replaced_kind", flat=True)
    return _tallied(NotReadable(kind) for kind in kinds)


def _tallied(kinds: Iterable[NotReadable]) -> tuple[Counted, ...]:
    return tuple((str(kind.label), count) for kind, count in sorted(Counter(kinds).items()))


def _counts(sample: Sample) -> Iterable[Counted]:
    stored: dict[str, int] = sample.statement["counts"]
    at_random = stored.get(Rule.RANDOM, 0)
    if not tells_why(sample):
        stored = {Rule.RANDOM.value: at_random, BY_RULE: sample.statement["drawn"] - at_random}
    for rule, count in stored.items():
        yield (_("Drawn by a rule") if rule == BY_RULE else str(Rule(rule).label)), count


def files_with_places(rows: QuerySet[SampledCase]) -> QuerySet[SampledCase]:
    """With the number of the file in whose place each came, if it did, and whether somebody handed in its marks."""
    read = Assignment.objects.filter(case=OuterRef("case"), state=AssignmentState.SUBMITTED)
    before = SampledCase.objects.filter(replaced_by=OuterRef("pk")).values("case__number")[:1]
    return rows.annotate(stands_for=Subquery(before), read=Exists(read))


def grades_estimated(sample: Sample) -> tuple[tuple[str, Estimate], ...]:
    """Of all files of the frame, by what was found of the random share; of those whose result is released.

    Nothing where that were too few to say anything, or, where the rule of risk drew, few enough that it could be told
    which of the files read they are.
    """
    at_random = sample.cases.filter(replaced_at=None, weight__gt=0).values_list("case_id", "weight")
    weights: dict[int, Decimal] = dict(at_random)
    results = CaseReview.objects.current().filter(case__in=weights).exclude(released_at=None)
    rows = [(weights[case_id], grade) for case_id, grade in results.values_list("case_id", "grade")]
    if len(rows) < (ENOUGH if tells_why(sample) else LEAST_FRAME):
        return ()
    found = estimated_shares(rows)
    return tuple((str(band.label), found[band]) for band in Band if band in found)


def cases_left_out_by(user: User) -> QuerySet[Case]:
    """Cases that this person may take out of the frame, or in again: of their places, but not their own."""
    managed = Case.objects.filter(centre__in=organisations_reached(user, *MANAGING).values("pk"))
    return managed.exclude(own_work(user, lawyer="lawyer", firm="firm"))


def exclusions_standing(user: User) -> QuerySet[FrameExclusion]:
    rows: QuerySet[FrameExclusion] = FrameExclusion.objects.filter(
        case__in=cases_left_out_by(user).values("pk"), taken_back_at=None
    )
    return rows.select_related("case", "left_out_by").order_by("-left_out_at", "-pk")


def as_rows(statement: Statement) -> dict[str, Any]:
    """What a program is served of it."""
    return {
        "sample": statement.sample.public_id,
        "centre": statement.centre,
        "first_day": statement.first_day,
        "last_day": statement.last_day,
        "drawn_at": statement.drawn_at,
        "rules": statement.sample.statement["rules"],
        "rate": statement.sample.rate,
        "seed": statement.seed,
        "city_wide": statement.city_wide,
        "figures": statement.figures,
        "frame": statement.frame if statement.figures else None,
        "drawn": statement.drawn if statement.figures else None,
        "read_twice": statement.read_twice if statement.figures else None,
        "digest": statement.digest,
        "strata": [{"name": name, "size": size, "random": random} for name, size, random in statement.strata],
        "counts": [{"name": name, "files": count} for name, count in statement.counts],
        "excluded": [{"name": name, "files": count} for name, count in statement.excluded],
        "replaced": [{"name": name, "files": count} for name, count in statement.replaced],
        "acted": [{"name": name, "files": count} for name, count in statement.acted],
    }

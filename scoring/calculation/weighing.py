"""The case grade from professional evidence, and a client's voice apart from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from scoring.calculation.figures import CONTEXT, FULL, ZERO, text
from scoring.calculation.rules import Rules, band, moved
from scoring.enums import Grade, Reason, SourceKind
from scoring.evidence import CaseEvidence, ClientAnswer, FileReview, Filing

# Best first; a cap lets a grade only fall.
ORDER = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS, Grade.FAIL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One source: `value` 0 to 100 or None where it is missing, its weight, and what it adds to the figure.

    `facts` are the few numbers behind the value, as text.
    """

    source: str
    applies: bool
    value: Decimal | None
    weight: Decimal
    contribution: Decimal | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """`score` and `coverage` are 0 to 100, unrounded; there is no score without a settled grade."""

    grade: Grade
    score: Decimal | None
    coverage: Decimal
    provisional: bool
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceResult:
    """A client's voice, 0 to 100, unrounded."""

    score: Decimal
    lines: tuple[Line, ...]


def weigh_case(evidence: CaseEvidence, rules: Rules) -> CaseResult:
    """The case grade from professional evidence: missing sources are weighted over; coverage says what was there."""
    with localcontext(CONTEXT):
        lines, score, coverage = _balance(_case_lines(evidence, rules))
        grade, reasons = _grade(evidence, rules, score, coverage)
        if grade in ORDER and _lacks_required(lines, rules):
            grade, reasons = Grade.PENDING, (Reason.SOURCE_MISSING,)
        provisional = grade in ORDER and coverage < rules.provisional_below
        if provisional:
            reasons = (*reasons, Reason.PROVISIONAL)
        return CaseResult(
            grade=grade,
            score=score if grade in ORDER else None,
            coverage=coverage,
            provisional=provisional,
            lines=lines,
            reasons=reasons,
        )


def _case_lines(evidence: CaseEvidence, rules: Rules) -> tuple[Line, ...]:
    review = evidence.review
    read = review.score if review is not None and review.settled and not review.veto_pending else None
    values: dict[SourceKind, tuple[bool, Decimal | None, dict[str, str]]] = {
        SourceKind.FILE_REVIEW: (True, read, _review_facts(review) if read is not None else {}),
        SourceKind.ORGAN_OPINION: _organ(evidence, rules),
        SourceKind.HEARING: (evidence.hearing_applies, evidence.hearing, {}),
        SourceKind.TIME_LIMITS: (True, *_filing(evidence.filing, rules)),
        SourceKind.SELF_ASSESSMENT: _accuracy(evidence, read, rules),
    }
    return tuple(
        Line(source=source, applies=applies, value=value if applies else None, weight=weight, facts=facts)
        for source, weight in rules.case_weights.items()
        for applies, value, facts in [values[source]]
    )


def _review_facts(review: FileReview | None) -> dict[str, str]:
    return {} if review is None else {"readers": str(review.readers), "version": str(review.version)}


def _organ(evidence: CaseEvidence, rules: Rules) -> tuple[bool, Decimal | None, dict[str, str]]:
    marks = evidence.organ_marks
    if not evidence.organ_applies or not marks:
        return evidence.organ_applies, None, {}
    mean = sum((rules.scale[mark] for mark in marks), ZERO) / len(marks)
    return True, mean, {"items": str(len(marks))}


def _filing(filing: Filing, rules: Rules) -> tuple[Decimal | None, dict[str, str]]:
    if filing.filed_on is None:
        return (ZERO, {}) if filing.overdue and not filing.excused else (None, {})
    days = (filing.filed_on - filing.counted_from).days
    facts = {"days": str(days)} | ({} if filing.limit is None else {"limit": str(filing.limit)})
    if filing.excused:
        return FULL, facts | {"excused": "yes"}
    counted = days - moved(filing.limit, rules)
    return next((value for limit, value in rules.filing if counted <= limit), ZERO), facts


def _accuracy(
    evidence: CaseEvidence, read: Decimal | None, rules: Rules
) -> tuple[bool, Decimal | None, dict[str, str]]:
    """A firm is rewarded for seeing its file as the readers did, not for marking it high."""
    apart = evidence.self_assessment_gap
    if not evidence.self_assessment_applies or apart is None or read is None:
        return evidence.self_assessment_applies, None, {}
    return True, max(ZERO, FULL - rules.self_assessment_slope * apart), {"apart": str(text(apart))}


def _balance(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], Decimal | None, Decimal]:
    """Weigh what is there over what is missing: lines with their contributions, the figure and the coverage."""
    applicable = sum((line.weight for line in lines if line.applies), ZERO)
    present = sum((line.weight for line in lines if line.value is not None), ZERO)
    if not present:
        return lines, None, ZERO
    total = sum((line.weight * line.value for line in lines if line.value is not None), ZERO)
    weighed = tuple(_contributing(line, present) for line in lines)
    return weighed, total / present, present * FULL / applicable


def _lacks_required(lines: tuple[Line, ...], rules: Rules) -> bool:
    return any(line.applies and line.value is None and line.source in rules.required for line in lines)


def _contributing(line: Line, present: Decimal) -> Line:
    if line.value is None:
        return line
    # Field by field: `replace` takes half as long as everything else here.
    return Line(
        source=line.source,
        applies=line.applies,
        value=line.value,
        weight=line.weight,
        contribution=line.weight * line.value / present,
        facts=line.facts,
    )


def _grade(
    evidence: CaseEvidence, rules: Rules, score: Decimal | None, coverage: Decimal
) -> tuple[Grade, tuple[Reason, ...]]:
    review = evidence.review
    if review is None:
        return Grade.NONE, (Reason.NO_FILE_REVIEW,)
    if review.veto_pending:
        return Grade.PENDING, (Reason.VETO_PENDING,)
    if score is None or not review.settled:
        return Grade.PENDING, (Reason.READING_GOES_ON,)
    return _settled(review, rules, score, coverage)


def _settled(review: FileReview, rules: Rules, score: Decimal, coverage: Decimal) -> tuple[Grade, tuple[Reason, ...]]:
    grade = band(score, rules)
    reasons: tuple[Reason, ...] = ()
    if grade == Grade.EXCELLENT:
        reasons = _lacks_of_excellence(review, rules, coverage)
        grade = Grade.GOOD if reasons else grade
    if review.cap is not None and ORDER.index(review.cap) > ORDER.index(grade):
        # The cap says all there is to say: what excellence lacked no longer matters.
        return review.cap, (Reason.CAPPED,)
    if grade == Grade.FAIL and review.cap != Grade.FAIL and review.readers < rules.fail_readers:
        return Grade.PENDING, (Reason.FAIL_NEEDS_READER,)
    return grade, reasons


def _lacks_of_excellence(review: FileReview, rules: Rules, coverage: Decimal) -> tuple[Reason, ...]:
    # Two who differ by more need a third: with one more reader than is asked for, the median stands.
    enough = review.readers >= rules.excellent_readers
    agree = review.spread <= rules.excellent_spread or review.readers > rules.excellent_readers
    lacks = {
        Reason.NOT_TWO_READERS: not (enough and agree),
        Reason.CAPPED: review.cap not in {None, Grade.EXCELLENT},
        Reason.LOW_COVERAGE: coverage < rules.excellent_coverage,
    }
    return tuple(reason for reason, lacking in lacks.items() if lacking)


def readers_asked(review: FileReview | None, result: CaseResult, rules: Rules) -> int:
    """How many readers the grade takes where one more could settle it or make it the best; 0 where none is asked for.

    What excellence lacks besides readers no reader mends: then nobody is asked to read for nothing.
    """
    if Reason.FAIL_NEEDS_READER in result.reasons:
        return rules.fail_readers
    if review is not None and result.grade == Grade.GOOD and result.reasons == (Reason.NOT_TWO_READERS,):
        # Enough readers who lie too far apart: with one more the median stands.
        return rules.excellent_readers + (review.readers >= rules.excellent_readers)
    return 0


def weigh_voices(answers: Sequence[ClientAnswer], rules: Rules) -> VoiceResult | None:
    """One case, one voice: the mean of its clients, each heard alike. None where nothing can be weighed."""
    weighed = [result for answer in answers if (result := weigh_voice(answer, rules)) is not None]
    if len(weighed) < 2:  # noqa: PLR2004 - one client is heard in full
        return weighed[0] if weighed else None
    with localcontext(CONTEXT):
        lines, score, _coverage = _balance(
            tuple(Line(source="client", applies=True, value=result.score, weight=Decimal(1)) for result in weighed)
        )
        return None if score is None else VoiceResult(score=score, lines=lines)


def weigh_voice(answer: ClientAnswer, rules: Rules) -> VoiceResult | None:
    """Half the overall rating, half the mean of the questions on service; None where nothing can be weighed."""
    with localcontext(CONTEXT):
        overall = None if answer.overall is None or answer.result_only else rules.scale[answer.overall]
        words = [rules.words[word] for _question, word in answer.service if word in rules.words]
        service = sum(words, ZERO) / len(words) if words else None
        halves = (("overall", overall), ("service", service))
        lines, score, _coverage = _balance(
            tuple(
                Line(source=name, applies=True, value=value, weight=weight)
                for (name, value), weight in zip(halves, rules.voice_weights, strict=True)
            )
        )
        return None if score is None else VoiceResult(score=score, lines=lines)

"""Translating what the other rooms know of cases into the words of weighing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa_service.cases.enums import Stage
from qa_service.cases.filing import counted_from
from qa_service.cases.models import Case
from qa_service.organisations.queries import today_at
from reviews.enums import Standing as VetoStanding
from reviews.queries import (
    FileEvidence,
    HearingEvidence,
    ReviewEvidence,
    SelfAssessmentEvidence,
    accepted_lateness,
    file_evidence,
    filing_limit,
    hearing_evidence,
    review_evidence,
    self_assessment_evidence,
)
from scoring.calculation import overdue_from
from scoring.enums import Grade
from scoring.evidence import CaseEvidence, ClientAnswer, FileReview, Filing
from scoring.models import Scheme
from scoring.queries.schemes import Schemes, rules_by
from surveys.enums import Answerer
from surveys.queries import ClientAnswers, OrganOpinion, asked_organs, client_answers, organ_opinions

# Stages before a court, a procuratorate or the police. Others have an organ where one was asked.
STAGES_WITH_AN_ORGAN = frozenset(
    {
        Stage.INVESTIGATION,
        Stage.PROSECUTION_REVIEW,
        Stage.TRIAL,
        Stage.FIRST_INSTANCE,
        Stage.SECOND_INSTANCE,
        Stage.RETRIAL,
        Stage.ENFORCEMENT,
    }
)
SERVICE_QUESTIONS = ("q2", "q3", "q4", "q5", "q7")
RESULT_ONLY = "result"


@dataclass(frozen=True, slots=True)
class Heard:
    """A client's answer with where it came from."""

    answer: ClientAnswer
    client_id: int
    response_id: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is known of one case today, and by which scheme it weighs. `heard`: the earliest answer first.

    `weigh_again_on`: when the passing of time alone will change the evidence.
    """

    case: Case
    scheme: Scheme
    evidence: CaseEvidence
    heard: tuple[Heard, ...]
    released_on: date | None
    weigh_again_on: date | None


def gathered(case_ids: Iterable[int], *, schemes: Schemes, now: datetime) -> list[Gathered]:
    """Evidence of these cases, by the day of their centres; the number of queries does not grow with the cases."""
    ids = list(case_ids)
    reviews = review_evidence(ids)
    organs: dict[int, list[OrganOpinion]] = {}
    for opinion in organ_opinions(ids):
        organs.setdefault(opinion.case_id, []).append(opinion)
    answers: dict[int, list[ClientAnswers]] = {}
    for given in client_answers(ids):
        answers.setdefault(given.case_id, []).append(given)
    excused, asked, files = accepted_lateness(ids), asked_organs(ids), file_evidence(ids)
    hearings, own_marks = hearing_evidence(ids), self_assessment_evidence(ids)
    cases = Case.objects.filter(pk__in=ids).select_related("centre__settings").order_by("pk")
    return [
        _gathered(
            case,
            reviews.get(case.pk),
            organs.get(case.pk, []),
            answers.get(case.pk, []),
            organ_asked=case.pk in asked,
            excused=case.pk in excused,
            file=files.get(case.pk),
            hearing=hearings.get(case.pk),
            own_marks=own_marks.get(case.pk),
            scheme=schemes.on(case.day_closed),
            today=today_at(case.centre, now),
        )
        for case in cases
    ]


def _gathered(
    case: Case,
    review: ReviewEvidence | None,
    opinions: list[OrganOpinion],
    answers: list[ClientAnswers],
    *,
    organ_asked: bool,
    excused: bool,
    file: FileEvidence | None,
    hearing: HearingEvidence | None,
    own_marks: SelfAssessmentEvidence | None,
    scheme: Scheme,
    today: date,
) -> Gathered:
    begun = counted_from(case.day_closed, case.judgment_received_on)
    days, rules = filing_limit(case), rules_by(scheme)
    limit = None if days == rules.filing[0][0] else days
    overdue_on = overdue_from(begun, rules, limit) + timedelta(days=file.desk_days if file else 0)
    filed_on = file.day(today) if file else case.filed_on
    overdue = filed_on is None and today >= overdue_on
    marks = tuple(mark for opinion in opinions for mark in _known_items(opinion))
    evidence = CaseEvidence(
        review=_review(review) if review else None,
        filing=Filing(counted_from=begun, filed_on=filed_on, limit=limit, overdue=overdue, excused=excused),
        organ_applies=organ_asked or bool(marks) or (case.stage in STAGES_WITH_AN_ORGAN and bool(case.organ)),
        organ_marks=marks,
        hearing_applies=hearing is not None,
        hearing=hearing.score if hearing else None,
        self_assessment_applies=own_marks is not None,
        self_assessment_gap=own_marks.gap if own_marks else None,
    )
    return Gathered(
        case=case,
        scheme=scheme,
        evidence=evidence,
        heard=tuple(_heard(given) for given in answers if given.answerer != Answerer.OTHER),
        released_on=review.released_on if review and review.released else None,
        weigh_again_on=_weigh_again_on(file, filed_on, overdue_on=overdue_on, overdue=overdue),
    )


def _weigh_again_on(
    file: FileEvidence | None, filed_on: date | None, *, overdue_on: date, overdue: bool
) -> date | None:
    """A file not handed in becomes overdue; one sent back counts as not there once its day has passed."""
    if filed_on is None:
        return None if overdue else overdue_on
    return file.correct_by + timedelta(days=1) if file and file.correct_by else None


def _review(found: ReviewEvidence) -> FileReview:
    return FileReview(
        version=found.version,
        score=found.score,
        settled=found.released,
        veto_pending=found.veto_state == VetoStanding.PENDING,
        cap=Grade(found.grade_cap.value) if found.grade_cap else None,
        readers=found.readers,
        spread=found.spread,
    )


def _known_items(opinion: OrganOpinion) -> list[int]:
    return [mark for mark in (opinion.q1, opinion.q2, opinion.q3, opinion.q4, opinion.q5) if mark is not None]


def _heard(given: ClientAnswers) -> Heard:
    words = ((code, getattr(given, code)) for code in SERVICE_QUESTIONS)
    answer = ClientAnswer(
        overall=given.q1,
        service=tuple((code, word) for code, word in words if word is not None),
        result_only=given.q8 == RESULT_ONLY,
    )
    return Heard(answer=answer, client_id=given.client_id, response_id=given.response_id, answered_at=given.answered_at)

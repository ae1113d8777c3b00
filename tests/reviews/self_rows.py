"""Self-assessments, each asked for by drawing a sample as in life."""

from decimal import Decimal
from typing import Any

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.models import CentreSettings, Organisation
from reviews.enums import Anchor, Rule
from reviews.models import Checklist, Sample, SelfAssessment
from reviews.queries.checklists import standard_of
from reviews.services.marks import MarkEntry
from reviews.services.samples import draw_sample
from reviews.services.self_assessments import save_self_assessment, submit_self_assessment
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import account_of, checklists, manager

QUARTER = Period.quarter(2026, 4)


def drawn(case: Case, *, by: User | None = None, seed: str = "self", on: bool = True) -> Sample:
    """All closed cases of the quarter are drawn; the centre has self-assessment switched on, unless said otherwise."""
    if not Checklist.objects.exists():
        checklists()
    CentreSettings.objects.filter(centre=case.centre).update(self_assessment=on)
    return draw_sample(
        centre=case.centre, period=QUARTER, seed=seed, rate=Decimal(1), rules=[Rule.RANDOM],
        user=by or manager(case.centre), now=NOW,
    )  # fmt: skip


def asked(at: Organisation | None = None, **fields: Any) -> SelfAssessment:
    """Its lawyer has an account."""
    case = factories.case(at or factories.centre(), **fields)
    account_of(case.lawyer)
    drawn(case)
    return SelfAssessment.objects.get(case=case)


def asked_without_a_draw(case: Case) -> SelfAssessment:
    """Among files of which a sample is drawn otherwise."""
    checklist = Checklist.objects.get(code="civil-self")
    return SelfAssessment.objects.create(case=case, checklist=checklist, asked_at=NOW, due_on=NOW.date())


def lawyer_of(row: SelfAssessment) -> User:
    return User.objects.get(lawyer=row.case.lawyer)


def entries(row: SelfAssessment, **anchors: Anchor) -> list[MarkEntry]:
    """Full unless said otherwise, each deduction with words and neither reason nor page."""
    given = {code: anchors.get(code, Anchor.FULL) for code in standard_of(row.checklist).items}
    return [
        MarkEntry(item=code, anchor=anchor, comment="" if anchor == Anchor.FULL else "记录不够及时")
        for code, anchor in given.items()
    ]


def marked(row: SelfAssessment, *, user: User | None = None, **anchors: Anchor) -> SelfAssessment:
    return save_self_assessment(
        assessment_id=row.public_id,
        version=row.version,
        entries=entries(row, **anchors),
        comment="自评",
        user=user or lawyer_of(row),
        now=NOW,
    )


def handed_in(row: SelfAssessment, *, user: User | None = None, **anchors: Anchor) -> SelfAssessment:
    user = user or lawyer_of(row)
    version = marked(row, user=user, **anchors).version
    return submit_self_assessment(assessment_id=row.public_id, version=version, user=user, now=NOW)

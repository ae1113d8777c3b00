"""Rows of file review, each made through the services that make them in life."""

from datetime import date
from decimal import Decimal
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.models import Lawyer, Organisation
from reviews.enums import EVERY_STAGE, Anchor, ChecklistState, Purpose
from reviews.models import Assignment, CaseReview, Checklist, Review
from reviews.queries.checklists import standard_of
from reviews.services.assignments import assign_case
from reviews.services.checklists import publish_default_checklists
from reviews.services.marks import MarkEntry, save_marks
from reviews.services.submission import submit_review
from tests import factories
from tests.factories import NOW
from tests.scenes import scene

DUE = date(2026, 12, 4)


def checklists_in_force(purpose: Purpose = Purpose.FILE_REVIEW) -> dict[str, Checklist]:
    """Of those that came with the service the one of each type of case."""
    found = Checklist.objects.filter(owner=None, stage=EVERY_STAGE, state=ChecklistState.PUBLISHED, purpose=purpose)
    return {checklist.case_type: checklist for checklist in found}


@scene
def checklists() -> dict[str, Checklist]:
    publish_default_checklists(now=NOW)
    return checklists_in_force()


def reviewer(at: Organisation, **fields: Any) -> User:
    firm = factories.firm(at)
    return factories.user(Role.REVIEWER, at=at, of=factories.lawyer(firm), **fields)


def manager(at: Organisation, **fields: Any) -> User:
    return factories.user(Role.MANAGER, at=at, **fields)


@scene
def assignment(case: Case | None = None, reader: User | None = None, **fields: Any) -> Assignment:
    if not Checklist.objects.exists():
        checklists()
    case = case or factories.case(factories.centre())
    person = reader or reviewer(case.centre)
    return assign_case(case=case, reviewer=person, due_on=DUE, user=fields.pop("by", person), now=NOW, **fields)


def entries(checklist: Checklist, **anchors: Anchor) -> list[MarkEntry]:
    """Marks for every item: full unless said otherwise, each deduction with its reason and page."""
    standard = standard_of(checklist)
    return [
        MarkEntry(item=code, anchor=Anchor.FULL)
        if anchors.get(code, Anchor.FULL) == Anchor.FULL
        else MarkEntry(item=code, anchor=anchors[code], reason_code="other", page="12", comment="见第12页")
        for code in standard.items
    ]


@scene
def marked(row: Assignment, **anchors: Anchor) -> Review:
    review = Review.objects.get(assignment=row)
    save_marks(
        review_id=review.public_id,
        version=review.version,
        entries=entries(row.checklist, **anchors),
        user=User.objects.get(pk=row.reviewer_id),
        now=NOW,
    )
    return Review.objects.get(pk=review.pk)


@scene
def submitted(row: Assignment, **anchors: Anchor) -> Review:
    review = marked(row, **anchors)
    user = User.objects.get(pk=row.reviewer_id)
    return submit_review(review_id=review.public_id, version=review.version, user=user, now=NOW)


GOOD: dict[str, Any] = {"A2": Anchor.PARTLY, "C2": Anchor.PARTLY}  # 100 − 4.2 − 8.4 = 87.4 on the civil list
GOOD_SCORE = Decimal("87.4")


@scene
def account_of(lawyer: Lawyer) -> User:
    """The lawyer's own, opened unless it is there: who has one is told of a release on their home."""
    found = User.objects.filter(lawyer=lawyer).first()
    return found or factories.user(Role.LAWYER, of=lawyer)


@scene
def released(case: Case, *, reads: bool = True, **anchors: Anchor) -> CaseReview:
    """Read once and released; the lawyer has an account and was told there, unless `reads` says otherwise."""
    if reads:
        account_of(case.lawyer)
    submitted(assignment(case), **(anchors or GOOD))
    return CaseReview.objects.current().get(case=case)

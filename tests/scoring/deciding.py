"""Cases on the way from marks to notices, each step taken through the service that takes it in life."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.files.services import open_file
from qa_service.organisations.models import Firm, Lawyer, Organisation
from reviews.enums import Anchor
from reviews.models import Assignment, CaseReview, Review
from reviews.services.assignments import add_next_reader
from reviews.services.marks import save_marks
from reviews.services.objections import Ruling, decide_objection, key_in_objection
from reviews.services.submission import submit_review
from reviews.services.telling import serve_result
from scoring.enums import Outcome, RuleCode
from scoring.models import Notice, Proposal
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import ask_for_statement, decide, finish_displays, give_statement
from scoring.services.proposals import propose
from scoring.services.rules import publish_default_rules
from scoring.services.schemes import publish_default_scheme
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scenes import scene
from tests.stage import Stage

# The time to object to marks released at NOW ends on Friday 4 December; on Monday the rules look.
MONDAY = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
# Decided on Monday: on display from Tuesday 8 to Monday 14 December.
DISPLAY_OVER = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
CORE_ITEM = {"A2": Anchor.NONE, "C2": Anchor.PARTLY}  # good, so that one reader is enough
BAD = dict.fromkeys(("A1", "A2", "B1", "B2", "C1", "C2", "C3", "D1"), Anchor.NONE)


@dataclass(frozen=True, slots=True)
class Office:
    """A centre below its bureau and the people of a decision."""

    centre: Organisation
    firm: Firm
    lawyer: Lawyer
    manager: User
    supervisor: User
    handler: User

    def case(self, **fields: Any) -> Case:
        return factories.case(self.centre, **({"firm": self.firm, "lawyer": self.lawyer} | fields))


@scene
def office(**settings: Any) -> Office:
    return office_below(factories.organisation("bureau"), **settings)


def office_below(bureau: Organisation, **settings: Any) -> Office:
    centre = factories.centre(bureau, settings=settings)
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    publish_default_scheme(now=NOW)
    publish_default_rules(now=NOW)
    return Office(
        centre=centre,
        firm=firm,
        lawyer=lawyer,
        manager=factories.user(Role.MANAGER, at=centre),
        supervisor=factories.user(Role.SUPERVISOR, at=bureau),
        handler=factories.user(Role.LAWYER, of=lawyer),
    )


def submitted(row: Assignment, anchors: dict[str, Anchor], remark: str, absent: str = "") -> None:
    """Marked and submitted, with a reader's own words beside each deduction; the paper of item `absent` is missing."""
    reader = User.objects.get(pk=row.reviewer_id)
    entries = [
        replace(entry, comment=remark) if remark and entry.comment else entry
        for entry in reviews.entries(row.checklist, **anchors)
    ]
    entries = [
        replace(entry, reason_code="missing", page="", comment="") if entry.item == absent else entry
        for entry in entries
    ]
    review = Review.objects.get(assignment=row)
    save_marks(review_id=review.public_id, version=review.version, entries=entries, user=reader, now=NOW)
    review.refresh_from_db()
    submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)


@scene
def read(
    case: Case,
    anchors: dict[str, Anchor] | None = None,
    *,
    times: int = 2,
    remark: str = "",
    then: str = "",
    absent: str = "",
    told: bool = True,
) -> list[Assignment]:
    """The file read by so many people who agree, released and weighed; `then`: what the later ones remark.

    `told`: a lawyer without an account is handed the paper.
    """
    first = reviews.assignment(case)
    submitted(first, anchors or {}, remark, absent)
    rows = [first]
    for _time in range(times - 1):
        by = reviews.manager(case.centre)
        rows.append(add_next_reader(case=case, reviewer=reviews.reviewer(case.centre), user=by, now=NOW))
        submitted(rows[-1], anchors or {}, then or remark, absent)
    if told:
        _told(case)
    rescore_changed(now=NOW)
    return rows


def correct_marks(case: Case, **marks: Anchor) -> None:
    """An objection that came on paper in time, was typed in afterwards and upheld; no sweep has run since."""
    result = CaseReview.objects.current().get(case=case)
    person = reviews.manager(case.centre)
    objection = key_in_objection(
        result=result, items=list(marks), statement="不服。", received_on=result.objection_until, user=person,
        now=DISPLAY_OVER,
    )  # fmt: skip
    new = {entry.item: entry for entry in reviews.entries(result.checklist, **marks)}
    rulings = [Ruling(item, upheld=True, mark=new[item]) for item in marks]
    decide_objection(objection=objection, rulings=rulings, answer="成立。", user=person, now=DISPLAY_OVER)


def _told(case: Case) -> None:
    """A lawyer without an account is handed the paper on the day of the release."""
    for result in CaseReview.objects.untold().filter(case=case):
        serve_result(result=result, served_on=NOW.date(), user=reviews.manager(case.centre), now=NOW)


@scene
def proposed(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Proposal]:
    """One proposal of the rule, on the Monday after the time to object."""
    place = at or office()
    said = {name: fields.pop(name, "") for name in ("remark", "then", "absent")}
    case = place.case(**fields)
    marks: dict[str, Anchor] = {RuleCode.R1: {}, RuleCode.S1: CORE_ITEM, RuleCode.S2: BAD}[code]
    read(case, marks, times=1 if code == RuleCode.S1 else 2, **said)
    propose(now=MONDAY)
    return place, Proposal.objects.get(case=case, code=code)


@scene
def heard(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Proposal]:
    place, row = proposed(code, at or office(), **fields)
    ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
    give_statement(proposal=row, person=place.handler, text="材料已补正。", now=MONDAY)
    return place, Proposal.objects.get(pk=row.pk)


@scene
def accepted(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Proposal]:
    """Decided by the manager; a commendation is on display."""
    place, row = (proposed if code == RuleCode.R1 else heard)(code, at or office(), **fields)
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
    return place, Proposal.objects.get(pk=row.pk)


@scene
def ready(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Proposal]:
    """As accepted; the display of a commendation is over."""
    place, row = accepted(code, at or office(), **fields)
    finish_displays(now=DISPLAY_OVER)
    return place, Proposal.objects.get(pk=row.pk)


@scene
def numbered(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Notice]:
    """Issued by the supervisor; the file is still to come."""
    place, row = ready(code, at or office(), **fields)
    return place, issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)


@scene
def issued(code: RuleCode, at: Office | None = None, **fields: Any) -> tuple[Office, Notice]:
    place, notice = numbered(code, at or office(), **fields)
    render_notices(now=DISPLAY_OVER)
    return place, Notice.objects.get(pk=notice.pk)


def printed(notice: Notice) -> bytes:
    """The file of an issued notice."""
    assert notice.file is not None
    with open_file(notice.file) as file:
        return bytes(file.read())


@scene
def contraries(at: Office | None = None) -> tuple[Office, Proposal, Proposal]:
    """An excellent file in which one core item is worth nothing: praise and coaching are both proposed."""
    place = at or office()
    case = place.case()
    read(case, {"A2": Anchor.NONE})
    propose(now=MONDAY)
    rows = {row.code: row for row in Proposal.objects.filter(case=case)}
    return place, rows[RuleCode.R1], rows[RuleCode.S1]


class SameScene:
    """Tests that begin alike: the scene is built once for all of them, and each plays over its own copy."""

    @staticmethod
    def scene() -> tuple[Office, Any]:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage, fonts: object) -> tuple[Office, Any]:
        return stage(cls.scene)

    @pytest.fixture
    def begun(self, built: tuple[Office, Any]) -> tuple[Office, Any]:
        return deepcopy(built)

    @pytest.fixture
    def place(self, begun: tuple[Office, Any]) -> Office:
        return begun[0]

    @pytest.fixture
    def row(self, begun: tuple[Office, Proposal]) -> Proposal:
        return begun[1]

    @pytest.fixture
    def notice(self, begun: tuple[Office, Notice]) -> Notice:
        return begun[1]

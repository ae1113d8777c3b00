"""From proposal to decision: no step is skipped, and nobody decides about work of their own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.cases.services import clear_risk_flag, evidence_changed, raise_risk_flag
from qa_service.common.errors import InvalidInput, NotIndependent, NotPermitted
from qa_service.notifications.models import Notification
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import Membership
from reviews.models import Relation
from scoring import wording
from scoring.enums import FIRST_RUN, Bar, Outcome, Point, ProposalState, RuleCode, TaskState
from scoring.models import CorrectiveTask, Decision, Proposal, PublicDisplay, Rule, Statement
from scoring.queries.notices import displays_today
from scoring.queries.proposals import bar_of, steps
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import (
    NotHeard,
    StepNotDue,
    ask_for_statement,
    close_task,
    decide,
    finish_displays,
    give_statement,
    stop_display,
)
from scoring.services.proposals import propose
from scoring.services.rules import publish_default_rules
from scoring.services.scores import rescore_changed
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.at_once import just_before
from tests.factories import NOW
from tests.scoring.deciding import (
    BAD,
    DISPLAY_OVER,
    MONDAY,
    Office,
    SameScene,
    accepted,
    contraries,
    heard,
    office,
    proposed,
    read,
    ready,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


@pytest.mark.parametrize(
    ("code", "after"),
    [
        (RuleCode.R1, ["Decision", "Public display", "Issue"]),
        (RuleCode.S1, ["Telling the lawyer", "Hearing the lawyer", "Decision", "Coaching"]),
        (RuleCode.S2, ["Telling the lawyer", "Hearing the lawyer", "Decision", "Issue"]),
    ],
)
def test_each_rule_has_a_way_of_its_own(code: RuleCode, after: list[str]) -> None:
    _place, row = accepted(code)

    with override("en"):
        way = steps(row, today=MONDAY.date())

    assert [each.label for each in way] == ["Proposal", *after]
    assert [each.state for each in way[-2:]] == (["current", "ahead"] if code == RuleCode.R1 else ["done", "current"])


def decide_as(person: User, row: Proposal, *, now: datetime = MONDAY, outcome: Outcome = Outcome.ACCEPT) -> Decision:
    return decide(proposal=row, person=person, outcome=outcome, reason="理由。", now=now)


def state_of(row: Proposal) -> str:
    return Proposal.objects.get(pk=row.pk).state


def complain(row: Proposal) -> None:
    raise_risk_flag(case_id=row.the_case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=MONDAY)
    evidence_changed(row.the_case.pk)
    rescore_changed(now=MONDAY)


def told(row: Proposal, place: Office) -> None:
    ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
    give_statement(proposal=row, person=place.handler, text="材料已补正。", now=MONDAY)


# --- rules propose ---------------------------------------------------------------------------------------------------


def test_default_rules_are_published_once() -> None:
    assert [publish_default_rules(now=NOW), publish_default_rules(now=NOW)] == [3, 0]
    assert set(Rule.objects.values_list("code", flat=True)) == {"R1", "S1", "S2"}
    assert Entry.objects.filter(action="scoring.rule_published").count() == 3


@pytest.mark.parametrize("code", FIRST_RUN)
def test_each_rule_proposes_what_it_is_for(code: RuleCode) -> None:
    _place, row = proposed(code)

    assert (row.code, row.state) == (code, ProposalState.PROPOSED)


def test_nothing_is_proposed_while_the_lawyer_may_still_object() -> None:
    read(office().case())

    assert propose(now=NOW + timedelta(days=3)) == 0
    assert propose(now=MONDAY) == 1


class TestARectificationThatIsProposed(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return proposed(RuleCode.S2)

    @pytest.mark.usefixtures("built")
    def test_a_second_sweep_proposes_nothing_again(self) -> None:
        before = Proposal.objects.count()

        assert propose(now=MONDAY) == 0
        assert Proposal.objects.count() == before
        assert Entry.objects.filter(action="scoring.proposed").count() == before

    def test_the_lawyer_has_five_working_days(self, place: Office, row: Proposal) -> None:
        statement = ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        assert statement.due_on == date(2026, 12, 14)
        assert Notification.objects.filter(user=place.handler, url=f"/scoring/statements/{row.public_id}").count() == 1

    def test_a_lawyer_who_lets_the_time_pass_was_heard(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        with pytest.raises(NotHeard):
            decide_as(place.manager, row, now=datetime(2026, 12, 14, 15, 59, tzinfo=UTC))  # 23:59 in Shanghai

        assert decide_as(place.manager, row, now=datetime(2026, 12, 14, 16, 0, tzinfo=UTC)).outcome == Outcome.ACCEPT

    def test_a_statement_is_given_once_and_in_time(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        with pytest.raises(StepNotDue):
            give_statement(proposal=row, person=place.handler, text="迟了", now=DISPLAY_OVER)
        give_statement(proposal=row, person=place.handler, text="陈述", now=MONDAY)
        with pytest.raises(StepNotDue):
            give_statement(proposal=row, person=place.handler, text="再次", now=MONDAY)

        assert Statement.objects.get().text == "陈述"
        assert Notification.objects.filter(user=place.manager, text=wording.STATEMENT_GIVEN).count() == 1

    def test_nobody_speaks_for_the_lawyer(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        with pytest.raises(NotPermitted):
            give_statement(proposal=row, person=place.manager, text="代答", now=MONDAY)
        with pytest.raises(InvalidInput):
            give_statement(proposal=row, person=place.handler, text=" ", now=MONDAY)

    def test_the_lawyer_is_asked_once_and_never_about_a_reward(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        _place, reward = proposed(RuleCode.R1, place)

        for each in (row, reward):
            with pytest.raises(StepNotDue):
                ask_for_statement(proposal=each, person=place.manager, now=MONDAY)

    @pytest.mark.parametrize("told", [False, True])
    def test_what_is_plainly_wrong_is_declined_at_once_and_only_who_was_told_hears_of_it(
        self, place: Office, row: Proposal, told: bool
    ) -> None:
        if told:
            ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        before = Notification.objects.filter(user=place.handler).count()

        decide_as(place.manager, row, outcome=Outcome.DECLINE)

        assert state_of(row) == ProposalState.DECLINED
        assert Notification.objects.filter(user=place.handler).count() - before == told


class TestACommendationThatIsProposed(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return proposed(RuleCode.R1)

    def test_managers_are_told_once_of_what_is_proposed(self, place: Office) -> None:
        assert Notification.objects.filter(user=place.manager, url="/scoring/proposals").count() == 1

    def test_new_marks_overtake_an_open_proposal(self, row: Proposal) -> None:
        Proposal.objects.filter(pk=row.pk).update(trigger="review:0")  # rested on marks that were corrected since
        evidence_changed(row.the_case.pk)
        rescore_changed(now=MONDAY)

        propose(now=MONDAY)

        assert state_of(row) == ProposalState.OVERTAKEN
        assert Proposal.objects.get(case=row.case, trigger=row.trigger).state == ProposalState.PROPOSED

    def test_nobody_accepts_what_has_lost_its_ground(self, place: Office, row: Proposal) -> None:
        Proposal.objects.filter(pk=row.pk).update(trigger="review:0")

        with pytest.raises(StepNotDue):
            decide_as(place.manager, row)

        assert decide_as(place.manager, row, outcome=Outcome.DECLINE).outcome == Outcome.DECLINE

    def test_nobody_accepts_a_commendation_while_a_complaint_is_open(self, place: Office, row: Proposal) -> None:
        complain(row)

        with pytest.raises(StepNotDue):
            decide_as(place.manager, row)

        assert decide_as(place.manager, row, outcome=Outcome.DECLINE).outcome == Outcome.DECLINE

    @pytest.mark.parametrize("reason", ["", " ", "短", "短。", "。。。。", "x!"])
    @pytest.mark.parametrize("outcome", [Outcome.ACCEPT, Outcome.DECLINE])
    def test_a_decision_needs_reasons_and_one_sign_is_none(
        self, place: Office, row: Proposal, outcome: Outcome, reason: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            decide(proposal=row, person=place.manager, outcome=outcome, reason=reason, now=MONDAY)

        assert (refused.value.field, Decision.objects.exists()) == ("reason", False)


def test_a_rule_without_a_basis_proposes_nothing() -> None:
    place = office()
    for rule in Rule.objects.all():  # switched off by a next version
        Rule.objects.create(code=rule.code, version=2, enabled=False, published_at=NOW)
    read(place.case())

    assert propose(now=MONDAY) == 0


def test_no_commendation_is_proposed_while_a_complaint_is_open() -> None:
    place = office()
    case = place.case()
    read(case)
    raise_risk_flag(case_id=case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=NOW)

    assert propose(now=MONDAY) == 0
    clear_risk_flag(case_id=case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=MONDAY)
    rescore_changed(now=MONDAY)
    assert propose(now=MONDAY) == 1


class TestACommendationOnDisplay(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return accepted(RuleCode.R1)

    def test_a_complaint_holds_a_commendation_until_it_is_closed(self, place: Office, row: Proposal) -> None:
        complain(row)
        propose(now=MONDAY)
        finish_displays(now=DISPLAY_OVER)

        assert state_of(row) == ProposalState.ACCEPTED
        with pytest.raises(StepNotDue):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        RiskFlag.objects.update(cleared_at=DISPLAY_OVER)
        assert issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER).number == 1

    def test_an_accepted_commendation_is_displayed_for_five_working_days(self, row: Proposal) -> None:
        display = PublicDisplay.objects.get(proposal=row)

        assert (display.starts_on, display.ends_on, display.workdays) == (date(2026, 12, 8), date(2026, 12, 14), 5)
        assert row.state == ProposalState.ON_DISPLAY
        shown = next(each for each in steps(row, today=MONDAY.date()) if each.due == display.ends_on)
        assert (shown.state, shown.day) == ("current", None)

    @pytest.mark.usefixtures("built")
    @pytest.mark.parametrize(("day", "shown"), [(7, 0), (8, 1), (14, 1), (15, 0)])
    def test_the_public_sees_it_on_these_days_alone(self, day: int, shown: int) -> None:
        assert len(displays_today(now=datetime(2026, 12, day, 2, 0, tzinfo=UTC))) == shown

    def test_a_display_ends_after_its_last_day_and_only_then_may_be_issued(self, place: Office, row: Proposal) -> None:
        assert finish_displays(now=datetime(2026, 12, 14, 15, 59, tzinfo=UTC)) == 0
        with pytest.raises(StepNotDue):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        assert [finish_displays(now=DISPLAY_OVER), finish_displays(now=DISPLAY_OVER)] == [1, 0]
        assert Entry.objects.filter(action="scoring.display_completed", subject_id=str(row.pk)).count() == 1
        assert state_of(row) == ProposalState.ACCEPTED
        assert Notification.objects.filter(user=place.manager, text=wording.DISPLAY_OVER).count() == 1

    def test_an_objection_that_holds_at_the_moment_when_the_sweep_finds_the_display_over_ends_it(
        self, place: Office, row: Proposal
    ) -> None:
        def object_to_it() -> None:
            stop_display(proposal=row, person=place.supervisor, reason="异议成立", now=DISPLAY_OVER)

        with just_before('SELECT "scoring_proposal"', object_to_it):
            assert finish_displays(now=DISPLAY_OVER) == 0

        assert (state_of(row), PublicDisplay.objects.get().completed_at) == (ProposalState.DECLINED, None)

    def test_an_objection_that_holds_ends_the_display(self, place: Office, row: Proposal) -> None:
        stop_display(proposal=row, person=place.supervisor, reason="异议成立", now=MONDAY)

        assert state_of(row) == ProposalState.DECLINED
        assert finish_displays(now=DISPLAY_OVER) == 0
        with pytest.raises(StepNotDue):
            stop_display(proposal=row, person=place.supervisor, reason="再次", now=MONDAY)


class TestPraiseAndCoachingForOneFile(SameScene):
    @staticmethod
    def scene() -> tuple[Office, tuple[Proposal, Proposal]]:
        place, praise, coaching = contraries()
        told(coaching, place)
        return place, (praise, coaching)

    @pytest.fixture
    def praise(self, begun: tuple[Office, tuple[Proposal, Proposal]]) -> Proposal:
        return begun[1][0]

    @pytest.fixture
    def coaching(self, begun: tuple[Office, tuple[Proposal, Proposal]]) -> Proposal:
        return begun[1][1]

    @pytest.mark.parametrize("praise_first", [True, False])
    def test_of_praise_and_coaching_for_one_file_one_is_carried_out(
        self, place: Office, praise: Proposal, coaching: Proposal, praise_first: bool
    ) -> None:
        first, second = (praise, coaching) if praise_first else (coaching, praise)

        decide_as(place.manager, first)

        with pytest.raises(StepNotDue):
            decide_as(place.manager, second)
        assert decide_as(place.manager, second, outcome=Outcome.DECLINE).outcome == Outcome.DECLINE
        assert not {each["point"] for each in praise.counter_evidence}.isdisjoint({Point.OPPOSITE})

    def test_what_was_declined_or_withdrawn_stands_in_nobodys_way(
        self, place: Office, praise: Proposal, coaching: Proposal
    ) -> None:
        decide_as(place.manager, praise)
        finish_displays(now=DISPLAY_OVER)
        notice = issue_notice(proposal=praise, person=place.supervisor, now=DISPLAY_OVER)
        render_notices(now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            decide_as(place.manager, coaching)
        withdraw_notice(notice=notice, person=place.supervisor, reason="公示有误。", now=DISPLAY_OVER)

        assert decide_as(place.manager, coaching).outcome == Outcome.ACCEPT


# --- who may act -----------------------------------------------------------------------------------------------------


def test_whoever_marked_the_file_does_not_decide() -> None:
    place = office()
    marks = read(place.case(), BAD)
    reader = User.objects.get(pk=marks[0].reviewer_id)
    Grant.objects.create(user=reader, role=Role.MANAGER, organisation=place.centre)
    propose(now=MONDAY)
    row = Proposal.objects.get(code=RuleCode.S2)

    with pytest.raises(NotIndependent):
        ask_for_statement(proposal=row, person=User.objects.get(pk=reader.pk), now=MONDAY)
    with pytest.raises(NotIndependent):
        decide_as(User.objects.get(pk=reader.pk), row)


def the_lawyer(place: Office) -> User:
    Grant.objects.create(user=place.handler, role=Role.MANAGER, organisation=place.centre)
    return User.objects.get(pk=place.handler.pk)


def a_colleague(place: Office) -> User:
    return factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))


def the_head_of_the_firm(place: Office) -> User:
    return factories.user(Role.MANAGER, Role.FIRM, at=place.centre, heads=place.firm)


def a_colleague_at_another_centre(place: Office) -> User:
    """Each centre has a row of its own for the same firm."""
    elsewhere = factories.firm(factories.centre(), name=place.firm.name)
    return factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(elsewhere))


def the_head_of_the_firm_as_another_centre_knows_it(place: Office) -> User:
    elsewhere = factories.firm(factories.centre(), name=place.firm.name)
    return factories.user(Role.MANAGER, Role.FIRM, at=place.centre, heads=elsewhere)


def a_relation(place: Office) -> User:
    person = factories.user(Role.MANAGER, at=place.centre)
    Relation.objects.create(reviewer=person, lawyer=place.lawyer, declared_at=NOW)
    return person


def one_who_left_the_firm_after_the_case_began(place: Office) -> User:
    lawyer = factories.lawyer()
    Membership.objects.create(lawyer=lawyer, firm=place.firm, starts_on=date(2020, 1, 1), ends_on=date(2026, 6, 1))
    return factories.user(Role.MANAGER, at=place.centre, of=lawyer)


def a_neighbour(_place: Office) -> User:
    return factories.user(Role.MANAGER, at=factories.centre())


def a_reviewer(place: Office) -> User:
    return factories.user(Role.REVIEWER, at=place.centre)


class TestACommendationWhoseDisplayIsOver(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return ready(RuleCode.R1)

    @pytest.mark.parametrize(
        "who",
        [
            the_lawyer, a_colleague, the_head_of_the_firm, a_colleague_at_another_centre,
            the_head_of_the_firm_as_another_centre_knows_it, a_relation, one_who_left_the_firm_after_the_case_began,
            a_neighbour, a_reviewer,
        ],
    )  # fmt: skip
    def test_people_who_are_not_independent_neither_decide_nor_issue(
        self, place: Office, row: Proposal, who: Callable[[Office], User]
    ) -> None:
        other = who(place)

        with pytest.raises(NotIndependent):
            issue_notice(proposal=row, person=other, now=DISPLAY_OVER)
        Proposal.objects.filter(pk=row.pk).update(state=ProposalState.PROPOSED)
        with pytest.raises(NotIndependent):
            decide_as(other, row)


class TestARectificationOnWhichTheLawyerWasHeard(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return heard(RuleCode.S2)

    def test_a_colleague_of_who_handled_the_case_when_it_was_proposed_does_not_decide(
        self, place: Office, row: Proposal
    ) -> None:
        """An import may have named another lawyer of another firm since."""
        colleague = a_colleague(place)
        other = factories.lawyer(factories.firm(place.centre))
        Case.objects.filter(pk=row.case_id).update(lawyer=other, firm=other.memberships.get().firm)

        with pytest.raises(NotIndependent):
            decide_as(colleague, row)

    def test_who_declared_a_relation_to_who_handled_the_case_then_does_not_decide(
        self, place: Office, row: Proposal
    ) -> None:
        related = a_relation(place)
        other = factories.lawyer(factories.firm(place.centre))
        Case.objects.filter(pk=row.case_id).update(lawyer=other, firm=other.memberships.get().firm)

        assert bar_of(Proposal.objects.get(pk=row.pk), related) == Bar.RELATION
        with pytest.raises(NotIndependent):
            decide_as(related, row)

    def test_the_bureau_decides_where_the_centre_has_nobody(self, place: Office, row: Proposal) -> None:
        assert decide_as(place.supervisor, row).decided_by == place.supervisor

    def test_of_two_decisions_one_stands(self, place: Office, row: Proposal) -> None:
        decide_as(place.manager, row)

        with pytest.raises(StepNotDue):
            decide_as(place.supervisor, row, outcome=Outcome.DECLINE)

        assert Decision.objects.get().decided_by == place.manager

    def test_a_decision_is_recorded_with_name_reason_and_ground(self, place: Office, row: Proposal) -> None:
        decision = decide_as(place.manager, row)

        assert (decision.reason, decision.legal_basis) == ("理由。", row.rule.legal_basis)
        assert Entry.objects.filter(action="scoring.decided", actor_id=place.manager.actor.id).count() == 1

    def test_a_declined_proposal_is_closed(self, place: Office, row: Proposal) -> None:
        decide_as(place.manager, row, outcome=Outcome.DECLINE)

        assert state_of(row) == ProposalState.DECLINED


def test_the_centres_own_staff_are_tied_to_their_own_centre_alone() -> None:
    """Two centres may both call their staff "legal aid centre": that makes no colleagues of them."""
    place = office()
    own = factories.firm(place.centre, name="法律援助中心", kind=FirmKind.CENTRE_STAFF)
    others = factories.firm(factories.centre(), name="法律援助中心", kind=FirmKind.CENTRE_STAFF)
    _place, row = heard(RuleCode.S2, place, firm=own)

    assert decide_as(factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(others)), row).pk


def test_a_case_without_a_day_of_assignment_is_decided_all_the_same() -> None:
    place, row = heard(RuleCode.S2, assigned_on=None)
    elsewhere = factories.lawyer(factories.firm(place.centre))

    assert decide_as(factories.user(Role.MANAGER, at=place.centre, of=elsewhere), row).outcome == Outcome.ACCEPT


@pytest.mark.parametrize("code", [RuleCode.S1, RuleCode.S2])
def test_a_sanction_is_not_decided_before_the_lawyer_is_heard(code: RuleCode) -> None:
    place, row = proposed(code)

    with pytest.raises(NotHeard):
        decide_as(place.manager, row)
    ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
    with pytest.raises(NotHeard):
        decide_as(place.manager, row)

    assert not Decision.objects.exists()


# --- what follows ----------------------------------------------------------------------------------------------------


def test_coaching_names_the_items_and_is_closed_by_a_person() -> None:
    place, row = accepted(RuleCode.S1)
    task = CorrectiveTask.objects.get(proposal=row)

    with pytest.raises(InvalidInput) as refused:
        close_task(task=task, person=place.supervisor, note=" . ", now=DISPLAY_OVER)
    assert (refused.value.field, CorrectiveTask.objects.get().state) == ("note", TaskState.OPEN)
    close_task(task=task, person=place.supervisor, note="已面谈。", now=DISPLAY_OVER)

    assert (task.items, task.due_on) == (["A2"], date(2026, 12, 21))
    assert CorrectiveTask.objects.get().state == TaskState.DONE
    assert state_of(row) == ProposalState.CARRIED_OUT
    with pytest.raises(StepNotDue):
        close_task(task=task, person=place.supervisor, note="再次", now=DISPLAY_OVER)

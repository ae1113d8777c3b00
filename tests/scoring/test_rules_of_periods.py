"""Praise of a lawyer, a firm, a station over a closed period, and the report on a centre: the steps of a case."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.common.errors import NotIndependent, NotPermitted
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import Firm, Lawyer, Membership, Organisation
from reviews.models import Relation
from scoring.enums import MeasureKind, NoticeKind, NoticeState, Outcome, ProposalState, RuleCode, Subject
from scoring.models import AssignmentMeasure, CaseScore, ClosedPeriod, Notice, Proposal, Rule
from scoring.queries.bar_report import bar_report
from scoring.queries.notices import verified
from scoring.queries.proposals import why_not_independent, why_overtaken
from scoring.queries.public_report import public_report
from scoring.queries.reports import rewards_and_sanctions
from scoring.rule_terms import default_terms
from scoring.services.closing import close_period, correct_period
from scoring.services.delivery import acknowledge_notice, deliver_to_new_accounts
from scoring.services.issuing import issue_notice
from scoring.services.passing import pass_steps_on
from scoring.services.period_proposals import propose_of_periods
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue, decide, finish_displays, stop_display
from scoring.services.rules import publish_rule
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import PERIOD_PROPOSALS
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.reviews import factories as reviews
from tests.scenes import scene
from tests.scoring.deciding import SameScene, printed
from tests.scoring.factories import graded
from tests.scoring.test_closing import TOKEN
from tests.scoring.test_decision_pages import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

QUARTER = Period.quarter(2026, 4)
CLOSED = datetime.fromisoformat("2027-01-04T10:00+08:00")
NEXT_DAY = datetime.fromisoformat("2027-01-05T10:00+08:00")
# Decided on Monday 4 January: on display from Tuesday 5 to Monday 11.
OVER = datetime.fromisoformat("2027-01-12T10:00+08:00")


@dataclass(frozen=True, slots=True)
class County:
    """One lawyer of ten good cases, alone in a firm and at a station, among eight of another firm with five each."""

    bureau: Organisation
    centre: Organisation
    station: Organisation
    firm: Firm
    lawyer: Lawyer
    manager: User
    second: User
    supervisor: User
    handler: User
    head: User
    at_station: User


def derived(points: int | None) -> str:
    line = {"source": "time_limits", "applies": True, "value": None if points is None else str(points)}
    return json.dumps({"lines": [line]})


@scene
def county(*, points: int | None = 100, kind: FirmKind = FirmKind.LAW_FIRM) -> County:
    bureau = factories.organisation("bureau")
    centre = factories.centre(bureau)
    station = factories.organisation("station", centre)
    others, firm = factories.firm(centre), factories.firm(centre, kind=kind)
    client = factories.client(centre)
    for place in range(8):
        lawyer = factories.lawyer(others)
        for noise in (-2, -1, 0, 1, 2):
            case = factories.case(centre, firm=others, lawyer=lawyer, client=client)
            graded(case, 60 + 2 * place + noise, derivation=derived(100))
    lawyer = factories.lawyer(firm)
    for turn in range(10):
        case = factories.case(centre, firm=firm, lawyer=lawyer, client=client, station=station)
        graded(case, 94 + turn % 3, derivation=derived(points))
    return County(
        bureau=bureau,
        centre=centre,
        station=station,
        firm=firm,
        lawyer=lawyer,
        manager=factories.user(Role.MANAGER, at=centre),
        second=factories.user(Role.MANAGER, at=centre),
        supervisor=factories.user(Role.SUPERVISOR, at=bureau),
        handler=factories.user(Role.LAWYER, of=lawyer),
        head=factories.user(Role.FIRM, heads=firm),
        at_station=factories.user(Role.MANAGER, at=station),
    )


def switched_on(code: RuleCode, person: User, **terms: Any) -> Rule:
    return publish_rule(
        code=code,
        read_version=Rule.objects.filter(code=code).count(),
        enabled=True,
        thresholds=default_terms(code) | terms,
        legal_basis="《某省法律援助条例》第四十条",
        authority="某县司法局",
        user=person,
        now=CLOSED,
    )


def closed(place: County) -> ClosedPeriod:
    return close_period(centre=place.centre, period=QUARTER, user=place.manager, now=CLOSED)


@scene
def praised(*codes: RuleCode) -> tuple[County, list[Proposal]]:
    place = county()
    for code in codes or (RuleCode.R2, RuleCode.R3):
        switched_on(code, place.supervisor)
    closed(place)
    propose_of_periods(now=CLOSED)
    return place, list(Proposal.objects.order_by("code", "subject"))


@scene
def commended(subject: Subject) -> tuple[County, Notice]:
    place, rows = praised()
    return place, carried_out(place, next(row for row in rows if row.subject == subject))


def carried_out(place: County, row: Proposal) -> Notice:
    with time_machine.travel(CLOSED, tick=False):
        decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="情况属实。", now=CLOSED)
    finish_displays(now=OVER)
    notice = issue_notice(proposal=row, person=place.supervisor, now=OVER)
    render_notices(now=OVER)
    return Notice.objects.get(pk=notice.pk)


class TestProposals(SameScene):
    @staticmethod
    def scene() -> Any:
        return praised()

    def test_a_lawyer_a_firm_and_a_station_are_proposed_and_what_was_frozen_is_said(self, begun: Any) -> None:
        place, rows = begun

        assert [(row.code, row.subject, row.named) for row in rows] == [
            ("R2", "lawyer", place.lawyer.name),
            ("R3", "firm", place.firm.name),
            ("R3", "station", place.station.name),
        ]
        assert {(row.period, row.case_id) for row in rows} == {(QUARTER, None)}
        assert [each["point"] for each in rows[0].evidence] == [
            *("graded", "lower_bound", "in_time", "no_veto", "no_complaint"),
        ]
        assert rows[0].evidence[2]["figures"] == {"part": "10", "whole": "10", "share": "100"}
        assert Notification.objects.filter(user=place.manager).count() == 2

    def test_a_rerun_and_a_corrected_period_double_nothing(self, begun: Any) -> None:
        place, rows = begun
        assert propose_of_periods(now=CLOSED) == 0
        assert propose_of_periods(now=NEXT_DAY) == 0
        graded(CaseScore.objects.exclude(lawyer=place.lawyer).select_related("case")[0].case, 99, at=CLOSED)
        correct_period(closed=ClosedPeriod.objects.get(), reason="复核", user=place.manager, now=CLOSED)

        assert propose_of_periods(now=CLOSED) == 0
        assert Proposal.objects.count() == len(rows)
        assert Notification.objects.filter(user=place.manager).count() == 2, "nobody is told twice"
        assert Entry.objects.filter(action="scoring.proposed").count() == len(rows)
        for row in rows:
            row.pk, row.public_id = None, None
            with pytest.raises(IntegrityError), transaction.atomic():
                Proposal.objects.bulk_create([_copy(row)])

    def test_what_no_longer_holds_is_overtaken_whoever_may_know_why(self, begun: Any) -> None:
        place, rows = begun
        case = Case.objects.filter(lawyer=place.lawyer)[0]
        RiskFlag.objects.create(case=case, kind=FlagKind.COMPLAINT, raised_at=CLOSED)

        assert all("数据已发生变化" in why_overtaken(row) for row in rows)
        with pytest.raises(StepNotDue):
            decide(proposal=rows[0], person=place.manager, outcome=Outcome.ACCEPT, reason="属实。", now=CLOSED)
        propose_of_periods(now=NEXT_DAY)
        assert set(Proposal.objects.values_list("state", flat=True)) == {ProposalState.OVERTAKEN}
        RiskFlag.objects.update(cleared_at=NEXT_DAY)
        assert propose_of_periods(now=OVER) == 3, "settled, it is proposed again"

    def test_nobody_decides_about_themselves_their_firm_or_their_station(self, begun: Any) -> None:
        place, rows = begun
        of_firm = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))
        here = {row.subject: row for row in rows}

        assert why_not_independent(here["lawyer"], of_firm)
        assert why_not_independent(here["firm"], of_firm)
        assert not why_not_independent(here["station"], of_firm)
        assert why_not_independent(here["station"], place.at_station)
        assert not why_not_independent(here["firm"], place.manager)
        page = text(browser(of_firm).get(reverse("scoring:proposals")))
        assert (place.lawyer.name in page, place.station.name in page) == (False, True)

    def test_nobody_decides_about_a_lawyer_or_firm_that_they_are_tied_to(self, begun: Any) -> None:
        place, rows = begun
        here = {row.subject: row for row in rows}
        related, former = (factories.user(Role.MANAGER, at=place.centre) for _each in range(2))
        Relation.objects.create(reviewer=related, lawyer=place.lawyer, declared_at=CLOSED)
        former.lawyer = factories.lawyer()
        former.save()
        Membership.objects.create(
            lawyer=former.lawyer, firm=place.firm, starts_on=date(2020, 1, 1), ends_on=date(2026, 10, 2)
        )

        barred = [[bool(why_not_independent(here[of], person)) for of in here] for person in (related, former)]

        assert list(here) == ["lawyer", "firm", "station"]
        assert barred == [[True, False, False], [True, True, False]]

    def test_who_marked_a_file_that_the_praise_rests_on_does_not_decide_about_it(self, begun: Any) -> None:
        place, rows = begun
        here = {row.subject: row for row in rows}
        behind = Case.objects.filter(lawyer=place.lawyer).latest("pk")
        elsewhere = Case.objects.exclude(lawyer=place.lawyer).latest("pk")
        reader, other = (a_reader_who_manages(case) for case in (behind, elsewhere))

        assert all("You marked files that this rests on" in refusal(row, reader) for row in rows)
        assert [refusal(row, other) for row in rows] == ["", "", ""]
        with time_machine.travel(CLOSED, tick=False), pytest.raises(NotIndependent):
            decide(proposal=here["firm"], person=reader, outcome=Outcome.ACCEPT, reason="情况属实。", now=CLOSED)

    def test_a_quarters_reports_count_them_and_a_reader_of_the_firm_does_not_see_theirs(self, begun: Any) -> None:
        place, _rows = begun
        of_firm = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

        def proposed(period: Period, reader: User | None = None) -> dict[str, int]:
            found = rewards_and_sanctions(centre=place.centre, period=period, label="", reader=reader, now=OVER)
            return {row.code: row.proposed for row in found.rules if row.code in ("R2", "R3")}

        assert proposed(QUARTER) == {"R2": 1, "R3": 2}
        assert proposed(Period.year(2026)) == {"R2": 1, "R3": 2}
        assert proposed(Period.quarter(2026, 3)) == {}
        assert proposed(QUARTER, of_firm) == {"R3": 1}


def a_reader_who_manages(case: Case) -> User:
    row = reviews.assignment(case)
    reviews.submitted(row)
    Grant.objects.create(user_id=row.reviewer_id, role=Role.MANAGER, organisation=case.centre)
    return User.objects.get(pk=row.reviewer_id)


def refusal(row: Proposal, person: User) -> str:
    with override("en"):
        return why_not_independent(row, person)


def _copy(row: Proposal) -> Proposal:
    fields = ("rule_id", "code", "subject", "centre_id", "lawyer_id", "firm_id", "station_id", "period_start")
    more = ("period_end", "trigger", "proposed_at")
    return Proposal(**{name: getattr(row, name) for name in (*fields, *more)})


@pytest.mark.parametrize(
    ("points", "kind"), [(0, FirmKind.LAW_FIRM), (None, FirmKind.LAW_FIRM), (100, FirmKind.CENTRE_STAFF)]
)
def test_late_files_unknown_files_and_the_centres_own_staff_earn_a_firm_no_praise(
    points: int | None, kind: FirmKind
) -> None:
    place = county(points=points, kind=kind)
    switched_on(RuleCode.R3, place.supervisor)
    closed(place)

    propose_of_periods(now=CLOSED)

    assert not Proposal.objects.filter(subject=Subject.FIRM).exists()


def test_rules_of_periods_are_off_at_first_and_days_that_somebody_chose_propose_nothing() -> None:
    place = county()
    closed(place)
    assert propose_of_periods(now=CLOSED) == 0
    for code in (RuleCode.R2, RuleCode.R3, RuleCode.S6):
        switched_on(code, place.supervisor, **({"ratings_late": "100.00"} if code == RuleCode.S6 else {}))
    close_period(
        centre=place.centre, period=Period(date(2026, 11, 1), date(2026, 12, 1)), user=place.manager, now=CLOSED
    )

    propose_of_periods(now=CLOSED)

    assert set(Proposal.objects.values_list("period_start", flat=True)) == {QUARTER.start}


class TestALawyersPraise(SameScene):
    @staticmethod
    def scene() -> Any:
        return commended(Subject.LAWYER)

    def test_it_is_shown_issued_and_brings_priority_until_it_is_withdrawn(self, place: Any, notice: Notice) -> None:
        assert (notice.kind, notice.state, notice.case_id) == (NoticeKind.COMMENDATION, NoticeState.ISSUED, None)
        paper = text_of(printed(notice)).replace("\n", "")
        assert "优秀承办人员的通报" in paper
        assert f"{place.lawyer.name}（{place.firm.name}）" in paper
        assert "10件" in paper
        assert not any(other.name in paper for other in Lawyer.objects.exclude(pk=place.lawyer.pk))
        measure = AssignmentMeasure.objects.get()
        assert (measure.kind, measure.starts_on, measure.ends_on) == (
            *(MeasureKind.PRIORITY, date(2027, 1, 12), date(2028, 1, 12)),
        )
        with time_machine.travel(OVER, tick=False):
            mine = text(browser(place.handler).get(reverse("scoring:notice", args=[notice.public_id])))
            register = text(browser(place.manager).get(reverse("scoring:measures")))
        assert place.lawyer.name in mine
        assert place.lawyer.name in register
        acknowledge_notice(notice=notice, person=place.handler, now=OVER)

        with pytest.raises(FourEyes):
            withdraw_notice(notice=notice, person=place.manager, reason="有误。", now=OVER)
        withdraw_notice(notice=notice, person=place.second, reason="有误。", now=OVER)
        measure.refresh_from_db()
        assert measure.ended_on == date(2027, 1, 12)
        public = verified(notice.verify_code)
        assert public is not None
        assert public.state == NoticeState.WITHDRAWN

    def test_the_quarters_report_and_the_bars_count_it(self, place: Any, notice: Notice) -> None:
        found = rewards_and_sanctions(centre=place.centre, period=QUARTER, label="", now=OVER)

        assert [(row.number, row.lawyer) for row in found.commendations] == [(notice.label, place.lawyer.name)]
        for period, count in ((QUARTER, 1), (Period.quarter(2026, 3), 0)):
            told = {"centre": place.centre, "period": period, "label": "", "now": OVER}
            rows = bar_report(**told).tables[1].rows
            assert sum(row[-2] for row in rows if row[0] == place.lawyer.name) == count
            decided = public_report(**told).tables[-1].rows[0]
            assert decided[1] == ("不公布" if count else 0), "one is too few to publish"


class TestABodysPraise(SameScene):
    @staticmethod
    def scene() -> Any:
        return commended(Subject.STATION)

    def test_it_goes_to_who_answers_for_it_and_the_page_names_a_body_in_full(self, place: Any, notice: Notice) -> None:
        told = Notification.objects.filter(user=place.at_station).latest("pk")
        assert notice.label in str(told.params)
        with time_machine.travel(OVER, tick=False):
            client = browser(place.at_station)
            assert "Read by whoever answers for it" in text(
                client.get(reverse("scoring:notice", args=[notice.public_id]))
            )
            stranger = factories.user(Role.MANAGER, at=factories.organisation("station", place.centre))
            address = reverse("scoring:notice", args=[notice.public_id])
            assert browser(stranger).get(address).status_code == 404
            assert browser(place.head).get(address).status_code == 404
        with pytest.raises(NotPermitted):
            acknowledge_notice(notice=notice, person=place.manager, now=OVER)
        acknowledge_notice(notice=notice, person=place.at_station, now=OVER)
        public = verified(notice.verify_code)
        assert public is not None
        assert public.about == place.station.name
        with time_machine.travel(OVER, tick=False):
            for name in ("scoring:certificate", "scoring:notice-docx", "scoring:notice-text", "scoring:notice-file"):
                assert browser(place.manager).get(reverse(name, args=[notice.public_id])).status_code == 200


@pytest.mark.parametrize("subject", [Subject.STATION, Subject.FIRM])
def test_who_answers_for_a_body_only_later_is_told_of_its_praise_once(subject: Subject) -> None:
    place, rows = praised()
    User.objects.filter(pk__in=[place.at_station.pk, place.head.pk]).update(is_active=False)
    notice = carried_out(place, next(row for row in rows if row.subject == subject))
    factories.user(Role.FIRM, heads=Firm.objects.exclude(pk=place.firm.pk).get())
    assert (notice.delivered_on, deliver_to_new_accounts(now=OVER)) == (None, 0)

    at_station, head = factories.user(Role.MANAGER, at=place.station), factories.user(Role.FIRM, heads=place.firm)

    assert [deliver_to_new_accounts(now=OVER), deliver_to_new_accounts(now=OVER)] == [1, 0]
    told = Notification.objects.filter(params__label=notice.label).values_list("user", flat=True)
    assert list(told) == [at_station.pk if subject == Subject.STATION else head.pk]


def test_an_objection_during_the_display_ends_it_and_anybody_reads_what_is_shown() -> None:
    place, rows = praised()
    with time_machine.travel(CLOSED, tick=False):
        for row in rows:
            decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="情况属实。", now=CLOSED)
    with time_machine.travel(NEXT_DAY, tick=False):
        page = text(browser(place.manager).get(reverse("scoring:displays")))
        for row in rows:
            assert row.named in page
            answer = browser(place.manager).get(reverse("scoring:display-sheet", args=[row.public_id]))
            assert place.station.name in text_of(answer.content)
    stop_display(proposal=rows[1], person=place.second, reason="异议成立。", now=NEXT_DAY)

    finish_displays(now=OVER)

    assert list(Proposal.objects.order_by("code", "subject").values_list("state", flat=True)) == [
        *("accepted", "declined", "accepted"),
    ]
    for name in ("scoring:proposal", "scoring:draft", "scoring:draft-docx"):
        assert browser(place.manager).get(reverse(name, args=[rows[0].public_id])).status_code == 200
    api = browser(place.manager).get(reverse("api-proposals")).json()["results"]
    assert {(each["subject"], each["about"], each["case"]) for each in api} == {
        (row.subject, row.named, None) for row in rows
    }


class TestAReportOnACentre(SameScene):
    @staticmethod
    def scene() -> Any:
        place = county()
        client = factories.client(place.centre)
        for assigned_on in (date(2026, 10, 12), date(2026, 10, 20)):
            factories.case(place.centre, client=client, accepted_on=date(2026, 10, 9), assigned_on=assigned_on)
        switched_on(RuleCode.S6, place.supervisor)
        closed(place)
        propose_of_periods(now=CLOSED)
        return place, Proposal.objects.get()

    def test_the_bureau_is_told_of_it_and_not_whom_it_is_about(self, place: Any, row: Proposal) -> None:
        told = Notification.objects.filter(text=PERIOD_PROPOSALS).values_list("user", flat=True)

        assert (row.code, list(told)) == ("S6", [place.supervisor.pk])

    def test_the_centre_reads_it_and_the_bureau_takes_it_up(self, place: Any, row: Proposal) -> None:
        assert (row.code, row.subject, row.evidence[0]["figures"]) == (
            *("S6", "centre", {"part": "1", "whole": "2", "share": "50", "days": "3"}),
        )
        with pytest.raises(NotIndependent):
            decide(proposal=row, person=place.manager, outcome=Outcome.DECLINE, reason="不属实。", now=CLOSED)
        assert pass_steps_on(now=CLOSED) == 1
        page = text(browser(place.manager).get(reverse("scoring:proposal", args=[row.public_id])))
        assert "belong to the station or centre" in page

        decide(proposal=row, person=place.supervisor, outcome=Outcome.ACCEPT, reason="督促整改。", now=CLOSED)

        row.refresh_from_db()
        assert row.state == ProposalState.ACCEPTED, "another person issues the letter: test_supervisory_letter"
        assert not Notice.objects.exists()
        assert text(browser(place.supervisor).get(reverse("scoring:proposal", args=[row.public_id])))


def test_another_lawyers_marks_change_no_byte_of_a_lawyers_praise() -> None:
    place, notice = commended(Subject.LAWYER)
    address = reverse("scoring:notice-text", args=[notice.public_id])
    with time_machine.travel(OVER, tick=False):
        client = browser(place.handler)
        before = client.get(address).content
        for score in CaseScore.objects.current().exclude(lawyer=place.lawyer).select_related("case"):
            graded(score.case, 99, at=OVER)
        assert TOKEN.sub(b"", client.get(address).content) == TOKEN.sub(b"", before)

"""A firm marks its own file before it sees what the readers found: asked, reminded, locked, and told the gap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case
from qa_service.common.errors import NotFound
from qa_service.common.rounding import half_up
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear, CentreSettings
from reviews.enums import Anchor, SelfAssessmentState
from reviews.models import CaseReview, Sample, SelfAssessment, SelfMark
from reviews.queries import waiting_for
from reviews.queries.self_assessments import gaps_of, result_beside
from reviews.services.asking_firms import ask_firms, remind_firms
from reviews.services.calendar_gaps import close_calendar_gaps
from reviews.services.marks import MarkEntry, MarksInvalid
from reviews.services.results import release_if_ready, release_what_firms_had_time_for
from reviews.services.sample_changes import replace_file
from reviews.services.self_assessments import (
    SelfAssessmentChanged,
    SelfAssessmentClosed,
    key_in_self_assessment,
    save_self_assessment,
    submit_self_assessment,
)
from reviews.services.submission import Unfinished
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, released, submitted
from tests.reviews.self_rows import asked, drawn, entries, handed_in, lawyer_of, marked

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 27)  # five working days after Friday the 20th


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def now_of(row: SelfAssessment) -> SelfAssessment:
    return SelfAssessment.objects.get(pk=row.pk)


def head_of(case: Case) -> User:
    return factories.user(Role.FIRM, heads=case.firm)


def page(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"reviews:{name}", args=args))


# --- asked ------------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_while_the_centre_has_not_switched_it_on():
    case = factories.case(factories.centre())

    drawn(case, on=False)

    assert (CentreSettings().self_assessment, SelfAssessment.objects.count()) == (False, 0)


def test_the_lawyer_and_the_head_of_the_firm_of_each_drawn_file_are_asked_with_a_day():
    case = factories.case(factories.centre())
    account_of(case.lawyer)
    head_of(case)

    sample = drawn(case)
    again = ask_firms(sample=sample, now=NOW)

    row = SelfAssessment.objects.get()
    assert (row.case, row.checklist.code, row.due_on, again) == (case, "civil-self", DUE, 0)
    assert Notification.objects.filter(text__startswith="You are asked", params={"count": 1}).count() == 2


def test_a_file_with_a_released_result_is_not_asked_for_any_more():
    case = factories.case(factories.centre())
    released(case)

    drawn(case)

    assert not SelfAssessment.objects.exists()


def test_for_a_file_that_left_the_sample_nobody_is_asked_and_for_the_one_in_its_place_they_are():
    centre = factories.centre()
    first = factories.case(centre)
    drawn(first)
    other = factories.case(centre)
    sample = Sample.objects.get()

    replace_file(row=sample.cases.get(), kind="lost", reason="卷宗遗失", user=manager(centre), now=NOW)

    states = dict(SelfAssessment.objects.values_list("case", "state"))
    assert states == {first.pk: SelfAssessmentState.WITHDRAWN, other.pk: SelfAssessmentState.OPEN}


def test_the_day_is_counted_from_when_the_calendar_is_there():
    case = factories.case(factories.centre())
    CalendarYear.objects.filter(year=2026).delete()
    drawn(case)
    waiting = SelfAssessment.objects.get().due_on
    CalendarYear.objects.create(year=2026)

    close_calendar_gaps(now=NOW + timedelta(days=3))

    assert (waiting, SelfAssessment.objects.get().due_on) == (None, date(2026, 11, 30))


def test_a_firm_is_reminded_once_before_the_day_and_each_week_after_it():
    asked()

    told = [remind_firms(now=NOW + timedelta(days=days)) for days in (0, 6, 7, 8, 9, 15)]

    assert told == [0, 1, 0, 1, 0, 1]


def test_what_waits_stands_on_the_firms_home_and_what_is_late_on_the_managers():
    row = asked()
    boss = manager(row.case.centre)

    def blocks(user, now):
        return [
            (str(each.title), each.count, each.urgent) for each in waiting_for(user, now) if "自评" in str(each.title)
        ]

    late = NOW + timedelta(days=8)
    assert blocks(lawyer_of(row), NOW) == [("待自评的案卷", 1, False)]
    assert (blocks(lawyer_of(row), late), blocks(boss, NOW)) == ([("待自评的案卷", 1, True)], [])
    assert blocks(boss, late) == [("逾期未提交的自评", 1, False)]


# --- marked -----------------------------------------------------------------------------------------------------------


def test_a_firm_marks_in_words_or_by_reason_without_pages_and_hands_in_for_good():
    row = asked()

    done = handed_in(row, A2=Anchor.PARTLY, B1=Anchor.NOT_APPLICABLE)

    assert (done.state, done.submitted_by, done.total is not None) == ("submitted", lawyer_of(row), True)
    with pytest.raises(SelfAssessmentClosed):
        marked(now_of(row))
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfMark.objects.filter(item__code="A2").update(anchor=Anchor.FULL)
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfAssessment.objects.update(total=Decimal(100))


def test_what_is_unfinished_or_names_a_client_is_not_taken():
    row = asked()
    user = lawyer_of(row)
    half = [MarkEntry(item="A1", anchor=Anchor.FULL), MarkEntry(item="A2", anchor=Anchor.NONE)]
    saved = save_self_assessment(assessment_id=row.public_id, version=0, entries=half, comment="", user=user, now=NOW)

    with pytest.raises(Unfinished) as refused:
        submit_self_assessment(assessment_id=row.public_id, version=saved.version, user=user, now=NOW)
    named = [MarkEntry(item="A1", anchor=Anchor.FULL, comment=f"{row.case.client.name}未签字")]
    with pytest.raises(MarksInvalid):
        save_self_assessment(assessment_id=row.public_id, version=1, entries=named, comment="", user=user, now=NOW)

    lacks = {(each.item, each.missing) for each in refused.value.defects}
    assert lacks >= {("A2", "reason"), ("A3", "mark")}
    assert not any(code == "A1" for code, _missing in lacks)


def test_of_the_lawyer_and_the_head_who_both_write_the_second_is_told_and_nothing_is_lost():
    row = asked()
    head = head_of(row.case)
    marked(row)

    with pytest.raises(SelfAssessmentChanged) as other:
        save_self_assessment(assessment_id=row.public_id, version=0, entries=[], comment="", user=head, now=NOW)

    assert (other.value.version, other.value.marks["A1"]["anchor"], other.value.comment) == (1, "full", "自评")
    with pytest.raises(SelfAssessmentChanged):
        submit_self_assessment(assessment_id=row.public_id, version=0, user=head, now=NOW)
    assert now_of(row).state == SelfAssessmentState.OPEN


def test_the_form_works_without_scripts_and_keeps_what_is_not_taken(client):
    row = asked()
    url = reverse("reviews:self-assess", args=[row.public_id])
    client.force_login(lawyer_of(row))
    typed = {f"{each.item}-anchor": each.anchor for each in entries(row)}

    lacking = client.post(
        url, {"version": "0", "next": "submit", "comment": "自己的话"} | typed | {"A2-anchor": "partly"}
    )
    done = client.post(url, {"version": "1", "next": "submit", "comment": "自己的话"} | typed)

    assert (lacking.status_code, "A2" in lacking.content.decode(), "自己的话" in lacking.content.decode()) == (
        422,
        True,
        True,
    )
    assert (done.status_code, now_of(row).state, now_of(row).comment) == (302, "submitted", "自己的话")
    assert client.get(url).status_code == 302


# --- the result waits for its day -------------------------------------------------------------------------------------


def result_of(row: SelfAssessment) -> CaseReview:
    return CaseReview.objects.current().get(case=row.case)


def test_a_result_waits_for_the_promised_day_and_no_longer():
    in_time, late = asked(), asked()
    SelfAssessment.objects.filter(pk=late.pk).update(due_on=NOW.date() - timedelta(days=1))
    for row in (in_time, late):
        submitted(assignment(row.case), **GOOD)
    waiting = [(now_of(row).state, result_of(row).state) for row in (in_time, late)]
    told = Notification.objects.filter(user=lawyer_of(in_time), text__contains="is ready").exists()
    last_day, day_after = (NOW + timedelta(days=days) for days in (7, 8))

    released_then = [close_calendar_gaps(now=now) for now in (last_day, day_after, day_after)]

    assert (waiting, told) == ([("open", "awaiting_firm"), ("missing", "released")], False)
    assert released_then == [0, 1, 0]
    assert (now_of(in_time).state, result_of(in_time).state) == ("missing", "released")
    assert result_of(in_time).objection_until == date(2026, 12, 11), "ten working days from its release"
    with pytest.raises(SelfAssessmentClosed):
        marked(now_of(late))


def test_what_the_firm_hands_in_releases_the_result_that_waited_for_it():
    row = asked()
    submitted(assignment(row.case), **GOOD)
    lawyer = lawyer_of(row)
    before = CaseReview.objects.visible_to(lawyer).exists()

    handed_in(row)

    assert (before, result_beside(now_of(row), lawyer)) == (False, result_of(row))
    assert (result_of(row).state, result_of(row).version) == ("released", 2)


def test_a_result_that_still_waits_for_its_firm_gets_no_further_version_and_many_cost_what_one_does():
    rows = [asked() for _each in range(2)]
    on_paper = [factories.case(factories.centre()) for _each in range(4)]
    for case in on_paper:
        drawn(case)
    for case in [*(row.case for row in rows), *on_paper]:
        submitted(assignment(case), **GOOD)
    before = CaseReview.objects.count()
    sheets_may_come = NOW + timedelta(days=9)
    SelfAssessment.objects.filter(pk__in=[row.pk for row in rows]).update(due_on=sheets_may_come.date())

    with CaptureQueriesContext(connection) as swept:
        assert release_what_firms_had_time_for(now=sheets_may_come) == 0
    assert not release_if_ready(case=rows[0].case, now=sheets_may_come)

    assert len(swept) == 2  # the days at the centres, and all results
    assert CaseReview.objects.count() == before


def test_a_manager_who_does_without_a_second_reader_shows_the_firm_no_mark_before_its_day(client):
    row = asked()
    submitted(assignment(row.case), A1=Anchor.FULL)  # excellent: it needs a second reader
    client.force_login(manager(row.case.centre))

    client.post(reverse("reviews:release", args=[result_of(row).public_id]), {"reason": "本中心无其他评查员"})

    assert result_of(row).state == "awaiting_firm"
    listed = page(client, manager(row.case.centre), "self-assessments").content.decode()
    assert "已评查，结果待其提交" in listed
    close_calendar_gaps(now=NOW + timedelta(days=8))
    assert (result_of(row).state, result_of(row).readers) == ("released", 1)


def test_a_result_waits_for_a_day_that_cannot_be_counted_yet():
    row = asked()
    SelfAssessment.objects.filter(pk=row.pk).update(due_on=None)

    submitted(assignment(row.case), **GOOD)

    assert result_of(row).state == "awaiting_firm"


def test_a_sheet_that_came_on_the_last_day_is_still_keyed_in_on_the_next():
    case = factories.case(factories.centre())
    boss = manager(case.centre)
    drawn(case, by=boss)
    row = SelfAssessment.objects.get()
    submitted(assignment(case), **GOOD)
    day_after = NOW + timedelta(days=8)
    close_calendar_gaps(now=day_after)

    keyed = key_in_self_assessment(
        assessment=row, entries=entries(row), comment="", received_on=DUE, user=boss, now=day_after
    )

    assert (keyed.state, result_of(row).state) == ("submitted", "released")


def test_a_sheet_that_never_came_holds_a_result_three_days_and_no_longer():
    case = factories.case(factories.centre())
    drawn(case)
    row = SelfAssessment.objects.get()
    submitted(assignment(case), **GOOD)

    assert [close_calendar_gaps(now=NOW + timedelta(days=days)) for days in (10, 11)] == [0, 1]
    assert now_of(row).state == "missing"


def test_no_grade_moves_by_what_the_firm_marked_or_did_not():
    with_own, without = asked(), asked()
    handed_in(with_own, A2=Anchor.NONE, C2=Anchor.NONE)

    for row in (with_own, without):
        submitted(assignment(row.case), **GOOD)
    close_calendar_gaps(now=NOW + timedelta(days=8))

    results = CaseReview.objects.current().filter(case__in=[with_own.case, without.case])
    assert len(set(results.values_list("score", "grade", "state"))) == 1


# --- who sees what, and when ------------------------------------------------------------------------------------------


def test_before_the_release_only_the_firm_sees_what_it_marked(client):
    row = handed_in(asked(), A2=Anchor.PARTLY)
    boss = manager(row.case.centre)
    submitted(assignment(row.case), A1=Anchor.FULL)  # excellent: it waits for a second reader, unreleased

    own = page(client, lawyer_of(row), "self-assessment", row.public_id).content.decode()
    managed = page(client, boss, "self-assessment", row.public_id).content.decode()
    listed = page(client, boss, "self-assessments").content.decode()

    words, total = "记录不够及时", str(half_up(row.total or Decimal(0)))
    assert (words in own, total in own) == (True, True)
    assert not any(each in text for each in (words, total) for text in (managed, listed))
    assert "结果公布后，此处显示律所的自评" in managed


def test_after_the_release_both_see_the_gap_item_by_item(client):
    row = handed_in(asked())
    submitted(assignment(row.case), **GOOD)

    for user in (lawyer_of(row), manager(row.case.centre)):
        shown = page(client, user, "self-assessment", row.public_id).content.decode()
        assert ("自评高" in shown, "87.40" in shown or "87.4" in shown, "一致" in shown) == (True, True, True)
    result = CaseReview.objects.current().get()
    apart = {gap.code: gap.points or Decimal(0) for gap in gaps_of(row, result) if gap.differs}
    assert (set(apart), sum(apart.values(), Decimal(0))) == ({"A2", "C2"}, Decimal("12.6"))


def test_the_result_and_the_lawyers_files_lead_to_it(client):
    row = handed_in(asked())
    submitted(assignment(row.case), **GOOD)
    result = CaseReview.objects.current().get()
    there = reverse("reviews:self-assessment", args=[row.public_id])

    leads = [page(client, user, "result", result.public_id) for user in (lawyer_of(row), manager(row.case.centre))]

    assert all(there in each.content.decode() for each in leads)
    assert reverse("reviews:my-self-assessments") in page(client, lawyer_of(row), "my-files").content.decode()


def test_whoever_reads_the_file_sees_nothing_of_it_before_they_have_handed_in():
    row = handed_in(asked())
    reader = factories.user(Role.REVIEWER, Role.MANAGER, at=row.case.centre)
    reading = assignment(row.case, reader)
    before = SelfAssessment.objects.visible_to(reader).exists()

    submitted(reading, **GOOD)

    assert (before, SelfAssessment.objects.visible_to(reader).exists()) == (False, True)


def test_a_firm_reads_the_gap_no_sooner_than_its_lawyer_was_told():
    case = factories.case(factories.centre())
    head = head_of(case)
    drawn(case)
    row = SelfAssessment.objects.get()
    saved = save_self_assessment(
        assessment_id=row.public_id, version=0, entries=entries(row), comment="", user=head, now=NOW
    )
    done = submit_self_assessment(assessment_id=row.public_id, version=saved.version, user=head, now=NOW)
    submitted(assignment(case), **GOOD)

    assert (CaseReview.objects.get().state, result_beside(done, head)) == ("released", None)


def test_a_stranger_finds_no_file_to_mark():
    row = asked()
    other = factories.user(Role.LAWYER, of=factories.lawyer(factories.firm(row.case.centre)))

    with pytest.raises(NotFound):
        save_self_assessment(assessment_id=row.public_id, version=0, entries=[], comment="", user=other, now=NOW)


# --- by program -------------------------------------------------------------------------------------------------------


def test_a_program_saves_hands_in_and_reads_the_gap(client):
    row = asked()
    client.force_login(lawyer_of(row))
    marks = [
        {"item": each.item, "anchor": each.anchor, "comment": each.comment} for each in entries(row, A2=Anchor.NONE)
    ]
    url = reverse("api-self-assessment-marks", args=[row.public_id])

    def sent(version):
        return client.put(url, {"version": version, "marks": marks}, content_type="application/json")

    saved, stale = sent(0), sent(0)
    client.post(
        reverse("api-self-assessment-submit", args=[row.public_id]), {"version": 1}, content_type="application/json"
    )
    gap = reverse("api-self-assessment-gap", args=[row.public_id])
    early = client.get(gap)
    submitted(assignment(row.case), **GOOD)

    assert (saved.json()["version"], stale.status_code, stale.json()["code"]) == (1, 409, "self_assessment_changed")
    assert (early.status_code, client.get(reverse("api-self-assessments")).json()["results"][0]["state"]) == (
        404,
        "submitted",
    )
    found = {item["code"]: item["differs"] for item in client.get(gap).json()["items"]}
    assert {code for code, differs in found.items() if differs} == {"A2", "C2"}


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_what_a_lawyer_without_an_account_hands_in_on_paper_is_entered_with_its_day_and_stands(client):
    case = factories.case(factories.centre())
    boss = manager(case.centre)
    drawn(case, by=boss)
    row = SelfAssessment.objects.get()
    url = reverse("reviews:key-in-self-assessment", args=[row.public_id])
    typed = {f"{entry.item}-anchor": entry.anchor for entry in entries(row)} | {"comment": "自评无异议"}

    linked = url in page(client, boss, "self-assessment", row.public_id).content.decode()
    refused = [client.post(url, typed | each) for each in ({}, {"received_on": "2026-01-05"})]
    short = client.post(url, {"received_on": "2026-11-20", "comment": "写了这些"})
    done = client.post(url, typed | {"received_on": "2026-11-20"})

    kept = now_of(row)
    assert linked
    assert [answer.status_code for answer in (*refused, short, done)] == [422, 422, 422, 302]
    assert "写了这些" in short.content.decode()
    assert (kept.state, kept.received_on, kept.submitted_by, kept.total) == (
        "submitted",
        NOW.date(),
        boss,
        Decimal(100),
    )
    assert "2026-11-20" in page(client, boss, "self-assessment", row.public_id).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfAssessment.objects.update(received_on=date(2026, 11, 19))


def test_who_marks_on_a_page_is_not_entered_from_paper_nor_does_a_reader_of_the_file_enter_it(client):
    row = asked()
    boss = manager(row.case.centre)
    client.force_login(boss)
    url = reverse("api-self-assessment-on-paper", args=[row.public_id])
    sent = {"received_on": "2026-11-20", "marks": [{"item": e.item, "anchor": e.anchor} for e in entries(row)]}

    with_account = client.post(url, sent, content_type="application/json")
    User.objects.filter(lawyer=row.case.lawyer).update(is_active=False)
    both = factories.user(Role.REVIEWER, at=row.case.centre)
    Grant.objects.create(user=both, role=Role.MANAGER, organisation=row.case.centre)
    assignment(row.case, both)
    client.force_login(both)
    reading = client.post(url, sent, content_type="application/json")
    client.force_login(boss)
    entered = client.post(url, sent, content_type="application/json")

    assert (with_account.status_code, with_account.json()["code"]) == (409, "self_assessment_not_on_paper")
    assert reading.status_code == 404
    assert (entered.status_code, entered.json()["received_on"]) == (200, "2026-11-20")

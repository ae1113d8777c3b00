"""A reader who cannot go on: more time, or their files to others; and people whose role is taken away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.common.errors import InvalidInput
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from reviews.enums import AssignmentState, NotPassed, ObservationState
from reviews.models import Assignment, MoreTime, Review
from reviews.queries.handing_over import files_to_pass_on
from reviews.services.assignments import NotOpen, NotTheirsToGive, add_next_reader, decline, remind_of_due
from reviews.services.handing_over import give_more_time, hand_over_files
from reviews.services.hearings import take_off_who_left
from reviews.services.relations import declare_relation
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import DUE, assignment, checklists, manager, reviewer, submitted
from tests.reviews.hearing_rows import handed_in, observer, planned

pytestmark = pytest.mark.django_db
LATER = DUE + timedelta(days=14)


def told(user: User) -> list[str]:
    return [rendered(each) for each in unread_notifications(user)]


def holder(row: Assignment) -> User:
    return User.objects.get(pk=Assignment.objects.get(case=row.case, state=AssignmentState.OPEN).reviewer_id)


@pytest.mark.usefixtures("kept_for_ever")
def test_more_time_is_given_with_a_reason_that_the_reader_sees_and_is_reminded_of_anew(client):
    row = assignment()
    reader, boss = row.reviewer, manager(row.case.centre)
    before_due = NOW + (DUE - NOW.date())
    assert remind_of_due(now=before_due) == 1

    client.force_login(boss)
    url = reverse("reviews:more-time", args=[row.public_id])
    refused = client.post(url, {"due_on": DUE.isoformat(), "reason": "案卷较厚"})
    given = client.post(url, {"due_on": LATER.isoformat(), "reason": "案卷较厚"})

    row.refresh_from_db()
    assert (refused.status_code, given.status_code, row.due_on) == (422, 302, LATER)
    assert f"案卷 {row.case.number} 的评查期限延至 {LATER}，理由见评查列表。" in told(reader)
    client.force_login(reader)
    assert "案卷较厚" in client.get(reverse("reviews:my-reviews")).content.decode()
    assert (remind_of_due(now=before_due), remind_of_due(now=before_due + timedelta(days=14))) == (0, 1)
    assert Entry.objects.get(action="reviews.more_time_given").details == {"due_on": LATER.isoformat()}
    for change in (lambda: MoreTime.objects.update(until=DUE), lambda: MoreTime.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_no_more_time_without_a_reason_for_a_closed_file_or_by_who_is_tied():
    row = assignment()
    boss = manager(row.case.centre)
    tied = factories.user(Role.MANAGER, at=row.case.centre, of=factories.lawyer(factories.firm(row.case.centre)))
    declare_relation(lawyer=row.case.lawyer, user=tied, now=NOW)

    def give(user: User, reason: str = "出差", days: int = 1) -> None:
        give_more_time(assignment=row, due_on=DUE + timedelta(days=days), reason=reason, user=user, now=NOW)

    with pytest.raises(InvalidInput):
        give(boss, reason=" ")
    with pytest.raises(InvalidInput):
        give(boss, days=365)
    with pytest.raises(NotTheirsToGive):
        give(tied)
    submitted(row)
    with pytest.raises(NotOpen):
        give(boss)


def test_all_files_of_an_ill_reader_go_to_others_who_may_read_them_and_the_rest_say_why(client):
    checklists()
    centre = factories.centre()
    ill, other, boss = reviewer(centre), reviewer(centre), manager(centre)
    of_other = factories.case(centre, lawyer=other.lawyer, firm=other.lawyer.memberships.get().firm)
    rows = [assignment(factories.case(centre), ill) for _each in range(2)]
    stuck = assignment(of_other, ill)
    elsewhere = assignment(factories.case(factories.centre()), by=boss)

    client.force_login(boss)
    url = reverse("reviews:pass-on", args=[ill.public_id])
    page = client.get(url).content.decode()
    nothing = client.post(url, {"reason": "住院"})
    chosen = [str(row.public_id) for row in (*rows, stuck)]
    done = client.post(url, {"reason": "住院", "chosen": chosen}, follow=True).content.decode()

    assert (page.count(other.display_name), page.count('name="chosen"')) == (2, 2)
    assert nothing.status_code == 422
    assert [holder(row) for row in (*rows, stuck)] == [other, other, ill]
    assert [each.why_not for each in files_to_pass_on(ill, boss, now=NOW)] == [NotPassed.CONFLICTS]
    assert "已移交 2 份案卷" in done
    assert str(NotPassed.CONFLICTS.label) in done
    assert 'name="reason"' not in done  # nothing is left that anybody could take
    assert "有 2 份案卷已交由其他评查员评查，您无需再阅。" in told(ill)
    assert "新分配给您 2 件待评案卷。" in told(other)
    assert holder(elsewhere) == elsewhere.reviewer
    assert Review.objects.filter(assignment__reviewer=other).count() == 2


def test_files_handed_over_together_keep_within_capacity_and_apart_from_a_colleague_of_the_other_reader():
    checklists()
    centre = factories.centre()
    ill, first, boss = reviewer(centre), reviewer(centre), manager(centre)
    read = assignment(factories.case(centre), first)
    submitted(read)
    second = add_next_reader(case=read.case, reviewer=ill, user=boss, now=NOW)
    colleague = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(first.lawyer.memberships.get().firm))

    left = hand_over_files(reader=ill, reason="住院", user=boss, now=NOW).left
    free = reviewer(centre)
    given = hand_over_files(reader=ill, only=[second.public_id], reason="住院", user=boss, now=NOW).given

    assert [each.why_not for each in left] == [NotPassed.CONFLICTS]
    assert [(row.reviewer, row.order, row.checklist_id) for row in given] == [(free, 2, read.checklist_id)]
    assert not Assignment.objects.filter(reviewer=colleague).exists()
    with pytest.raises(NotOpen):
        hand_over_files(reader=ill, only=[second.public_id], reason="住院", user=boss, now=NOW)


def test_a_manager_hands_over_no_file_of_whom_they_are_tied_to_and_programs_are_told_why(client):
    row = assignment()
    reviewer(row.case.centre)
    tied = factories.user(Role.MANAGER, at=row.case.centre, of=factories.lawyer(factories.firm(row.case.centre)))
    declare_relation(lawyer=row.case.lawyer, user=tied, now=NOW)
    client.force_login(tied)

    answer = client.post(
        reverse("api-reviewer-hand-over", args=[row.reviewer.public_id]),
        {"reason": "住院"},
        content_type="application/json",
    ).json()

    assert answer == {
        "given": [],
        "left": [{"assignment": str(row.public_id), "case": row.case.number, "why": "tied"}],
    }


def test_who_manages_here_and_reads_there_chooses_no_reader_there(client):
    there = factories.centre()
    both = reviewer(there)
    Grant.objects.create(user=both, role=Role.MANAGER, organisation=factories.centre())
    row = assignment(factories.case(there), both)
    client.force_login(both)

    met = [client.get(reverse(f"reviews:{name}", args=[row.public_id])) for name in ("reassign", "more-time")]

    assert [answer.status_code for answer in met] == [404, 404]


def test_a_file_given_back_is_told_to_every_manager_and_to_the_supervisor_who_gave_it():
    row = assignment()
    centre = row.case.centre
    bosses = [manager(centre), manager(centre)]
    above = factories.user(Role.SUPERVISOR, at=centre)
    Assignment.objects.filter(pk=row.pk).update(assigned_by=above)

    decline(assignment=row, reason="认识承办人", user=row.reviewer, now=NOW)

    said = f"{row.case.number} 的评查员已退回案卷。"
    assert [said in told(user) for user in (*bosses, above, row.reviewer)] == [True, True, True, False]


def test_an_observer_who_loses_the_role_is_taken_off_and_the_managers_name_another():
    centre = factories.centre()
    gone, stays, boss = observer(centre), observer(centre), manager(centre)
    hearing = planned(centre, by=boss)
    assert take_off_who_left(now=NOW) == 0

    Grant.objects.filter(user=gone).delete()

    assert (take_off_who_left(now=NOW), take_off_who_left(now=NOW)) == (1, 0)
    states = dict(hearing.observations.values_list("observer", "state"))
    assert states == {gone.pk: ObservationState.WITHDRAWN, stays.pk: ObservationState.OPEN}
    said = f"原定旁听 {hearing.case.number} 庭审的一名旁听人员已不在本中心担任旁听，请另行指派。"
    assert said in told(boss)
    handed_in(hearing.observations.get(observer=stays))
    Grant.objects.filter(user=stays).delete()
    assert take_off_who_left(now=NOW) == 0

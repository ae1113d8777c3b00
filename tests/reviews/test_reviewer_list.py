"""The published list of reviewers, objections in advance, known ties, and files that come back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.services import close_account
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, NotPermitted
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from reviews.enums import ConflictReason, ReaderOrder, Rule
from reviews.models import Assignment, KnownTie, Relation, Review, ReviewerObjection, VetoMark
from reviews.queries.reviewer_list import who_may_read
from reviews.queries.reviewers import bars_to_reading
from reviews.queries.work import left_behind
from reviews.services.assignments import (
    ConflictOfInterest,
    NotTheirsToGive,
    decline,
    hand_over,
    nudge_late,
    remind_of_due,
)
from reviews.services.relations import declare_relation, take_back_relation
from reviews.services.returns import take_back_from_who_is_tied, take_back_from_who_left
from reviews.services.reviewers import (
    ObjectedBefore,
    ObjectionDecided,
    decide_reviewer_objection,
    enter_tie,
    object_to_reviewer,
    set_terms,
    take_out_tie,
)
from reviews.services.samples import draw_sample
from reviews.services.submission import submit_review
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, checklists, manager, reviewer, submitted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def why_not(case: Case, reader: User) -> tuple[ConflictReason, ...]:
    return next(each.reasons for each in who_may_read(case, today=TODAY) if each.person == reader)


def objection(case: Case, reader: User) -> ReviewerObjection:
    return object_to_reviewer(
        reviewer=reader,
        lawyer=case.lawyer,
        reason="曾与我有纠纷",
        centre=case.centre,
        user=account_of(case.lawyer),
        now=NOW,
    )


def other_side(case: Case, reader: User) -> None:
    firm = reader.lawyer.memberships.get().firm
    enter_tie(case=case, opposing_firm=firm, user=manager(case.centre), now=NOW)


def dealt_with_it(case: Case, reader: User) -> None:
    enter_tie(case=case, earlier_lawyer=reader.lawyer, user=manager(case.centre), now=NOW)


def handled_another_of_the_client(case: Case, reader: User) -> None:
    factories.case(case.centre, client=case.client, lawyer=reader.lawyer)


def declared(case: Case, reader: User) -> None:
    declare_relation(lawyer=case.lawyer, user=reader, now=NOW)


def upheld(case: Case, reader: User) -> None:
    lodged = objection(case, reader)
    decide_reviewer_objection(objection=lodged, upheld=True, answer="属实", user=manager(case.centre), now=NOW)


def in_a_city_wide_review(case: Case, reader: User) -> None:
    period = Period.quarter(2026, 4)
    boss = manager(case.centre)
    assert reader.lawyer is not None
    draw_sample(
        centre=case.centre,
        period=period,
        seed="c",
        rate=Decimal(1),
        rules=[Rule.RANDOM],
        city_wide=True,
        user=boss,
        now=NOW,
    )


TIES = [
    (other_side, ConflictReason.OPPOSING_FIRM),
    (dealt_with_it, ConflictReason.EARLIER_INVOLVED),
    (handled_another_of_the_client, ConflictReason.EARLIER_INVOLVED),
    (declared, ConflictReason.DECLARED_RELATION),
    (upheld, ConflictReason.OBJECTED_TO),
    (in_a_city_wide_review, ConflictReason.SAME_COUNTY),
]


@pytest.mark.parametrize(("arise", "reason"), TIES)
def test_a_tie_bars_from_being_given_the_file_and_names_itself(arise, reason):
    checklists()
    case = factories.case(factories.centre())
    reader = reviewer(case.centre)
    arise(case, reader)

    with pytest.raises(ConflictOfInterest) as refused:
        assignment(case, reader, by=manager(case.centre))

    assert refused.value.reasons == why_not(case, reader) == (reason,)


@pytest.mark.parametrize(("arise", "reason"), [tie for tie in TIES if tie[0] not in (upheld, declared)])
def test_a_tie_that_arises_while_marking_refuses_the_marks(arise, reason):
    row = assignment()
    reader = reader_of(row)
    arise(row.case, reader)
    review = Review.objects.get(assignment=row)

    with pytest.raises(ConflictOfInterest) as refused:
        submit_review(review_id=review.public_id, version=review.version, user=reader, now=NOW)

    assert refused.value.reasons == (reason,)


def test_a_tie_taken_out_bars_nobody():
    row = assignment()
    other_side(row.case, reader_of(row))

    take_out_tie(tie=KnownTie.objects.get(), user=manager(row.case.centre), now=NOW)

    assert bars_to_reading(case=row.case, reader=reader_of(row)) == ()


def test_an_objection_keeps_the_next_file_away_but_takes_none_before_it_is_decided():
    row = assignment()
    reader = reader_of(row)
    lodged = objection(row.case, reader)
    following = factories.case(row.case.centre, lawyer=row.case.lawyer, firm=row.case.firm)

    assert bars_to_reading(case=row.case, reader=reader) == ()
    assert why_not(following, reader) == (ConflictReason.OBJECTED_TO,)
    decide_reviewer_objection(objection=lodged, upheld=False, answer="无据", user=manager(row.case.centre), now=NOW)
    assert why_not(following, reader) == ()


def test_an_objection_upheld_brings_the_open_files_of_the_lawyer_back():
    row = assignment()
    other = assignment(factories.case(row.case.centre), reader_of(row))

    upheld(row.case, reader_of(row))

    states = dict(Assignment.objects.values_list("pk", "state"))
    assert (states[row.pk], states[other.pk]) == ("returned", "open")


def test_an_objection_stands_once_is_decided_once_and_by_somebody_apart():
    row = assignment()
    reader = reader_of(row)
    lodged = objection(row.case, reader)
    boss = manager(row.case.centre)
    own = account_of(row.case.lawyer)
    Grant.objects.create(user=own, role=Role.MANAGER, organisation=row.case.centre)
    Grant.objects.create(user=reader, role=Role.MANAGER, organisation=row.case.centre)

    with pytest.raises(ObjectedBefore):
        objection(row.case, reader)
    for person in (own, User.objects.get(pk=reader.pk)):
        with pytest.raises(NotTheirsToGive):
            decide_reviewer_objection(objection=lodged, upheld=False, answer="无据", user=person, now=NOW)
    with pytest.raises(InvalidInput):
        decide_reviewer_objection(objection=lodged, upheld=True, answer=" ", user=boss, now=NOW)
    decide_reviewer_objection(objection=lodged, upheld=True, answer="属实", user=boss, now=NOW)
    with pytest.raises(ObjectionDecided):
        decide_reviewer_objection(objection=lodged, upheld=False, answer="无据", user=boss, now=NOW)


def test_the_database_takes_no_decision_without_reasons():
    row = assignment()
    lodged = objection(row.case, reader_of(row))

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewerObjection.objects.filter(pk=lodged.pk).update(state="upheld")


def test_terms_say_how_many_and_which_files_somebody_reads():
    checklists()
    centre = factories.centre()
    reader, boss = reviewer(centre), manager(centre)
    case = factories.case(centre)

    def may_read(capacity=5, case_types=(), practising_since=None):
        set_terms(
            reviewer=reader,
            capacity=capacity,
            case_types=case_types,
            practising_since=practising_since,
            user=boss,
            now=NOW,
        )
        [found] = who_may_read(case, today=TODAY)
        return found.reasons, found.other_type, found.full

    assert may_read() == ((), False, False)
    assert may_read(capacity=0) == ((), False, True)
    assert may_read(case_types=["criminal"]) == ((), True, False)
    assert may_read(practising_since=date(2024, 1, 1)) == ((ConflictReason.TOO_NEW,), False, False)
    with pytest.raises(InvalidInput):
        may_read(capacity=201)
    with pytest.raises(InvalidInput):
        may_read(case_types=["x"])
    with pytest.raises(InvalidInput):
        may_read(practising_since=date(2030, 1, 1))


@pytest.mark.parametrize(
    ("code", "confirmed", "barred"), [("V6", True, True), ("V9", True, True), ("V6", False, False), ("V8", True, False)]
)
def test_whose_own_work_was_found_at_fault_by_a_veto_reads_no_file_but_not_where_the_centre_was(
    code, confirmed, barred
):
    centre = factories.centre()
    person, boss = reviewer(centre), manager(centre)
    own = factories.case(centre, lawyer=person.lawyer, firm=person.lawyer.memberships.get().firm)
    row = assignment(own, reviewer(centre))
    reader = reader_of(row)
    mark_veto(review_id=row.review.public_id, code=code, statement="见卷内材料", page="3", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get()
    answer_veto(veto_mark=veto, answer="有异议", user=person, now=NOW)
    decide_veto(veto_mark=veto, confirmed=confirmed, reason="已核实", user=boss, now=NOW)

    reasons = {each.person: each.reasons for each in who_may_read(factories.case(centre), today=TODAY)}

    assert reasons[person] == ((ConflictReason.UNDER_VETO,) if barred else ())


def test_who_loses_the_role_loses_the_file_at_once_and_it_comes_back():
    row = assignment()
    reader, boss = reader_of(row), manager(row.case.centre)
    assert take_back_from_who_left(now=NOW) == 0

    Grant.objects.filter(user=reader).delete()

    assert not Assignment.objects.held_by(User.objects.get(pk=reader.pk)).exists()
    assert [each.pk for each in left_behind(boss)] == [row.pk]
    assert (take_back_from_who_left(now=NOW), take_back_from_who_left(now=NOW)) == (1, 0)
    assert [each.state for each in left_behind(boss)] == ["returned"]
    assert Notification.objects.filter(user=boss, params__case=row.case.number).exists()
    second = hand_over(
        assignment=Assignment.objects.get(pk=row.pk),
        reviewer=reviewer(row.case.centre),
        reason="补位",
        user=boss,
        now=NOW,
    )
    assert (second.order, second.state) == (ReaderOrder.FIRST, "open")
    assert not left_behind(boss).exists()


def role_taken(reader: User, _boss: User) -> None:
    Grant.objects.filter(user=reader).delete()


def moved_to_another_centre(reader: User, _boss: User) -> None:
    Grant.objects.filter(user=reader).update(organisation=factories.centre())


def account_closed(reader: User, boss: User) -> None:
    close_account(person=reader, closer=boss, now=NOW)


def switched_off(reader: User, _boss: User) -> None:
    """As an operator may in the database, with the tokens left."""
    User.objects.filter(pk=reader.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [role_taken, moved_to_another_centre, account_closed, switched_off])
def test_whoever_reads_here_no_more_is_shut_out_at_once_in_the_session_and_by_token(client, leave):
    row = assignment()
    reader, boss = reader_of(row), manager(row.case.centre)
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(reader)[1]}")
    client.force_login(reader)
    page, door = (reverse(name, args=[row.review.public_id]) for name in ("reviews:workspace", "api-review"))
    marks = {"version": 0, "marks": [{"item": "A1", "anchor": "full"}], "arguments": []}
    assert (client.get(page).status_code, program.get(door).status_code) == (200, 200)

    leave(reader, boss)

    assert client.get(page).status_code in {302, 403, 404}
    assert program.get(door).status_code in {401, 403, 404}
    assert program.put(f"{door}/marks", marks, format="json").status_code in {401, 403, 404}
    assert (take_back_from_who_left(now=NOW), Review.objects.get().version) == (1, 0)
    assert [(each.pk, each.state) for each in left_behind(boss)] == [(row.pk, "returned")]


def test_a_file_drawn_for_a_city_wide_review_comes_back_from_who_is_of_the_county():
    row = assignment()
    in_a_city_wide_review(row.case, reader_of(row))

    assert (take_back_from_who_is_tied(now=NOW), states()) == (1, ["returned"])


def test_a_file_given_back_waits_for_the_managers_until_another_has_it():
    row = assignment()
    boss = manager(row.case.centre)
    decline(assignment=row, reason="认识承办人", user=reader_of(row), now=NOW)

    assert [each.pk for each in left_behind(boss)] == [row.pk]


def test_a_reader_hears_before_the_day_and_each_week_after_it():
    row = assignment()
    assert row.due_on is not None
    before = NOW.replace(month=row.due_on.month, day=row.due_on.day) - timedelta(days=3)
    after = before + timedelta(days=10)

    assert [remind_of_due(now=each) for each in (NOW, before, before)] == [0, 1, 0]
    assert [nudge_late(now=after + timedelta(days=days)) for days in (0, 1, 8)] == [1, 0, 1]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_lawyer_reads_the_list_and_objects_on_it(client):
    case = factories.case(factories.centre())
    reader = reviewer(case.centre, display_name="王评查")
    client.force_login(account_of(case.lawyer))

    page = client.get(reverse("reviews:reviewers")).content.decode()
    answer = client.post(
        reverse("reviews:object-to-reviewer"), {"reviewer": str(reader.public_id), "reason": "有诉讼"}, follow=True
    )

    assert "王评查" in page
    assert ReviewerObjection.objects.get().reviewer == reader
    assert "有诉讼" in answer.content.decode()


@pytest.mark.parametrize("fields", [{}, {"reviewer": "x", "reason": "有"}, {"reason": "长" * 501}])
def test_an_objection_that_says_too_little_or_too_much_is_refused_and_kept(client, fields):
    case = factories.case(factories.centre())
    reviewer(case.centre)
    client.force_login(account_of(case.lawyer))

    answer = client.post(reverse("reviews:object-to-reviewer"), fields)

    assert answer.status_code == 422
    assert fields.get("reason", "") in answer.content.decode()
    assert not ReviewerObjection.objects.exists()


def test_a_manager_enters_one_on_paper_and_decides_it(client):
    case = factories.case(factories.centre())
    reader, boss = reviewer(case.centre), manager(case.centre)
    client.force_login(boss)
    fields = {
        "reviewer": str(reader.public_id),
        "reason": "有诉讼",
        "lawyer": case.lawyer.licence_number,
        "received_on": "2026-01-05",
    }

    refused = client.post(reverse("reviews:object-to-reviewer-on-paper"), fields | {"lawyer": "0"})
    client.post(reverse("reviews:object-to-reviewer-on-paper"), fields)
    row = ReviewerObjection.objects.get()
    url = reverse("reviews:decide-reviewer-objection", args=[row.public_id])
    unanswered = client.post(url, {"decision": "uphold", "answer": ""})
    undecided = client.post(url, {"answer": "属实"})
    client.post(url, {"decision": "uphold", "answer": "属实"})

    row.refresh_from_db()
    assert (refused.status_code, unanswered.status_code, undecided.status_code) == (422, 422, 422)
    assert (row.entered_by, row.received_on, row.state) == (boss, date(2026, 1, 5), "upheld")


def two_of_the_lawyer_and_one_beside() -> tuple[User, User, list[Assignment]]:
    """Open files of one reader, and the manager who gave them out."""
    checklists()
    centre = factories.centre()
    reader, boss, firm = reviewer(centre), manager(centre), factories.firm(centre)
    lawyer = factories.lawyer(firm)
    cases = [*(factories.case(centre, lawyer=lawyer, firm=firm) for _each in range(2)), factories.case(centre)]
    return reader, boss, [assignment(case, reader, by=boss) for case in cases]


def states() -> list[str]:
    return list(Assignment.objects.order_by("pk").values_list("state", flat=True))


def test_who_declares_a_relation_gives_the_open_files_it_touches_back_by_that_and_is_told_which(client):
    reader, boss, rows = two_of_the_lawyer_and_one_beside()
    client.force_login(reader)

    page = client.post(
        reverse("reviews:declare-relation"), {"lawyer": rows[0].case.lawyer.licence_number}, follow=True
    ).content.decode()

    assert states() == ["returned", "returned", "open"]
    assert f"您手中其 2 份案卷已退回管理人员：{rows[0].case.number}、{rows[1].case.number}。" in page
    assert {rendered(each) for each in unread_notifications(boss)} == {
        f"案卷{row.case.number}已从评查员处收回，请另行分派。" for row in rows[:2]
    }
    assert {row.pk for row in left_behind(boss)} == {rows[0].pk, rows[1].pk}
    client.force_login(boss)
    assert "评查员已申报与承办人或其所的关系" in client.get(f"{reverse('reviews:assignments')}?left=1").content.decode()


def test_programs_are_told_which_files_a_relation_to_a_firm_gave_back(client):
    reader, _boss, rows = two_of_the_lawyer_and_one_beside()
    client.force_login(reader)
    firm = rows[0].case.firm.name

    made = client.post(reverse("api-reviewer-relations"), {"firm": firm}, content_type="application/json").json()

    assert (made["firm"], made["given_back"]) == (firm, [rows[0].case.number, rows[1].case.number])


def test_a_relation_declared_with_one_file_gives_the_others_it_touches_back_too(client):
    reader, _boss, rows = two_of_the_lawyer_and_one_beside()
    client.force_login(reader)
    form = {"reason": "同学", "relation": "lawyer"}

    page = client.post(reverse("reviews:decline", args=[rows[1].review.public_id]), form, follow=True).content.decode()

    assert states() == ["returned", "declined", "open"]
    assert f"您手中其 1 份案卷已退回管理人员：{rows[0].case.number}。" in page


def test_a_reviewer_declares_a_relation_in_advance(client):
    case = factories.case(factories.centre())
    reader = reviewer(case.centre)
    client.force_login(reader)

    neither = client.post(reverse("reviews:declare-relation"), {})
    client.post(reverse("reviews:declare-relation"), {"firm": case.firm.name})

    assert neither.status_code == 422
    assert why_not(case, reader) == (ConflictReason.DECLARED_RELATION,)


@pytest.mark.parametrize("whom", ["lawyer", "firm"])
def test_who_gives_back_a_file_read_blind_is_not_told_by_their_own_relation_whose_it_was(client, whom):
    case = factories.case(factories.centre(settings={"blind_review": True}))
    row = assignment(case, reviewer(case.centre))
    decline(assignment=row, reason="有亲属关系", relation=whom, user=row.reviewer, now=NOW)
    client.force_login(User.objects.get(pk=row.reviewer_id))

    shown = client.get(reverse("reviews:reviewers")).content.decode().partition("relations-title")[2]
    (told,) = client.get(reverse("api-reviewer-relations")).json()
    handled = {"lawyer": case.lawyer, "firm": case.firm}[whom]
    back = reverse("reviews:take-back-relation", args=[handled.public_id])

    assert (handled.name in shown, case.number in shown, told["lawyer"], told["firm"]) == (False, True, "", "")
    assert (back in shown, client.post(back, {"reason": "误报"}).status_code) == (True, 302)


def test_a_relation_taken_back_with_its_reason_bars_no_more_and_the_managers_are_told(client):
    case = factories.case(factories.centre())
    reader, boss = reviewer(case.centre), manager(case.centre)
    declare_relation(firm=case.firm, user=reader, now=NOW)
    url = reverse("reviews:take-back-relation", args=[case.firm.public_id])
    client.force_login(reader)

    without = client.post(url, {"reason": " "})
    assert (without.status_code, why_not(case, reader)) == (422, (ConflictReason.DECLARED_RELATION,))
    client.post(url, {"reason": "合作已结束"})
    assert why_not(case, reader) == ()
    assert client.post(url, {"reason": "合作已结束"}).status_code == 404

    assert [rendered(each) for each in unread_notifications(boss)] == [
        f"{reader} 撤回了一项已申报的关系，理由见其评查条件页。"
    ]
    client.force_login(boss)
    assert "合作已结束" in client.get(reverse("reviews:reviewer-terms", args=[reader.public_id])).content.decode()
    declare_relation(firm=case.firm, user=reader, now=NOW)
    assert why_not(case, reader) == (ConflictReason.DECLARED_RELATION,)


def test_nobody_takes_back_the_relation_of_another_nor_changes_what_was_taken_back():
    case = factories.case(factories.centre())
    reader = reviewer(case.centre)
    row = declare_relation(lawyer=case.lawyer, user=reader, now=NOW).relation

    with pytest.raises(NotPermitted):
        take_back_relation(relation=row, reason="无关系", user=reviewer(case.centre), now=NOW)
    take_back_relation(relation=row, reason="误报", user=reader, now=NOW)
    for change in ({"taken_back_at": None, "taken_back_reason": ""}, {"taken_back_reason": "别的"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Relation.objects.update(**change)


def test_programs_declare_list_and_take_back_a_relation(client):
    case = factories.case(factories.centre())
    reader = reviewer(case.centre)
    client.force_login(reader)

    made = client.post(
        reverse("api-reviewer-relations"), {"lawyer": case.lawyer.licence_number}, content_type="application/json"
    ).json()
    assert made.pop("given_back") == []
    assert client.get(reverse("api-reviewer-relations")).json() == [made]
    url = reverse("api-relation-taken-back", args=[made["whom"]])
    again = client.post(url, {"reason": "误报"}, content_type="application/json")

    assert (again.status_code, again.json()) == (200, made)
    assert client.get(reverse("api-reviewer-relations")).json() == []


def test_the_page_of_one_file_says_who_may_read_it_and_takes_the_other_side(client):
    checklists()
    case = factories.case(factories.centre())
    reader = reviewer(case.centre)
    url = reverse("reviews:file-readers", args=[case.public_id])
    client.force_login(manager(case.centre))

    before = client.get(url).content.decode()
    client.post(url, {"opposing_firm": reader.lawyer.memberships.get().firm.name})
    after = client.get(url).content.decode()
    client.post(reverse("reviews:take-out-tie", args=[KnownTie.objects.get().public_id]))

    assert [str(ConflictReason.OPPOSING_FIRM.label) in page for page in (before, after)] == [False, True]
    assert KnownTie.objects.get().taken_out_at is not None


@pytest.mark.parametrize("blind", [False, True])
def test_in_a_blind_review_the_reader_is_not_told_the_lawyers_name(client, blind):
    case = factories.case(factories.centre(settings={"blind_review": blind}))
    row = assignment(case)
    client.force_login(reader_of(row))
    url = reverse("reviews:workspace", args=[row.review.public_id])

    open_page = client.get(url).content.decode()
    submitted(row)
    locked_page = client.get(url).content.decode()

    assert [case.lawyer.name in page for page in (open_page, locked_page)] == [not blind, not blind]

"""A veto is put to a lawyer without an account on paper; nobody is found at fault who was neither told nor heard."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, NotPermitted
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear, Lawyer
from reviews.models import CaseReview, FormerHearing, Relation, VetoMark
from reviews.queries import waiting_for
from reviews.services.assignments import NotTheirsToGive
from reviews.services.calendar_gaps import close_calendar_gaps
from reviews.services.objections import NotServedOnPaper
from reviews.services.telling import NotToServe
from reviews.services.telling_vetoes import hear_new_lawyers
from reviews.services.vetoes import LawyerNotHeard, VetoNotOpen, answer_veto, decide_veto, mark_veto
from reviews.services.vetoes_on_paper import key_in_veto_answer, serve_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, submitted

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)  # a Friday
MONDAY = NOW + timedelta(days=3)
FIVE_AFTER_MONDAY = date(2026, 11, 30)
MUCH_LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def marked(*, reads: bool = False) -> tuple[VetoMark, User]:
    """A veto of a submitted review, and a manager who may decide it."""
    case = factories.case(factories.centre())
    if reads:
        account_of(case.lawyer)
    row = assignment(case)
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V6", statement="未会见", page="3", user=reader, now=NOW)
    submitted(row, **GOOD)
    return VetoMark.objects.get(review=row.review), manager(case.centre)


def served() -> tuple[VetoMark, User]:
    veto, person = marked()
    return serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY), person


def confirm(veto: VetoMark, person: User, *, now: datetime) -> VetoMark:
    return decide_veto(veto_mark=veto, confirmed=True, reason="属实。", user=person, now=now)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def home_of(person: User) -> list[str]:
    return [str(block.url) for block in waiting_for(person, MONDAY)]


def test_time_decides_nothing_against_a_lawyer_whom_nobody_told() -> None:
    veto, person = marked()

    with pytest.raises(LawyerNotHeard) as refused:
        confirm(veto, person, now=MUCH_LATER)

    assert "签收日期" in str(refused.value.message)
    assert (VetoMark.objects.get().answer_due_on, VetoMark.objects.get().state) == (None, "marked")
    waiting = f"{reverse('reviews:vetoes')}?to_tell=1"
    assert (waiting in home_of(person), reverse("reviews:vetoes") in home_of(person)) == (True, False)


def test_the_five_working_days_count_from_the_day_of_receipt() -> None:
    veto, person = served()

    with pytest.raises(LawyerNotHeard):
        confirm(veto, person, now=datetime(2026, 11, 30, 2, tzinfo=UTC))
    stored = VetoMark.objects.get()
    assert (stored.served_on, stored.served_by, stored.answer_due_on) == (MONDAY.date(), person, FIVE_AFTER_MONDAY)
    assert Entry.objects.get(action="reviews.veto_served").actor_label == str(person)
    needing = f"{reverse('reviews:assignments')}?needs=reader"
    assert home_of(person)[:2] == [needing, reverse("reviews:vetoes")]

    assert confirm(veto, person, now=datetime(2026, 12, 1, 2, tzinfo=UTC)).state == "confirmed"


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), MONDAY.date() + timedelta(days=1), None])
def test_the_day_of_receipt_lies_between_the_submission_and_today(day: date | None) -> None:
    veto, person = marked()

    with pytest.raises(InvalidInput) as refused:
        serve_veto(veto_mark=veto, served_on=day, user=person, now=MONDAY)

    assert (refused.value.field, VetoMark.objects.get().served_on) == ("served_on", None)


def test_who_was_told_on_their_home_is_not_served_and_nobody_twice() -> None:
    for veto, person in (marked(reads=True), served()):
        with pytest.raises(NotToServe):
            serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)


def test_who_has_a_tie_to_the_lawyer_neither_serves_nor_enters_the_answer() -> None:
    veto, person = marked()
    case = veto.review.assignment.case
    colleague = factories.user(Role.MANAGER, at=case.centre, of=factories.lawyer(case.firm))

    with pytest.raises(NotTheirsToGive):
        serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=colleague, now=MONDAY)
    serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)
    with pytest.raises(NotTheirsToGive):
        key_in_veto_answer(veto_mark=veto, answer="x", received_on=MONDAY.date(), user=colleague, now=MONDAY)


def test_who_has_a_tie_is_told_so_on_the_page_in_place_of_every_form() -> None:
    veto, person = marked()
    case = veto.review.assignment.case
    friend = manager(case.centre)
    Relation.objects.create(reviewer=friend, lawyer=case.lawyer, declared_at=NOW)
    url = reverse("reviews:vetoes")

    def forms(who: User) -> tuple[list[str], bool]:
        page = browser(who).get(url).content.decode()
        doors = ("serve-veto", "key-in-veto-answer", "decide-veto")
        found = [door for door in doors if reverse(f"reviews:{door}", args=[veto.public_id]) in page]
        return found, "您与本案承办人员或其所在机构存在利害关系" in page

    untold = forms(person), forms(friend)
    serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)
    told = forms(person), forms(friend)
    with time_machine.travel(MUCH_LATER, tick=False):
        over = forms(person), forms(friend)

    assert untold == ((["serve-veto"], False), ([], True))
    assert told == ((["key-in-veto-answer"], False), ([], True))
    assert over == ((["key-in-veto-answer", "decide-veto"], False), ([], True))


def test_the_answer_on_paper_is_entered_with_its_day_and_by_whom_and_counts_as_hearing() -> None:
    veto, person = served()

    key_in_veto_answer(veto_mark=veto, answer="会见过，记录在卷。", received_on=MONDAY.date(), user=person, now=MONDAY)

    stored = VetoMark.objects.get()
    assert (stored.answer, stored.state) == ("会见过，记录在卷。", "answered")
    assert (stored.answer_received_on, stored.answer_entered_by) == (MONDAY.date(), person)
    assert Entry.objects.get(action="reviews.veto_answer_keyed_in").actor_label == str(person)
    assert confirm(veto, manager(veto.review.assignment.case.centre), now=MONDAY).state == "confirmed"


def test_only_the_lawyer_of_the_case_answers_and_once() -> None:
    veto, _person = marked(reads=True)
    case = veto.review.assignment.case
    colleague = account_of(factories.lawyer(case.firm))

    with pytest.raises(NotPermitted):
        answer_veto(veto_mark=veto, answer="代答。", user=colleague, now=NOW)
    answer_veto(veto_mark=veto, answer="会见过。", user=account_of(case.lawyer), now=NOW)
    with pytest.raises(VetoNotOpen):
        answer_veto(veto_mark=veto, answer="另有补充。", user=account_of(case.lawyer), now=NOW)

    assert VetoMark.objects.get().answer == "会见过。"


def test_who_has_an_account_by_now_is_handed_no_paper() -> None:
    veto, person = marked()
    account_of(veto.review.assignment.case.lawyer)

    with pytest.raises(NotToServe):
        serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)


def test_nobody_answers_for_a_lawyer_who_was_told_on_their_home_or_not_at_all() -> None:
    for veto, person in (marked(reads=True), marked()):
        with pytest.raises(NotServedOnPaper):
            key_in_veto_answer(veto_mark=veto, answer="代答。", received_on=MONDAY.date(), user=person, now=MONDAY)


@pytest.mark.parametrize("day", [MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=1), None])
def test_the_answer_came_after_the_paper_and_not_after_today(day: date | None) -> None:
    veto, person = served()

    with pytest.raises(InvalidInput) as refused:
        key_in_veto_answer(veto_mark=veto, answer="会见过。", received_on=day, user=person, now=MONDAY)

    assert refused.value.field == "received_on"


@pytest.mark.parametrize(
    "change",
    [
        "served_on = NULL",
        "served_by_id = NULL",
        "answer_due_on = '2027-01-01'",
        "answer = 'x'",
        "answer_received_on = NULL",
        "answer_entered_by_id = NULL",
    ],
)
def test_the_days_and_the_answer_are_never_changed_afterwards(change: str) -> None:
    veto, person = served()
    key_in_veto_answer(veto_mark=veto, answer="会见过。", received_on=MONDAY.date(), user=person, now=MONDAY)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reviews_vetomark SET {change}")


def test_the_database_confirms_nothing_against_somebody_neither_told_nor_heard() -> None:
    veto, person = marked()

    with pytest.raises(DatabaseError), transaction.atomic():
        VetoMark.objects.filter(pk=veto.pk).update(
            state="confirmed", decided_by=person, decided_at=MONDAY, decision_reason="x"
        )


def test_an_account_opened_later_is_told_and_the_time_begins_with_that() -> None:
    veto, _person = marked()
    assert close_calendar_gaps(now=MONDAY) == 0
    own = account_of(veto.review.assignment.case.lawyer)

    assert [close_calendar_gaps(now=MONDAY), close_calendar_gaps(now=MONDAY)] == [1, 0]

    assert VetoMark.objects.get().answer_due_on == FIVE_AFTER_MONDAY
    assert Notification.objects.filter(user=own).count() == 1


def test_an_account_opened_after_the_paper_answers_there_within_the_same_days() -> None:
    veto, _person = served()
    own = account_of(veto.review.assignment.case.lawyer)

    assert close_calendar_gaps(now=MONDAY) == 0
    assert answer_veto(veto_mark=veto, answer="会见过。", user=own, now=MONDAY).answer_due_on == FIVE_AFTER_MONDAY


def test_a_calendar_that_ends_too_early_loses_no_day_of_receipt() -> None:
    late = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    veto, person = marked()
    CalendarYear.objects.filter(year__gt=2026).delete()

    with time_machine.travel(late, tick=False):
        told = serve_veto(veto_mark=veto, served_on=late.date(), user=person, now=late)
        assert (told.served_on, told.answer_due_on) == (late.date(), None)
        CalendarYear.objects.create(year=2027)
        # Nothing is counted for who is named since from the day of another; put right, it is the lawyer's own again.
        mistaken = named_anew(veto)
        assert close_calendar_gaps(now=late + timedelta(days=3)) == 0
        Case.objects.filter(lawyer=mistaken).update(lawyer=told.told_lawyer)
        assert close_calendar_gaps(now=late + timedelta(days=3)) == 1

    assert VetoMark.objects.get().answer_due_on == date(2027, 1, 6)


def test_the_pages_print_the_paper_take_the_day_and_enter_the_answer() -> None:
    veto, person = marked()
    pages, of = browser(person), [veto.public_id]
    listed = pages.get(reverse("reviews:vetoes"), {"to_tell": "1"}).content.decode()
    paper = pages.get(reverse("reviews:veto-paper", args=of)).content.decode()

    empty = pages.post(reverse("reviews:serve-veto", args=of))
    future = pages.post(reverse("reviews:serve-veto", args=of), {"served_on": "2099-01-01"})
    pages.post(reverse("reviews:serve-veto", args=of), {"served_on": str(MONDAY.date())})
    shown = pages.get(reverse("reviews:vetoes")).content.decode()
    undated = pages.post(reverse("reviews:key-in-veto-answer", args=of), {"answer": "会见过。"})
    pages.post(
        reverse("reviews:key-in-veto-answer", args=of), {"answer": "会见过。", "received_on": str(MONDAY.date())}
    )

    case = veto.review.assignment.case
    assert reverse("reviews:veto-paper", args=of) in listed
    assert ("未会见" in paper, "5 个工作日" in paper, case.client.name in paper) == (True, True, False)
    assert (empty.status_code, future.status_code) == (422, 422)
    assert 'name="received_on"' in shown
    assert (undated.status_code, "会见过。" in undated.content.decode()) == (422, True)
    assert VetoMark.objects.get().answer == "会见过。"
    assert 'name="reason"' in pages.get(reverse("reviews:vetoes")).content.decode()


def test_a_program_enters_the_day_and_the_answer() -> None:
    veto, person = marked()
    program = browser(person)
    service, answers = (reverse(name, args=[veto.public_id]) for name in ("api-veto-service", "api-veto-answer-paper"))
    waiting = reverse("api-vetoes")
    assert len(program.get(waiting, {"to_tell": "true"}).json()["results"]) == 1

    refused = program.post(service, {}, content_type="application/json")
    told = program.post(service, {"served_on": str(MONDAY.date())}, content_type="application/json")
    body = {"answer": "会见过。", "received_on": str(MONDAY.date())}
    entered = program.post(answers, body, content_type="application/json")

    assert (refused.status_code, told.status_code, entered.status_code) == (400, 200, 200)
    assert (told.json()["answer_due_on"], entered.json()["state"]) == (str(FIVE_AFTER_MONDAY), "answered")
    assert program.get(waiting, {"to_tell": "true"}).json()["results"] == []


def test_a_lawyer_of_another_centre_is_not_served_from_here() -> None:
    veto, _person = marked()
    stranger = manager(factories.case(factories.centre()).centre)

    answer = browser(stranger).post(
        reverse("reviews:serve-veto", args=[veto.public_id]), {"served_on": str(MONDAY.date())}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("words", ["向赵小梅收了费", "向赵女士收了费", "第3页有\U0001f600"])
def test_words_that_no_paper_quotes_are_refused_where_a_veto_is_marked(words: str) -> None:
    centre = factories.centre()
    row = assignment(factories.case(centre, client=factories.client(centre, name="赵小梅")))
    reader = browser(User.objects.get(pk=row.reviewer_id))
    given = {"veto": "V1", "statement": words, "page": "3"}

    refused = reader.post(reverse("reviews:veto", args=[row.review.public_id]), given)
    by_program = reader.post(
        reverse("api-review-vetoes", args=[row.review.public_id]), given, content_type="application/json"
    )

    assert (refused.status_code, by_program.status_code, VetoMark.objects.count()) == (422, 422, 0)
    assert words in refused.content.decode()
    assert "statement" in str(by_program.json()["errors"])


@pytest.mark.parametrize(("name", "printed"), [("未会见", "受援人两次"), ("未小梅", "某先生两次")])
def test_in_a_statement_that_was_locked_the_client_stands_unnamed_on_the_paper(name: str, printed: str) -> None:
    case = factories.case(factories.centre())
    row = assignment(case)
    reader = User.objects.get(pk=row.reviewer_id)
    said = printed.replace("受援人", name).replace("某", name[0])
    mark_veto(review_id=row.review.public_id, code="V6", statement=said, page="3", user=reader, now=NOW)
    submitted(row, **GOOD)
    case.client.name = name  # corrected after the file was read
    case.client.save()

    address = reverse("reviews:veto-paper", args=[VetoMark.objects.get().public_id])
    paper = browser(manager(case.centre)).get(address).content.decode()

    assert (printed in paper, said in paper) == (True, False)


def named_anew(veto: VetoMark) -> Lawyer:
    """The register names another lawyer of the firm for the case."""
    case = veto.review.assignment.case
    lawyer = factories.lawyer(case.firm)
    Case.objects.filter(pk=case.pk).update(lawyer=lawyer)
    return lawyer


def test_the_reason_of_a_decision_names_no_client_and_neither_does_the_paper_of_the_result() -> None:
    veto, person = served()
    case = veto.review.assignment.case
    named = f"{case.client.name}称从未见过律师，属实。"
    with time_machine.travel(MUCH_LATER, tick=False):
        for confirmed in (True, False):
            with pytest.raises(InvalidInput) as refused:
                decide_veto(veto_mark=veto, confirmed=confirmed, reason=named, user=person, now=MUCH_LATER)
            assert refused.value.field == "reason"
        decide_veto(veto_mark=veto, confirmed=False, reason="未会见系误记。", user=person, now=MUCH_LATER)
        case.client.name = "未会见"  # corrected after it was decided
        case.client.save()
        result = CaseReview.objects.current().get(case=case)
        page = browser(person).get(reverse("reviews:paper", args=[result.public_id])).content.decode()

    assert ("受援人系误记。" in page, "未会见系误记。" in page) == (True, False)


def test_nothing_is_confirmed_against_a_lawyer_named_after_another_was_told() -> None:
    veto, person = marked(reads=True)
    named_anew(veto)

    with pytest.raises(LawyerNotHeard):
        confirm(veto, person, now=MUCH_LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        VetoMark.objects.filter(pk=veto.pk).update(
            state="confirmed", decided_by=person, decided_at=MUCH_LATER, decision_reason="x"
        )


@pytest.mark.parametrize("reads", [True, False], ids=["on a home", "on paper"])
def test_who_took_the_case_over_in_the_register_is_told_of_the_veto_and_has_days_of_their_own(reads: bool) -> None:
    veto, person = marked(reads=True)
    answer_veto(veto_mark=veto, answer="前任的话。", user=account_of(veto.review.assignment.case.lawyer), now=NOW)
    other = named_anew(veto)
    own = account_of(other) if reads else None

    assert [hear_new_lawyers(now=MONDAY), hear_new_lawyers(now=MONDAY)] == [1, 0]

    if own is None:
        assert f"{reverse('reviews:vetoes')}?to_tell=1" in home_of(person)
        serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)
    else:
        assert Notification.objects.filter(user=own, url="/reviews/results").count() == 1
    stored = VetoMark.objects.get()
    assert (stored.told_lawyer, stored.answer_due_on, stored.answer) == (other, FIVE_AFTER_MONDAY, "")
    with pytest.raises(LawyerNotHeard):
        confirm(veto, person, now=MONDAY)
    assert "前任的话。" in browser(person).get(reverse("reviews:vetoes")).content.decode()
    assert confirm(veto, person, now=MUCH_LATER).state == "confirmed"


def test_who_took_the_case_over_may_answer_before_the_sweep_and_the_paper_of_another_is_no_answer_of_theirs() -> None:
    veto, person = served()
    other = named_anew(veto)
    with pytest.raises(NotServedOnPaper):
        key_in_veto_answer(veto_mark=veto, answer="前任的话。", received_on=MONDAY.date(), user=person, now=MONDAY)
    assert 'name="received_on"' not in browser(person).get(reverse("reviews:vetoes")).content.decode()

    answered = answer_veto(veto_mark=veto, answer="会见过。", user=account_of(other), now=MONDAY)

    assert (answered.told_lawyer, answered.served_on, answered.answer_due_on) == (other, None, None)
    assert FormerHearing.objects.get().served_on == MONDAY.date()
    third = named_anew(veto)
    on_paper = serve_veto(veto_mark=veto, served_on=MONDAY.date(), user=person, now=MONDAY)
    assert (on_paper.told_lawyer, on_paper.answer_due_on, on_paper.answer) == (third, FIVE_AFTER_MONDAY, "")
    assert [row.answer for row in FormerHearing.objects.order_by("pk")] == ["", "会见过。"]
    assert hear_new_lawyers(now=MONDAY) == 0


@pytest.mark.parametrize("change", ["answer = 'x'", "served_on = NULL", "ended_at = '2027-01-01'"])
def test_what_was_laid_aside_of_a_hearing_is_never_changed(change: str) -> None:
    veto, _person = served()
    named_anew(veto)
    hear_new_lawyers(now=MONDAY)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reviews_formerhearing SET {change}")


def test_who_was_told_on_a_home_that_was_closed_since_is_heard_on_paper() -> None:
    veto, person = marked(reads=True)
    User.objects.filter(lawyer=veto.review.assignment.case.lawyer).update(is_active=False)
    pages = browser(person)

    shown = pages.get(reverse("reviews:vetoes")).content.decode()
    pages.post(
        reverse("reviews:key-in-veto-answer", args=[veto.public_id]),
        {"answer": "会见过。", "received_on": str(MONDAY.date())},
    )

    assert ('name="received_on"' in shown, 'name="served_on"' in shown) == (True, False)
    assert (VetoMark.objects.get().answer, VetoMark.objects.get().answer_received_on) == ("会见过。", MONDAY.date())

"""What follows when a client is unhappy."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import RiskFlag
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from qa_service.notifications.services import rendered
from qa_service.organisations.models import CalendarYear, CentreSettings
from surveys import services
from surveys.enums import AlertKind, AlertState, ConsentWay, Finding, RecoveryAct, RecoveryEnd, RecoveryState
from surveys.models import Alert, Answer, Conversation, Escalation, LawyerQuestion, Recovery, Response
from surveys.queries import client_answers, follow_up_of_period, ratings_of_quarter
from surveys.queries.figures.funnel import response_funnel
from surveys.services.matters.lawyer_questions import QuestionOver
from surveys.services.matters.recoveries import NotYoursToSign, RecoveryMoved
from tests import factories
from tests.factories import NOW
from tests.surveys import factories as rows
from tests.surveys.recovering import Office, answered, office, step, unhappy, until

pytestmark = pytest.mark.django_db
A = RecoveryAct
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def second_answer(alert: Alert, rating: str, now: datetime = NOW) -> Conversation:
    again = Recovery.objects.get(alert=alert).asked_again
    assert again is not None
    rows.reply(again, rating, now=now)
    again.refresh_from_db()
    return again


def test_the_way_from_the_rating_to_the_signature(place):
    alert = unhappy(place)
    until(place.staff, alert, A.ASK)
    services.deliver_next(now=NOW)
    second_answer(alert, "4")

    ended = step(place.supervisor, alert, A.SIGN_OFF)

    alert.refresh_from_db()
    assert (ended.state, ended.ended_as, ended.signed_by) == ("closed", RecoveryEnd.SETTLED, place.supervisor)
    assert (alert.state, alert.acknowledged_by, alert.closed_at) == (AlertState.CLOSED, place.staff, NOW)
    assert list(ended.steps.values_list("act", flat=True)) == [
        A.TAKE, A.REACH, A.VERIFY, A.FIX, A.TELL, A.ASK, A.SIGN_OFF,
    ]  # fmt: skip


def test_asking_again_leaves_every_first_answer_as_it_was(place):
    alert = unhappy(place)
    first = list(Answer.objects.filter(response__conversation=alert.conversation).order_by("pk").values())
    before = client_answers([alert.case_id])
    until(place.staff, alert, A.ASK)
    services.deliver_next(now=NOW)

    again = second_answer(alert, "5")

    assert list(Answer.objects.filter(response__conversation=alert.conversation).order_by("pk").values()) == first
    assert client_answers([alert.case_id]) == before
    assert [each.q1 for each in before] == [1]
    assert Response.objects.get(conversation=again).answers.get().choice.value == "5"
    assert again.wave.startswith("recovery-")


def test_what_a_client_says_when_asked_again_counts_in_no_figure(place):
    """Evidence, report and funnel: another answer would tell that somebody had been unhappy, and count them twice."""
    alert = unhappy(place)

    def figures() -> tuple[Any, ...]:
        quarter = Period.quarter_of(alert.case.day_closed)
        period = follow_up_of_period(centre_path=place.centre.path, period=quarter)
        ratings = ratings_of_quarter(centre_id=place.centre.pk, quarter=quarter, besides=Conversation.objects.none())
        return client_answers([alert.case_id]), period, ratings, response_funnel(user=place.manager, now=NOW)

    before = figures()
    until(place.staff, alert, A.ASK)
    services.deliver_next(now=NOW)
    second_answer(alert, "5")

    assert figures() == before
    assert [rating.mark for rating in before[2]] == [1]


def test_a_bad_second_rating_opens_no_second_matter_and_may_be_sent_back(place):
    alert = unhappy(place)
    until(place.staff, alert, A.ASK)
    services.deliver_next(now=NOW)
    second_answer(alert, "1")
    assert Alert.objects.filter(kind=AlertKind.RECOVERY).count() == 1

    step(place.supervisor, alert, A.SEND_BACK)
    for act in (A.FIX, A.TELL, A.ASK):
        again = step(place.staff, alert, act)

    assert again.asked_again.wave.endswith("-2")
    assert Conversation.objects.filter(wave__startswith="recovery-", case=alert.case).count() == 2


def test_nothing_is_signed_while_the_client_may_still_answer(place):
    alert = unhappy(place)
    until(place.staff, alert, A.ASK)

    with pytest.raises(RecoveryMoved):
        step(place.supervisor, alert, A.SIGN_OFF)
    services.expire(now=NOW + timedelta(days=11))

    assert step(place.supervisor, alert, A.SIGN_OFF).ended_as == RecoveryEnd.SETTLED


@pytest.mark.parametrize("signer", ["staff", "manager"])
def test_only_a_supervisor_signs_off_where_there_is_one(place, signer):
    alert = unhappy(place)
    until(place.staff, alert, A.ASK)
    services.expire(now=NOW + timedelta(days=11))

    with pytest.raises(NotYoursToSign):
        step(getattr(place, signer), alert, A.SIGN_OFF)


def test_who_wears_both_hats_does_not_sign_what_they_handled(place):
    from qa_service.accounts.enums import Role
    from qa_service.accounts.models import Grant, User

    Grant.objects.create(user=place.staff, role=Role.SUPERVISOR, organisation=place.bureau)
    both = User.objects.get(pk=place.staff.pk)
    alert = unhappy(place)
    until(both, alert, A.ASK)
    services.expire(now=NOW + timedelta(days=11))

    with pytest.raises(NotYoursToSign):
        step(both, alert, A.SIGN_OFF)


def test_where_no_bureau_supervises_a_manager_who_handled_nothing_signs(place):
    place.supervisor.grants.all().delete()
    alert = unhappy(place)
    until(place.staff, alert, A.ASK)
    services.expire(now=NOW + timedelta(days=11))

    assert step(place.manager, alert, A.SIGN_OFF).signed_by == place.manager


def test_who_wants_no_call_is_let_be(place):
    alert = unhappy(place, may_call="no")

    row = Recovery.objects.get(alert=alert)
    assert (row.state, row.ended_as, alert.state) == ("closed", RecoveryEnd.NO_CONTACT, AlertState.CLOSED)
    assert Entry.objects.get(action="surveys.recovery_let_be").actor_id == "system:surveys.recovery"
    assert RiskFlag.objects.get(case=alert.case).kind == "bad_rating"
    with pytest.raises(RecoveryMoved):
        step(place.staff, alert, A.TAKE)


def test_a_rating_by_text_that_the_form_explains_later_is_one_matter(place):
    conversation = rows.invited(at=place.centre)
    services.deliver_next(now=NOW)
    rows.reply(conversation, "2")
    alert = Alert.objects.get()
    step(place.staff, alert, A.TAKE)

    from surveys.services.answering.answers import RESPONDENT, act_on_answers

    conversation.refresh_from_db()
    act_on_answers(conversation=conversation, values={"q1": "2", "q8": "both", "q10": "no"}, actor=RESPONDENT, now=NOW)

    row = Recovery.objects.get()
    assert (row.concern, row.state, row.ended_as) == ("both", "closed", "no_contact")


@pytest.mark.parametrize("concern", ["service", "result", "both"])
def test_unhappy_with_the_result_is_told_from_unhappy_with_the_service(place, concern):
    assert Recovery.objects.get(alert=unhappy(place, concern=concern)).concern == concern


def test_a_mistaken_rating_stands_and_its_mark_is_lifted(place):
    alert = unhappy(place)
    for act in (A.TAKE, A.REACH):
        step(place.staff, alert, act)
    step(place.staff, alert, A.VERIFY, finding=Finding.MISTAKEN)
    for act in (A.FIX, A.TELL, A.ASK):
        step(place.staff, alert, act)
    services.expire(now=NOW + timedelta(days=11))
    step(place.supervisor, alert, A.SIGN_OFF)

    assert [each.q1 for each in client_answers([alert.case_id])] == [1]
    assert RiskFlag.objects.filter(case=alert.case, cleared_at=None).count() == 0


def test_who_is_never_reached_is_put_right_without_them(place):
    alert = unhappy(place)
    step(place.staff, alert, A.TAKE)
    with pytest.raises(RecoveryMoved):
        step(place.staff, alert, A.VERIFY)
    for _call in range(3):
        step(place.staff, alert, A.MISS)
    for act in (A.VERIFY, A.FIX):
        step(place.staff, alert, act)

    assert step(place.supervisor, alert, A.SIGN_OFF).ended_as == RecoveryEnd.NOT_REACHED


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [
        (A.VERIFY, {"note": "  "}, "note"),
        (A.VERIFY, {"note": "字" * 2001}, "note"),
        (A.VERIFY, {"note": "有", "finding": None}, "finding"),
    ],
)
def test_a_finding_without_words_is_refused(place, act, given, field):
    alert = unhappy(place)
    until(place.staff, alert, A.REACH)

    with pytest.raises(InvalidInput) as refused:
        step(place.staff, alert, act, **given)

    assert refused.value.field == field


def test_a_supervisor_signs_and_does_not_handle(place):
    with pytest.raises(NotYoursToSign):
        step(place.supervisor, unhappy(place), A.TAKE)


# --- clocks ----------------------------------------------------------------------------------------------------------


def test_the_days_are_the_centres_own():
    place = office(recovery_acknowledge_days=2, recovery_contact_days=3, recovery_settle_days=4)
    alert = unhappy(place)

    # Friday 20 November: two, three and four working days later.
    assert (alert.acknowledge_by, alert.contact_by, alert.settle_by) == (
        date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26),
    )  # fmt: skip


def test_the_day_of_the_answer_is_the_centres_day(place):
    early = datetime(2026, 11, 24, 7, tzinfo=ZONE)  # Monday evening in UTC, Tuesday at the centre
    with time_machine.travel(early, tick=False):
        alert = unhappy(place)

    assert alert.acknowledge_by == date(2026, 11, 25)


def test_an_answer_without_a_calendar_is_kept_and_its_days_are_filled_in_later(place):
    CalendarYear.objects.all().delete()
    alert = unhappy(place)
    assert (alert.acknowledge_by, alert.contact_by, alert.settle_by) == (None, None, None)
    assert services.fill_clocks() == 0

    CalendarYear.objects.create(year=2026)
    assert services.fill_clocks() == 1
    assert services.fill_clocks() == 0

    alert.refresh_from_db()
    assert (alert.acknowledge_by, alert.settle_by) == (date(2026, 11, 23), date(2026, 12, 11))


def test_a_late_matter_is_told_to_the_manager_and_then_to_the_bureau_each_once(place):
    unhappy(place)
    days = [datetime(2026, 11, day, 10, tzinfo=ZONE) for day in (23, 24, 24, 25, 27, 27)]

    told = [services.escalate(now=day) for day in days]

    assert [(each.to_manager, each.to_bureau) for each in told] == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert list(Notification.objects.order_by("pk").values_list("user", flat=True)) == [
        place.manager.pk,
        place.supervisor.pk,
    ]


def test_each_step_has_its_own_warning(place):
    alert = unhappy(place)
    step(place.staff, alert, A.TAKE)

    services.escalate(now=datetime(2026, 12, 14, 10, tzinfo=ZONE))

    assert set(Escalation.objects.values_list("clock", "level")) == {
        ("contact", "manager"),
        ("contact", "bureau"),
        ("settle", "manager"),
    }


def test_a_notice_tells_nothing_but_the_case_and_the_day(place):
    alert = unhappy(place)
    services.escalate(now=datetime(2026, 11, 24, 10, tzinfo=ZONE))

    told = Notification.objects.get()
    assert (told.params, told.url) == (
        {"case": alert.case.number, "day": "2026-11-23"},
        f"/surveys/alerts/{alert.public_id}/",
    )


def test_late_money_matters_about_centre_staff_reach_the_bureau_alone(place):
    from qa_service.organisations.enums import FirmKind

    own = factories.firm(place.centre, kind=FirmKind.CENTRE_STAFF)
    answered(factories.case(place.centre, firm=own), money="yes")
    sealed = Alert.objects.get(kind=AlertKind.MONEY)

    services.escalate(now=datetime(2026, 11, 24, 10, tzinfo=ZONE))

    about = Notification.objects.filter(url__contains=str(sealed.public_id))
    assert set(about.values_list("user", flat=True)) == {place.supervisor.pk}


def test_who_would_be_told_at_the_bureau_and_handled_the_case_is_not_and_it_is_written_so(place):
    case = factories.case(place.centre)
    User.objects.filter(pk=place.supervisor.pk).update(lawyer=case.lawyer)
    operator = factories.user(Role.OPERATOR, at=place.bureau)
    alert = Alert.objects.get(conversation=answered(case), kind=AlertKind.RECOVERY)

    told = services.escalate(now=datetime(2026, 11, 27, 10, tzinfo=ZONE))

    assert (told.to_manager, told.to_bureau, told.to_nobody) == (1, 0, 1)
    assert set(Escalation.objects.values_list("level", "to_nobody")) == {("manager", False), ("bureau", True)}
    with translation.override("en"):
        of_manager = [rendered(row) for row in Notification.objects.filter(user=place.manager).order_by("pk")]
    assert of_manager[-1] == (
        f"Case {case.number}: a matter its client raised is late, and nobody at the bureau may see it. It was due on "
        "2026-11-23."
    )
    # Who sees no matter hears nothing of it but that somebody is wanted.
    of_operator = Notification.objects.get(user=operator)
    assert (of_operator.params, of_operator.url) == ({"place": place.centre.name}, "")
    assert not Notification.objects.filter(user=place.supervisor).exists()
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(place.manager)
    assert "(nobody there may see it)" in browser.get(f"/surveys/alerts/{alert.public_id}/").content.decode()


def test_the_sweep_costs_no_more_for_what_was_told_already(place, django_assert_num_queries):
    for _number in range(3):
        unhappy(place)
    late = datetime(2026, 11, 27, 10, tzinfo=ZONE)
    services.escalate(now=late)

    with django_assert_num_queries(8):  # two of them ask which zones there are
        services.escalate(now=late)


# --- the lawyer ------------------------------------------------------------------------------------------------------


def put(place: Office, alert: Alert, **fields) -> LawyerQuestion:
    given: dict[str, Any] = {
        "consented_on": NOW.date(),
        "consent_by": ConsentWay.TELEPHONE,
        "text": "请说明开庭改期的经过。",
    }
    return services.put_to_lawyer(user=place.staff, alert=alert, now=NOW, **(given | fields))


def lawyer_of(alert: Alert):
    from qa_service.accounts.enums import Role

    return factories.user(Role.LAWYER, of=alert.case.lawyer)


def test_the_lawyer_is_asked_only_after_the_client_was_spoken_with(place):
    alert = unhappy(place)
    step(place.staff, alert, A.TAKE)

    with pytest.raises(RecoveryMoved):
        put(place, alert)


@pytest.mark.parametrize("day", [NOW.date() + timedelta(days=1), NOW.date() - timedelta(days=1)])
def test_consent_lies_between_the_answer_and_today(place, day):
    alert = unhappy(place)
    until(place.staff, alert, A.REACH)

    with pytest.raises(InvalidInput):
        put(place, alert, consented_on=day)


def test_the_lawyer_replies_once_and_the_asker_hears(place):
    alert = unhappy(place)
    until(place.staff, alert, A.REACH)
    question, lawyer = put(place, alert), lawyer_of(alert)

    services.reply_to_centre(user=lawyer, question=question, text="已提前告知。", now=NOW)
    with pytest.raises(QuestionOver):
        services.reply_to_centre(user=lawyer, question=question, text="再说一次。", now=NOW)
    with pytest.raises(QuestionOver):
        services.withdraw_question(user=place.staff, alert=alert, now=NOW)

    assert Notification.objects.get(user=place.staff).text == "A lawyer has replied to a question of the centre."


def test_consent_taken_back_ends_what_the_lawyer_sees(place):
    alert = unhappy(place)
    until(place.staff, alert, A.REACH)
    question, lawyer = put(place, alert), lawyer_of(alert)
    assert LawyerQuestion.objects.visible_to(lawyer).count() == 1

    services.withdraw_question(user=place.staff, alert=alert, now=NOW)

    assert LawyerQuestion.objects.visible_to(lawyer).count() == 0
    with pytest.raises(QuestionOver):
        services.reply_to_centre(user=lawyer, question=question, text="已告知。", now=NOW)


def test_words_stay_out_of_the_record_and_lie_encrypted(place):
    from django.db import connection

    alert = unhappy(place)
    until(place.staff, alert, A.REACH)
    step(place.staff, alert, A.VERIFY, note="当事人说律师态度恶劣")
    put(place, alert)

    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM surveys_recoverystep UNION ALL SELECT text FROM surveys_lawyerquestion")
        stored = "".join(row[0] for row in cursor.fetchall())
    kept = stored + "".join(str(each) for each in Entry.objects.values_list("details", flat=True))
    assert "态度恶劣" not in kept
    assert "开庭改期" not in kept


def test_settings_hold_for_matters_still_to_come(place):
    from surveys.recovery import Days
    from surveys.services.matters.clocks import set_recovery_days

    first = unhappy(place)
    set_recovery_days(user=place.manager, centre=place.centre, days=Days(3, 6, 9, 1), now=NOW)
    second = unhappy(place)

    first.refresh_from_db()
    assert (first.acknowledge_by, second.acknowledge_by) == (date(2026, 11, 23), date(2026, 11, 25))
    assert CentreSettings.objects.get(centre=place.centre).recovery_bureau_after_days == 1
    assert Entry.objects.filter(action="surveys.recovery_days_set").count() == 1


def test_states_of_a_matter_and_of_its_alert_agree_all_the_way(place):
    alert = unhappy(place)
    seen = []
    for act in (A.TAKE, A.REACH, A.VERIFY, A.FIX, A.TELL, A.ASK):
        row = step(place.staff, alert, act)
        alert.refresh_from_db()
        seen.append((RecoveryState(row.state), alert.state))

    assert [state for _state, state in seen] == [AlertState.ACKNOWLEDGED] * 6

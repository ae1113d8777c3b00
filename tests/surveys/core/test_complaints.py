"""The register of complaints: numbers, clocks, steps, who sees it, and what it does to the case."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.audit.models import Entry
from qa_service.cases.models import RiskFlag
from qa_service.common.errors import InvalidInput
from qa_service.notifications.models import Notification
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import CalendarYear, Organisation
from surveys import services
from surveys.complaints import Rules
from surveys.enums import (
    AlertKind,
    AlertState,
    ComplaintAct,
    ComplaintOutcome,
    ComplaintState,
    ConsentWay,
    Ground,
    Received,
    RecoveryAct,
    RecoveryEnd,
    Respondent,
)
from surveys.models import Alert, Complaint, Recovery
from surveys.services.matters.clocks import set_complaint_rules
from surveys.services.matters.complaints import ComplaintMoved, NoRegister, OnlyTheBureau
from surveys.services.matters.conversion import NotConvertible
from surveys.services.matters.recoveries import RecoveryMoved
from tests import factories
from tests.factories import NOW
from tests.surveys.recovering import Office, answered, office, step, unhappy, until

pytestmark = pytest.mark.django_db
C = ComplaintAct
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def grievance(place: Office, **fields) -> services.Grievance:
    given: dict[str, Any] = {
        "centre": place.centre,
        "ground": Ground.STANDARD,
        "respondent": Respondent.LAWYER,
        "facts": "开庭前没有见过律师。",
        "received_on": TODAY,
        "received_by": Received.VISIT,
        "complainant_name": "张三",
    }
    return services.Grievance(**(given | fields))


def register(place: Office, now: datetime = NOW, **fields) -> Complaint:
    return services.register_complaint(user=place.supervisor, grievance=grievance(place, **fields), now=now)


def act(
    place: Office, complaint: Complaint, what: ComplaintAct, user: User | None = None, now=NOW, **given
) -> Complaint:
    return services.take_complaint_step(
        user=user or place.supervisor, complaint=complaint, act=what, given=services.ComplaintInput(**given), now=now
    )


def test_numbers_are_counted_by_bureau_and_year(place):
    elsewhere = office()
    labels = [register(place).label, register(place).label, register(elsewhere).label]
    next_year = NOW + timedelta(days=60)

    labels.append(register(place, next_year, received_on=date(2027, 1, 10)).label)

    assert labels == ["法援投〔2026〕1号", "法援投〔2026〕2号", "法援投〔2026〕1号", "法援投〔2027〕1号"]


def test_the_whole_way_of_a_complaint(place):
    case = factories.case(place.centre)
    complaint = register(place, case=case)
    assert (complaint.due_on, complaint.respondent_name) == (date(2026, 11, 27), case.lawyer.name)
    assert RiskFlag.objects.get(case=case, cleared_at=None).kind == "complaint"

    row = act(place, complaint, C.ACCEPT, on=TODAY)
    assert row.due_on == date(2027, 1, 4)
    row = act(place, complaint, C.EXTEND, note="案情复杂，经局领导批准。")
    assert row.due_on == date(2027, 2, 3)
    later = NOW + timedelta(days=20)
    row = act(
        place, complaint, C.DECIDE, now=later, on=later.date(), outcome=ComplaintOutcome.CORRECTION, note="属实。"
    )
    assert row.due_on == date(2026, 12, 17)
    row = act(place, complaint, C.REPLY, now=later, on=later.date(), note="已责令改正。")

    assert (row.state, row.outcome, row.reply, row.reply_sent_on, row.due_on) == (
        "replied", "correction", "已责令改正。", date(2026, 12, 10), None,
    )  # fmt: skip
    assert RiskFlag.objects.filter(case=case, cleared_at=None).count() == 0
    acts = Entry.objects.filter(subject_type="surveys.Complaint").values_list("action", flat=True)
    assert len(acts) == 5


def test_what_is_missing_is_asked_for_once_and_stops_the_clock(place):
    complaint = register(place)
    assert act(place, complaint, C.ASK_MORE, note="请补充案号。").due_on is None

    row = act(place, complaint, C.COMPLETE, now=NOW + timedelta(days=10), on=date(2026, 11, 30))

    assert row.due_on == date(2026, 12, 7)
    with pytest.raises(ComplaintMoved):
        act(place, complaint, C.ASK_MORE, note="再补充。")


@pytest.mark.parametrize(
    ("what", "given", "field"),
    [
        (C.ACCEPT, {"on": date(2026, 11, 21)}, "on"),
        (C.ACCEPT, {"on": date(2026, 11, 19)}, "on"),
        (C.REFUSE, {"on": TODAY, "note": " "}, "note"),
        (C.NOTE, {"note": "字" * 5001}, "note"),
        (C.MERGE, {"joined_to": None}, "joined_to"),
    ],
)
def test_a_step_without_what_it_needs_is_refused(place, what, given, field):
    complaint = register(place)

    with pytest.raises(InvalidInput) as refused:
        act(place, complaint, what, **given)

    complaint.refresh_from_db()
    assert (refused.value.field, complaint.state, complaint.steps.count()) == (field, "received", 1)


def test_a_complaint_is_joined_to_an_open_one_of_the_same_register(place):
    case = factories.case(place.centre)
    first, second, foreign = register(place, case=case), register(place, case=case), register(office())
    with pytest.raises(InvalidInput):
        act(place, second, C.MERGE, joined_to=foreign)

    act(place, second, C.MERGE, joined_to=first)

    assert list(first.joined.all()) == [second]
    # The other one is open still.
    assert RiskFlag.objects.filter(case=case, cleared_at=None).count() == 1


def test_without_a_calendar_a_complaint_is_entered_and_its_day_filled_in_later(place):
    CalendarYear.objects.all().delete()
    complaint = register(place)
    assert complaint.due_on is None

    CalendarYear.objects.create(year=2026)
    services.fill_clocks()

    complaint.refresh_from_db()
    assert complaint.due_on == date(2026, 11, 27)


def test_the_clocks_are_the_bureaus(place):
    set_complaint_rules(
        user=place.supervisor,
        bureau=place.bureau,
        known=Rules(3, 60, 30, 10),
        prefix="临司投",
        legal_basis="办法",
        now=NOW,
    )
    complaint = register(place)

    assert (complaint.label, complaint.due_on) == ("临司投〔2026〕1号", date(2026, 11, 25))
    assert act(place, complaint, C.ACCEPT, on=TODAY).due_on == TODAY + timedelta(days=60)


def test_a_centre_under_no_bureau_has_no_register():
    alone = factories.centre()
    user = factories.user(Role.MANAGER, at=alone)
    place = Office(bureau=alone, centre=alone, staff=user, manager=user, supervisor=user)

    with pytest.raises(NoRegister):
        register(place)


# --- who sees it -----------------------------------------------------------------------------------------------------


def seen(user: User) -> int:
    return Complaint.objects.visible_to(User.objects.get(pk=user.pk)).count()


def test_the_register_is_the_bureaus_and_the_centre_sees_what_it_was_given(place):
    case = factories.case(place.centre)
    complaint = register(place, case=case)
    lawyer = factories.user(Role.LAWYER, of=case.lawyer)
    head = factories.user(Role.FIRM, heads=case.firm)
    everybody = (place.supervisor, place.manager, place.staff, lawyer, head, office().supervisor)
    before = [seen(user) for user in everybody]

    act(place, complaint, C.ASSIGN, handler=place.manager, with_centre=True)

    assert before == [1, 0, 0, 0, 0, 0]
    assert [seen(user) for user in everybody] == [1, 1, 0, 0, 0, 0]


def test_one_about_the_centre_never_goes_to_its_manager(place):
    complaint = register(place, respondent=Respondent.CENTRE)

    with pytest.raises(InvalidInput):
        act(place, complaint, C.ASSIGN, handler=place.supervisor, with_centre=True)

    with pytest.raises(InvalidInput):
        act(place, complaint, C.ASSIGN, handler=place.manager)
    assert seen(place.manager) == 0


def test_a_manager_who_handled_the_case_does_not_see_a_complaint_about_it(place):
    case = factories.case(place.centre)
    complaint = register(place, case=case)
    act(place, complaint, C.ASSIGN, handler=place.supervisor, with_centre=True)
    both = factories.user(Role.MANAGER, Role.LAWYER, at=place.centre, of=case.lawyer)

    assert (seen(place.manager), seen(both)) == (1, 0)
    with pytest.raises(InvalidInput):
        act(place, complaint, C.ASSIGN, handler=both, with_centre=False)


def test_the_centres_manager_notes_and_the_bureau_decides(place):
    complaint = register(place)
    act(place, complaint, C.ASSIGN, handler=place.manager, with_centre=True)

    act(place, complaint, C.NOTE, user=place.manager, note="已向承办人了解。")
    with pytest.raises(OnlyTheBureau):
        act(place, complaint, C.ACCEPT, user=place.manager, on=TODAY)


def test_late_complaints_are_told_to_the_bureau_and_to_the_manager_who_looks_into_them(place):
    complaint = register(place)
    act(place, complaint, C.ASSIGN, handler=place.manager, with_centre=True)
    late = datetime(2026, 11, 30, 10, tzinfo=ZONE)

    told = [services.escalate(now=late), services.escalate(now=late)]

    assert [(each.to_manager, each.to_bureau) for each in told] == [(1, 1), (0, 0)]
    assert set(Notification.objects.values_list("user", flat=True)) == {place.manager.pk, place.supervisor.pk}
    assert Notification.objects.first().params == {"label": complaint.label, "day": "2026-11-27"}


# --- from a follow-up ------------------------------------------------------------------------------------------------


def consent(**fields) -> services.Consent:
    given: dict[str, Any] = {
        "on": TODAY,
        "by": ConsentWay.TELEPHONE,
        "ground": Ground.NOT_TOLD,
        "facts": "一直没有消息。",
    }
    return services.Consent(**(given | fields))


def convert(place: Office, alert: Alert, user: User | None = None, **fields) -> Complaint:
    return services.convert_to_complaint(user=user or place.staff, alert=alert, consent=consent(**fields), now=NOW)


def test_a_recovery_becomes_a_complaint_with_the_clients_consent(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)

    complaint = convert(place, alert)

    alert.refresh_from_db()
    assert (alert.state, Recovery.objects.get(alert=alert).ended_as) == (AlertState.CLOSED, RecoveryEnd.COMPLAINT)
    assert (complaint.source, complaint.case, complaint.received_by) == (alert, alert.case, Received.FOLLOW_UP)
    assert (complaint.consented_on, complaint.consent_by) == (TODAY, "telephone")
    assert complaint.complainant_name == alert.case.client.name
    assert (seen(place.supervisor), seen(place.manager)) == (1, 0)
    with pytest.raises(NotConvertible):
        convert(place, alert)


def test_nothing_becomes_a_complaint_before_anybody_spoke_with_the_client(place):
    alert = unhappy(place)
    with pytest.raises(NotConvertible):
        convert(place, alert)
    step(place.staff, alert, RecoveryAct.TAKE)

    with pytest.raises(RecoveryMoved):
        convert(place, alert)
    assert Complaint.objects.count() == 0


def test_consent_without_a_day_that_can_be_is_refused_and_nothing_changes(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)

    with pytest.raises(InvalidInput):
        convert(place, alert, on=TODAY + timedelta(days=1))

    assert Recovery.objects.get(alert=alert).state == "contacted"


@pytest.mark.parametrize(("kind", "respondent"), [(FirmKind.LAW_FIRM, "lawyer"), (FirmKind.CENTRE_STAFF, "centre")])
def test_a_sealed_matter_becomes_a_complaint_too(place, kind, respondent):
    from surveys.services.matters.alerts import move_alert

    case = factories.case(place.centre, firm=factories.firm(place.centre, kind=kind))
    answered(case, money="yes")
    sealed = Alert.objects.get(kind=AlertKind.MONEY)
    move_alert(user=place.supervisor, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)

    complaint = convert(place, sealed, user=place.supervisor, ground=Ground.MONEY)

    sealed.refresh_from_db()
    assert (complaint.respondent, sealed.state, seen(place.manager)) == (respondent, AlertState.CLOSED, 0)


def test_words_and_names_lie_encrypted_and_out_of_the_record(place):
    complaint = register(place, contact="13800000000", request="请求更换律师")
    act(place, complaint, C.NOTE, note="张三的邻居也这样说")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM surveys_complaint")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT * FROM surveys_complaintstep")
        stored += str(cursor.fetchall())
    stored += str(list(Entry.objects.values()))
    assert [word in stored for word in ("张三", "开庭前", "13800000000", "更换律师", "邻居")] == [False] * 5


def test_the_record_of_the_case_says_nothing_of_a_complaint(place):
    case = factories.case(place.centre)
    complaint = register(place, case=case)

    assert Entry.objects.filter(subject_type="cases.Case").count() == 0
    assert Entry.objects.filter(subject_type="surveys.Complaint", subject_id=str(complaint.pk)).count() == 1


def test_a_closed_complaint_takes_no_further_step(place):
    complaint = register(place)
    act(place, complaint, C.WITHDRAW, note="本人撤回。")

    for what in ComplaintAct:
        if what is not C.REGISTER:
            with pytest.raises(ComplaintMoved):
                act(place, complaint, what, note="再次", on=TODAY)
    assert Complaint.objects.get().state == ComplaintState.WITHDRAWN


def test_a_supervisor_of_the_province_sees_the_countys_register(place):
    province = Organisation.objects.get(pk=place.bureau.pk)
    above = User.objects.get(pk=factories.user().pk)
    Grant.objects.create(user=above, role=Role.SUPERVISOR, organisation=province)
    register(place)

    assert seen(above) == 1

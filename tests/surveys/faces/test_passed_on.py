"""Money asked for by the centre's own people, or a complaint of them: the bureau reads it, the director does not."""

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import ContactPlan
from qa_service.notifications.models import Notification
from qa_service.privacy.queries.people import held_of
from surveys import services
from surveys.enums import AlertKind, AlertState, Answerer, ConsentWay, Ground, Mode, RecoveryAct, Respondent
from surveys.models import Alert, Complaint, Conversation
from surveys.queries.papers import conversation_with_record, record_content
from surveys.services.answering.answers import RESPONDENT, raise_alert
from surveys.services.inviting.invitations import offer_link
from surveys.services.matters.alerts import move_alert
from surveys.services.matters.passing_on import NotToPassOn, pass_to_bureau
from surveys.services.matters.recoveries import NotYoursToSign
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import page as form_page
from tests.surveys.faces.test_recovery_pages import browser_of
from tests.surveys.faces.test_telephone import record, to_call
from tests.surveys.factories import asked, reply
from tests.surveys.recovering import Office, answered, office, step, unhappy, until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DIRECTOR = "1 援助中心的主任收了我500块钱才给办"


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def may_open(place: Office, alert: Alert) -> dict[str, bool]:
    page = reverse("surveys:alert", args=[alert.public_id])
    return {
        who: browser_of(getattr(place, who)).get(page).status_code == 200 for who in ("staff", "manager", "supervisor")
    }


ABOVE = {"staff": False, "manager": False, "supervisor": True}


@pytest.mark.parametrize(
    ("body", "kind"), [(DIRECTOR, AlertKind.MONEY), ("我要投诉你们中心的工作人员", AlertKind.COMPLAINT)]
)
def test_a_text_about_the_centre_s_own_people_is_the_bureau_s(place, body, kind):
    conversation = asked(at=place.centre)

    reply(conversation, body)

    alert = Alert.objects.get(kind=kind)
    assert may_open(place, alert) == ABOVE
    told = Notification.objects.filter(url=reverse("surveys:alert", args=[alert.public_id]))
    assert list(told.values_list("user", flat=True)) == [place.supervisor.pk]
    recovery = Alert.objects.filter(kind=AlertKind.RECOVERY).first()
    if recovery is not None:
        page = browser_of(place.manager).get(reverse("surveys:alert", args=[recovery.public_id])).content.decode()
        assert "主任" not in page


def test_what_is_said_of_the_lawyer_stays_with_the_director(place):
    reply(asked(at=place.centre), "律师收了我500块钱才给办")

    assert may_open(place, Alert.objects.get()) == ABOVE | {"manager": True}


def test_who_asked_may_be_told_in_a_later_text_or_beside_the_mark(place):
    conversation = asked(at=place.centre)
    reply(conversation, "有人收了我500块红包")
    sealed = Alert.objects.get(kind=AlertKind.MONEY)
    assert may_open(place, sealed)["manager"]
    reply(conversation, "是你们主任要的")
    by_form = answered(factories.case(place.centre), money="yes", words="是中心的主任")

    assert may_open(place, sealed) == ABOVE
    assert may_open(place, Alert.objects.get(conversation=by_form, kind=AlertKind.MONEY)) == ABOVE
    unhappy_one = Alert.objects.get(conversation=by_form, kind=AlertKind.RECOVERY)
    page = browser_of(place.manager).get(reverse("surveys:alert", args=[unhappy_one.public_id])).content.decode()
    assert "是中心的主任" not in page


def test_what_lay_sealed_with_the_director_before_goes_along(place):
    conversation = asked(at=place.centre)
    reply(conversation, "有人收了我500块红包")
    closed = Alert.objects.get()
    for state in (AlertState.ACKNOWLEDGED, AlertState.CLOSED):
        move_alert(user=place.manager, alert=closed, to=state, now=NOW)

    reply(conversation, DIRECTOR, now=NOW.replace(minute=59))

    assert Alert.objects.filter(kind=AlertKind.MONEY).count() == 2
    assert not Alert.objects.visible_to(place.manager).filter(kind=AlertKind.MONEY).exists()


def test_whoever_sees_a_matter_may_pass_it_on_and_sees_it_no_more(place):
    case = factories.case(place.centre)
    answered(case, money="yes")
    sealed = Alert.objects.get(kind=AlertKind.MONEY)
    move_alert(user=place.manager, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)
    browser = browser_of(place.manager)
    door = reverse("surveys:alert-pass-on", args=[sealed.public_id])

    assert door in browser.get(reverse("surveys:alert", args=[sealed.public_id])).content.decode()
    first, second = browser.post(door, follow=True), browser.post(door)

    sealed.refresh_from_db()
    assert (first.status_code, second.status_code) == (200, 404)
    assert (sealed.state, sealed.acknowledged_by, may_open(place, sealed)) == (AlertState.OPEN, None, ABOVE)
    entry = Entry.objects.get(action="surveys.alert_passed_on")
    assert (entry.subject_id, entry.details) == (str(sealed.pk), {"alert": str(sealed.public_id)})
    move_alert(user=place.supervisor, alert=sealed, to=AlertState.ACKNOWLEDGED, now=NOW)
    with pytest.raises(NotToPassOn):
        pass_to_bureau(user=place.supervisor, alert=sealed, now=NOW)


def test_what_is_passed_on_takes_the_sealed_one_along_and_calls_nobody_of_the_centre_any_more(place):
    conversation = answered(factories.case(place.centre), money="yes")
    both = {alert.kind: alert for alert in Alert.objects.filter(conversation=conversation)}
    waits = Notification.objects.filter(user=place.manager, read_at=None)
    assert (may_open(place, both[AlertKind.MONEY])["manager"], waits.count()) == (True, 1)

    pass_to_bureau(user=place.manager, alert=both[AlertKind.RECOVERY], now=NOW)

    assert ([may_open(place, alert) for alert in both.values()], waits.exists()) == ([ABOVE, ABOVE], False)
    alone = answered(factories.case(place.centre), money="yes").alerts.get(kind=AlertKind.MONEY)
    assert waits.exists()
    pass_to_bureau(user=place.manager, alert=alone, now=NOW)
    assert not waits.exists()
    assert (
        Notification.objects.filter(user=place.supervisor, read_at=None, params__of=str(alone.public_id)).count() == 1
    )


def test_an_unhappy_client_s_matter_passed_on_is_handled_by_the_bureau(place):
    alert = unhappy(place)
    step(place.staff, alert, RecoveryAct.TAKE)
    program = APIClient()
    program.force_authenticate(place.staff)
    door = f"/api/v1/surveys/alerts/{alert.public_id}/pass-on"

    assert (program.post(door).json(), program.post(door).status_code) == ({"seen_there": True}, 404)

    assert may_open(place, alert) == ABOVE
    step(place.supervisor, alert, RecoveryAct.REACH)
    with pytest.raises(NotYoursToSign):
        step(place.staff, alert, RecoveryAct.VERIFY)
    consent = services.Consent(on=NOW.date(), by=ConsentWay.TELEPHONE, ground=Ground.OTHER, facts="中心的人不理我。")
    entered = services.convert_to_complaint(user=place.supervisor, alert=alert, consent=consent, now=NOW)
    assert (entered.respondent, entered.respondent_name) == (Respondent.CENTRE, "")


@pytest.mark.parametrize("body", ["我害怕，他打人", "打错了，不是本人"])
def test_danger_and_a_wrong_number_stay_with_who_is_near(place, body):
    reply(asked(at=place.centre), body)

    with pytest.raises(NotToPassOn):
        pass_to_bureau(user=place.manager, alert=Alert.objects.get(), now=NOW)


def test_where_nobody_of_the_bureau_has_an_account_the_centre_gets_nothing_back(place):
    place.supervisor.grants.all().delete()
    reply(asked(at=place.centre), DIRECTOR)
    other = answered(factories.case(place.centre), money="yes")
    passed = Alert.objects.get(conversation=other, kind=AlertKind.MONEY)

    told = browser_of(place.manager).post(reverse("surveys:alert-pass-on", args=[passed.public_id]), follow=True)

    assert "nobody of the bureau may see it yet" in told.content.decode()
    money = Alert.objects.filter(kind=AlertKind.MONEY)
    assert money.count() == 2
    assert not Alert.objects.visible_to(place.manager).filter(kind=AlertKind.MONEY).exists()
    appointed = factories.user(Role.SUPERVISOR, at=place.bureau)
    assert Alert.objects.visible_to(appointed).filter(kind=AlertKind.MONEY).count() == 2


def test_money_told_of_after_something_of_the_same_client_went_above_goes_there_too(place):
    """Whoever is complained of would else read on the money matter's page what was complained."""
    conversation = asked(at=place.centre)
    reply(conversation, "我要投诉你们中心的工作人员")
    reply(conversation, "律师收了我500块钱才给办")

    assert may_open(place, Alert.objects.get(kind=AlertKind.MONEY)) == ABOVE


def test_words_about_the_centre_s_own_people_stand_on_no_page_of_the_centre_once_the_bureau_has_a_matter(place):
    """In the interview, in what was said when asked again, and beside a complaint; before they may be read."""
    words = "主任也知道这件事"
    alert = unhappy(place, words=words)
    again = until(place.staff, alert, RecoveryAct.ASK).asked_again
    assert again is not None
    browser, key = Browser(), offer_link(again).rsplit("/", 1)[1]
    browser.post(reverse("surveys:form", args=[key]))
    browser.post(form_page(key, "q1"), {"value": "2"})
    browser.post(form_page(key, "q11"), {"text": words})
    consent = services.Consent(on=NOW.date(), by=ConsentWay.TELEPHONE, ground=Ground.OTHER, facts="没有人理我。")
    entered = services.convert_to_complaint(user=place.supervisor, alert=alert, consent=consent, now=NOW)
    reply(again, words)
    Complaint.objects.update(with_centre=True)
    pages = {
        "interview": reverse("surveys:interview", args=[alert.conversation.public_id]) + "?beside=1",
        "matter": reverse("surveys:alert", args=[alert.public_id]),
        "complaint": reverse("surveys:complaint", args=[entered.public_id]),
    }

    def read_on() -> set[str]:
        return {name for name, page in pages.items() if words in browser_of(place.manager).get(page).content.decode()}

    before = read_on()
    raise_alert(conversation=alert.conversation, kind=AlertKind.MONEY, above=True, actor=RESPONDENT, now=NOW)

    assert (before, read_on()) == (set(pages), set())


def test_what_they_said_in_another_round_of_the_case_is_kept_from_print_and_from_the_register_of_a_person(place):
    alert = unhappy(place, words="没有别的")
    again = until(place.staff, alert, RecoveryAct.ASK).asked_again
    assert again
    words = "主任也知道这件事"
    services.record_interview(
        user=place.staff,
        conversation=again,
        answers={"q1": services.AnswerInput(value="2"), "q11": services.AnswerInput(text=words)},
        answerer=Answerer.CLIENT,
        mode=Mode.PAPER,
        note=words,
        now=NOW,
    )

    def read_by_the_manager() -> list[bool]:
        row = conversation_with_record(user=place.manager, public_id=again.public_id)
        record = record_content(response=row.response, phone="", language="zh-hans", printed_by=place.manager, now=NOW)
        held = held_of(again.case.client, reader=place.manager)
        return [words in repr([record.answers, record.attempts]), words in repr(held.sections)]

    before = read_by_the_manager()
    raise_alert(conversation=alert.conversation, kind=AlertKind.MONEY, above=True, actor=RESPONDENT, now=NOW)

    assert (before, read_by_the_manager()) == ([True, True], [False, False])


def by_text(place, *bodies):
    conversation = asked(at=place.centre)
    for body in bodies:
        reply(conversation, body)


def by_form(place, *words):
    answered(factories.case(place.centre), money="yes", who="centre", words=words[0])


def by_telephone(place, note):
    record(browser_of(place.staff), to_call(place.centre), "no_answer", heard=["danger"], of_centre="on", note=note)


@pytest.mark.parametrize(
    ("way", "said", "hidden"),
    [
        (by_text, ["你们主任威胁我不许投诉"], "不许投诉"),
        (by_text, ["你们主任对我动手动脚"], "动手动脚"),
        (by_text, ["你们主任问我要了500块钱", "你们主任威胁我，说我敢说出去就打死我"], "打死我"),
        (by_telephone, ["她说主任威胁她不许往外说，她很怕"], "很怕"),
        (by_form, ["The head of the legal aid center asked for a gift, I am afraid of him"], "afraid of him"),
        (by_form, ["我很怕他报复我"], "报复我"),
    ],
)
def test_a_danger_that_comes_from_the_centre_s_own_people_is_read_by_the_bureau_alone(place, way, said, hidden):
    way(place, *said)

    danger = Alert.objects.get(kind=AlertKind.DANGER)
    assert may_open(place, danger) == ABOVE
    told = Notification.objects.filter(url=reverse("surveys:alert", args=[danger.public_id]))
    assert list(told.values_list("user", flat=True)) == [place.supervisor.pk]
    assert not Conversation.objects.for_staff().exists()
    assert (
        hidden in browser_of(place.supervisor).get(reverse("surveys:alert", args=[danger.public_id])).content.decode()
    )
    for alert in Alert.objects.visible_to(place.manager):
        assert (
            hidden
            not in browser_of(place.manager).get(reverse("surveys:alert", args=[alert.public_id])).content.decode()
        )


def test_what_else_they_raise_afterwards_is_the_bureau_s_too_but_danger_from_somebody_else(place):
    conversation = asked(at=place.centre)
    for body in ("你们主任威胁我不许投诉", "我有事想问一下，材料什么时候退给我", "1", "我老公要打死我"):
        reply(conversation, body)

    seen = {(alert.kind, alert.for_bureau) for alert in Alert.objects.all()}
    assert {(AlertKind.DANGER, True), (AlertKind.DANGER, False), (AlertKind.RECOVERY, True)} <= seen
    assert {alert.kind for alert in Alert.objects.visible_to(place.manager)} == {AlertKind.DANGER}
    page = reverse("surveys:alert", args=[Alert.objects.visible_to(place.manager).get().public_id])
    shown = browser_of(place.manager).get(page).content.decode()
    assert ("我老公要打死我" in shown, "威胁我" in shown) == (True, False)


def test_a_matter_that_nobody_may_ring_about_is_not_told_to_be_put_back(place):
    alert = unhappy(place)
    ContactPlan.objects.filter(client=alert.conversation.recipient).update(phone_allowed=False)

    shown = browser_of(place.manager).post(reverse("surveys:alert-number", args=[alert.public_id]), follow=True)

    assert "See to this matter without contact, or by a visit." in shown.content.decode()

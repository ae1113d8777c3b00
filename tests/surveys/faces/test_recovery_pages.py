"""The pages of unhappy clients' matters, of the lawyer who is asked, and of the register of complaints."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.documents.printable import printable
from qa_service.notifications.models import Notification
from surveys import services
from surveys.enums import AlertKind, ConsentWay, ConversationState, Ground, Received, RecoveryAct, Respondent
from surveys.models import Alert, Complaint, LawyerQuestion, Recovery
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import reply
from tests.surveys.recovering import Office, office, step, unhappy, until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def browser_of(user: User) -> Browser:
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def at(name: str, alert: Alert) -> str:
    return reverse(f"surveys:{name}", args=[alert.public_id])


def complaint(place: Office, **fields) -> Complaint:
    given: dict[str, Any] = {
        "centre": place.centre,
        "ground": Ground.STANDARD,
        "respondent": Respondent.LAWYER,
        "facts": "开庭前没有见过律师。",
        "received_on": NOW.date(),
        "received_by": Received.VISIT,
        "complainant_name": "张三",
    }
    grievance = services.Grievance(**(given | fields))
    return services.register_complaint(user=place.supervisor, grievance=grievance, now=NOW)


def test_the_staff_take_the_steps_on_one_page(place):
    alert = unhappy(place)
    browser = browser_of(place.staff)
    offered = []
    for act, words in (("take", {}), ("reach", {}), ("verify", {"finding": "founded"}), ("fix", {}), ("tell", {})):
        page = browser.get(at("alert", alert)).content.decode()
        offered.append(re.findall(r'name="act" value="(\w+)"', page))
        answer = browser.post(at("alert-step", alert), {"act": act, "note": "已办理", **words})
        assert answer.status_code == 302

    assert offered == [["take"], ["miss", "reach"], ["verify"], ["fix"], ["tell"]]
    page = browser.get(at("alert", alert)).content.decode()
    assert re.findall(r'name="act" value="(\w+)"', page) == ["ask"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"act": "verify", "finding": "founded", "note": ""}, "Write down what was found or done."),
        ({"act": "verify", "note": "有"}, "Say what looking into it showed."),
        ({"act": "verify", "note": "字" * 2001}, "2000"),
        ({"act": "verify", "finding": "nonsense", "note": "有"}, "nonsense"),
        ({"act": "nonsense", "note": "有"}, "Choose one of the steps."),
        ({}, "Choose one of the steps."),
    ],
)
def test_a_step_that_cannot_be_read_is_shown_again_with_why(place, given, said):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)

    answer = browser_of(place.staff).post(at("alert-step", alert), given)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Recovery.objects.get(alert=alert).state == "contacted"


@pytest.mark.parametrize("act", ["take", "sign_off", "let_be", "convert"])
def test_a_step_out_of_turn_is_refused_in_words(place, act):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)

    answer = browser_of(place.staff).post(at("alert-step", alert), {"act": act, "note": "已办理"})

    assert answer.status_code == 409


def test_an_unhappy_clients_matter_is_not_closed_by_the_short_way(place):
    alert = unhappy(place)

    assert browser_of(place.staff).post(at("alert-move", alert), {"to": "acknowledged"}).status_code == 409


def test_dissatisfaction_with_the_result_is_said_and_marked_in_the_list(place):
    alert = unhappy(place, concern="result")
    browser = browser_of(place.staff)

    assert "no reproach to the lawyer" in browser.get(at("alert", alert)).content.decode()
    assert "about the result" in browser.get(reverse("surveys:alerts")).content.decode()


def test_the_list_is_filtered(place):
    open_one, closed = unhappy(place), unhappy(place, may_call="no", words="")
    to_sign = unhappy(place)
    until(place.staff, to_sign, RecoveryAct.ASK)
    recovery = Recovery.objects.get(alert=to_sign)
    services.expire(now=recovery.asked_again.closes_at)
    browser = browser_of(place.supervisor)

    def shown(**query):
        page = browser.get(reverse("surveys:alerts"), query).content.decode()
        return set(re.findall(r"/surveys/alerts/([0-9a-f-]{36})/", page))

    def ids(*alerts):
        return {str(alert.public_id) for alert in alerts}

    assert shown() == ids(open_one, to_sign)
    assert shown(show="closed") == ids(closed)
    assert shown(show="sign") == ids(to_sign)
    assert shown(kind="danger") == set()
    assert shown(show="late") == set()
    assert shown(show="nonsense", kind="\x01") == ids(open_one, to_sign)
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        browser = browser_of(place.supervisor)  # the evening has ended the session
        assert shown(show="late") == ids(open_one)
    assert "to sign off" in browser.get(reverse("home")).content.decode()


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_of_matters_costs_the_same_for_one_and_for_several(place, django_assert_max_num_queries, rows):
    for _number in range(rows):
        until(place.staff, unhappy(place), RecoveryAct.ASK)
    browser = browser_of(place.manager)

    with django_assert_max_num_queries(6):
        browser.get(reverse("surveys:alerts"))


# --- the lawyer ------------------------------------------------------------------------------------------------------


def asked_lawyer(place: Office) -> tuple[Alert, User]:
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)
    browser_of(place.staff).post(
        at("alert-ask-lawyer", alert),
        {"consented_on": "2026-11-20", "consent_by": "telephone", "text": "请说明改期经过。", "agreed": "on"},
    )
    return alert, factories.user(Role.LAWYER, of=alert.case.lawyer)


def test_the_lawyer_reads_the_agreed_words_and_nothing_else(place):
    alert, lawyer = asked_lawyer(place)
    browser = browser_of(lawyer)
    question = LawyerQuestion.objects.get()

    home = browser.get(reverse("home")).content.decode()
    listed = browser.get(reverse("surveys:lawyer-questions")).content.decode()
    page = browser.get(reverse("surveys:lawyer-question", args=[question.public_id])).content.decode()

    assert reverse("surveys:lawyer-questions") in home
    assert "请说明改期经过。" in page
    client = alert.case.client
    told = ("等了半年", client.name, client.phone, str(alert.public_id), "issatisf", "complain")
    for said in told:
        assert [said in text for text in (listed, page)] == [False, False]


def test_without_the_clients_word_the_lawyer_is_not_asked(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)
    given = {"consented_on": "2026-11-20", "consent_by": "telephone", "text": "请说明。"}

    answer = browser_of(place.staff).post(at("alert-ask-lawyer", alert), given)

    assert (answer.status_code, LawyerQuestion.objects.count()) == (422, 0)


def test_the_reply_reaches_the_centre(place):
    alert, lawyer = asked_lawyer(place)
    address = reverse("surveys:lawyer-question", args=[LawyerQuestion.objects.get().public_id])

    empty = browser_of(lawyer).post(address, {"text": " "})
    browser_of(lawyer).post(address, {"text": "已提前三天告知。"})
    again = browser_of(lawyer).post(address, {"text": "再说一次"})

    assert (empty.status_code, again.status_code) == (422, 409)
    assert "已提前三天告知。" in browser_of(place.staff).get(at("alert", alert)).content.decode()


def test_only_the_lawyer_of_the_case_is_asked(place):
    alert, lawyer = asked_lawyer(place)
    address = reverse("surveys:lawyer-question", args=[LawyerQuestion.objects.get().public_id])
    colleague = factories.user(Role.LAWYER, of=factories.lawyer(alert.case.firm))
    head = factories.user(Role.FIRM, heads=alert.case.firm)

    assert [browser_of(user).get(address).status_code for user in (lawyer, colleague, head)] == [200, 404, 403]
    browser_of(place.staff).post(at("alert-withdraw-question", alert))
    assert browser_of(lawyer).get(address).status_code == 404


# --- the register ----------------------------------------------------------------------------------------------------


def test_a_matter_is_entered_as_a_complaint_on_a_page_of_its_own(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)
    browser = browser_of(place.staff)
    given = {
        "consented_on": "2026-11-20", "consent_by": "in_person", "ground": "not_told", "facts": "没有消息。",
        "request": "", "agreed": "on",
    }  # fmt: skip

    unread = browser.post(at("alert-convert", alert), {**given, "consented_on": "tomorrow", "agreed": ""})
    answer = browser.post(at("alert-convert", alert), given, follow=True)

    assert unread.status_code == 422
    assert "法援投〔2026〕1号" in answer.content.decode()
    assert Complaint.objects.get().consent_by == ConsentWay.IN_PERSON


def test_neither_the_ground_nor_how_they_agreed_is_chosen_for_anybody(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)
    browser = browser_of(place.staff)

    page = browser.get(at("alert-convert", alert)).content.decode()
    refused = browser.post(
        at("alert-convert", alert),
        {"consented_on": "2026-11-20", "consent_by": "", "ground": "", "facts": "没有消息。", "agreed": "on"},
    )

    assert set(re.findall(r'<option value="(\w*)" selected>', page)) == {""}
    assert (refused.status_code, Complaint.objects.count()) == (422, 0)
    wrong = re.findall(r"<select[^>]*name=\"(\w+)\"[^>]*aria-invalid", refused.content.decode())
    assert sorted(wrong) == ["consent_by", "ground"]


def test_what_the_client_writes_once_it_is_a_complaint_stands_with_it(place):
    alert = unhappy(place)
    asked_again = until(place.staff, alert, RecoveryAct.ASK).asked_again
    assert asked_again is not None
    consent = services.Consent(on=NOW.date(), by=ConsentWay.TELEPHONE, ground=Ground.NOT_TOLD, facts="没有消息。")
    entered = services.convert_to_complaint(user=place.staff, alert=alert, consent=consent, now=NOW)
    later = NOW + timedelta(hours=1)
    other = services.register_complaint(
        user=place.supervisor,
        grievance=services.Grievance(
            centre=place.centre, ground=Ground.STANDARD, respondent=Respondent.LAWYER, facts="另一件事。",
            received_on=NOW.date(), received_by=Received.VISIT, complainant_name="张三",
        ),
        now=NOW,
    )  # fmt: skip

    for body in ("材料我今天已经寄出了", "3，材料寄出了", "律师又收了我500块"):
        reply(asked_again, body, now=later)

    asked_again.refresh_from_db()
    assert (asked_again.state, asked_again.late_until) == (ConversationState.EXPIRED, NOW)
    assert set(Alert.objects.filter(conversation=asked_again).values_list("kind", flat=True)) == {AlertKind.MONEY}
    pages = {
        each.label: browser_of(place.supervisor)
        .get(reverse("surveys:complaint", args=[each.public_id]))
        .content.decode()
        for each in (entered, other)
    }
    assert [pages[entered.label].count(words) for words in ("材料我今天已经寄出了", "律师又收了我500块")] == [1, 1]
    assert "寄出" not in pages[other.label]
    told = Notification.objects.filter(url=f"/surveys/complaints/{entered.public_id}/")
    assert set(told.values_list("user", flat=True)) == {place.supervisor.pk}


NEW = {
    "received_on": "2026-11-20", "received_by": "letter", "complainant": "recipient", "complainant_name": "张三",
    "contact": "0739-5550000", "respondent": "lawyer", "ground": "standard", "facts": "开庭前没有见过律师。",
}  # fmt: skip


@pytest.mark.parametrize(("who", "sees"), [("staff", False), ("manager", False), ("supervisor", True)])
def test_whoever_receives_a_complaint_enters_it_and_the_bureau_reads_it(place, who, sees):
    case = factories.case(place.centre)
    browser = browser_of(getattr(place, who))
    given = {**NEW, "centre": str(place.centre.public_id), "case_number": case.number}

    browser.post(reverse("surveys:complaint-new"), given)

    entered = Complaint.objects.get()
    assert (entered.case, entered.client) == (case, case.client)
    opened = browser.get(reverse("surveys:complaint", args=[entered.public_id])).status_code
    assert (opened == 200) is sees


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_on": "2026-11-21"},
        {"received_on": "昨天"},
        {"case_number": "没有这个案号"},
        {"facts": ""},
        {"facts": "字" * 5001},
        {"ground": "nonsense"},
        {"received_by": "follow_up"},
        {"centre": "00000000-0000-0000-0000-000000000000"},
        {"centre": "not-a-uuid"},
    ],
)
def test_a_complaint_that_cannot_be_read_is_shown_again(place, wrong):
    given = {**NEW, "centre": str(place.centre.public_id), **wrong}

    answer = browser_of(place.supervisor).post(reverse("surveys:complaint-new"), given)

    assert (answer.status_code, Complaint.objects.count()) == (422, 0)


def test_a_centre_cannot_enter_one_about_anothers_case(place):
    case = factories.case(office().centre)
    given = {**NEW, "centre": str(case.centre.public_id), "case_number": case.number}

    assert browser_of(place.manager).post(reverse("surveys:complaint-new"), given).status_code == 422


def test_the_bureau_takes_a_complaint_through_its_steps_on_the_page(place):
    found = complaint(place)
    browser = browser_of(place.supervisor)
    address = reverse("surveys:complaint-step", args=[found.public_id])

    statuses = [
        browser.post(address, {"act": "assign", "handler": str(place.supervisor.public_id)}).status_code,
        browser.post(address, {"act": "accept", "on": "2026-11-20"}).status_code,
        browser.post(
            address, {"act": "decide", "on": "2026-11-20", "outcome": "criticism", "note": "属实。"}
        ).status_code,
        browser.post(address, {"act": "reply", "on": "2026-11-20", "note": "已批评教育。"}).status_code,
        browser.post(address, {"act": "reply", "on": "2026-11-20", "note": "再答复"}).status_code,
    ]

    found.refresh_from_db()
    assert (statuses, found.state) == ([302, 302, 302, 302, 409], "replied")
    assert "已批评教育。" in browser.get(reverse("surveys:complaint", args=[found.public_id])).content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"act": "nonsense"},
        {"act": "accept", "on": "2026-11-21"},
        {"act": "accept", "on": "x"},
        {"act": "merge", "joined_to": "没有"},
        {"act": "assign", "handler": "x"},
        {"act": "note", "note": " "},
    ],
)
def test_a_step_of_a_complaint_that_cannot_be_read_is_shown_again(place, given):
    found = complaint(place)

    answer = browser_of(place.supervisor).post(reverse("surveys:complaint-step", args=[found.public_id]), given)

    assert (answer.status_code, found.steps.count()) == (422, 1)


def test_the_register_is_filtered_and_exported_as_it_is_shown(place):
    first = complaint(place, complainant_name="=HYPERLINK()", ground=Ground.MONEY)
    complaint(place)
    browser = browser_of(place.supervisor)

    page = browser.get(reverse("surveys:complaints"), {"ground": "money"}).content.decode()
    answer = browser.post(reverse("surveys:complaints-export"), {"ground": "money"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert re.findall(r"法援投〔2026〕\d号", page) == [first.label]
    assert [row[0] for row in rows[1:]] == [first.label]
    assert "'=HYPERLINK()" in rows[1]
    assert "开庭前" not in answer.content.decode()
    assert Entry.objects.get(action="surveys.complaints_exported").details == {"rows": 1}


@pytest.mark.parametrize("name", ["\x1b=1+1", "\u200b@SUM(A1)"])
def test_what_hides_a_formula_in_a_name_hides_it_from_no_spreadsheet(place, name):
    complaint(place, complainant_name=name)

    answer = browser_of(place.supervisor).post(reverse("surveys:complaints-export"))
    _head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))

    assert f"'{printable(name)}" in row


@pytest.mark.parametrize("query", [{"year": "x"}, {"centre": "x"}, {"q": "\x01"}, {"state": "nonsense"}, {"page": "x"}])
def test_filters_that_cannot_be_read_are_left_out(place, query):
    complaint(place)

    assert browser_of(place.supervisor).get(reverse("surveys:complaints"), query).status_code == 200


@pytest.mark.parametrize("rows", [1, 4])
def test_the_register_costs_the_same_for_one_and_for_several(place, django_assert_max_num_queries, rows):
    for _number in range(rows):
        complaint(place, case=factories.case(place.centre))
    browser = browser_of(place.supervisor)

    with django_assert_max_num_queries(8):
        browser.get(reverse("surveys:complaints"))


def test_the_days_are_set_on_a_page(place):
    manager, supervisor = browser_of(place.manager), browser_of(place.supervisor)
    address = reverse("surveys:clocks")
    days = {"acknowledge": 2, "contact": 4, "settle": 10, "bureau_after": 2}
    rules = {"accept_days": 5, "decide_days": 60, "extend_days": 30, "reply_days": 5, "number_prefix": "临司投"}

    stored = manager.post(f"{address}?place={place.centre.public_id}", days).status_code
    upside_down = manager.post(f"{address}?place={place.centre.public_id}", {**days, "acknowledge": 9}).status_code
    foreign = manager.post(f"{address}?place={place.bureau.public_id}", rules).status_code
    bureau = supervisor.post(f"{address}?place={place.bureau.public_id}", rules).status_code

    assert (stored, upside_down, foreign, bureau) == (302, 422, 404, 302)
    place.centre.settings.refresh_from_db()
    assert place.centre.settings.recovery_acknowledge_days == 2
    assert complaint(place).label == "临司投〔2026〕1号"


def test_the_number_behind_a_complaint_is_shown_once_and_recorded(place):
    found = complaint(place, case=factories.case(place.centre))
    address = reverse("surveys:complaint-number", args=[found.public_id])

    page = browser_of(place.supervisor).post(address).content.decode()

    assert found.client.phone in page
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 1


def test_what_whoever_complains_left_is_shown_to_who_asks_for_it_and_recorded(place):
    found = complaint(place, contact="13800005678")
    browser = browser_of(place.supervisor)

    before = browser.get(reverse("surveys:complaint", args=[found.public_id])).content.decode()
    looks = Entry.objects.filter(action="surveys.complaint_contact_seen")
    seen_unasked = looks.count()
    after = browser.post(reverse("surveys:complaint-number", args=[found.public_id])).content.decode()

    assert ("13800005678" in before, "••••5678" in before, seen_unasked) == (False, True, 0)
    assert "13800005678" in after
    assert [(entry.actor_id, entry.subject_id, entry.details) for entry in looks] == [
        (place.supervisor.actor.id, str(found.pk), {})
    ]


def test_a_complaint_in_the_hands_of_somebody_who_is_gone_waits_on_the_homes_of_the_others(place):
    gone, moved, there = (factories.user(Role.SUPERVISOR, at=place.bureau) for _ in range(3))
    found = [complaint(place) for _ in range(4)]
    for row, handler in zip(found, [gone, moved, there, None], strict=True):
        Complaint.objects.filter(pk=row.pk).update(handler=handler)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    moved.grants.all().delete()
    browser = browser_of(place.supervisor)

    home = browser.get(reverse("home")).content.decode()
    left = browser.get(reverse("surveys:complaints"), {"state": "left"}).content.decode()

    assert f'href="{reverse("surveys:complaints")}?state=left"' in home
    assert "Complaints whose handler is gone" in home
    assert [row.label in left for row in found] == [True, True, False, False]
    found[0].refresh_from_db()
    Complaint.objects.filter(pk__in=[row.pk for row in found[:2]]).update(handler=there)
    assert "Complaints whose handler is gone" not in browser.get(reverse("home")).content.decode()


def test_a_handled_matter_shows_both_ratings_and_waits_for_another_person(place):
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.ASK)
    services.expire(now=Recovery.objects.get(alert=alert).asked_again.closes_at)

    page = browser_of(place.staff).get(at("alert", alert)).content.decode()
    signing = browser_of(place.supervisor).get(at("alert", alert)).content.decode()

    assert "a supervisor of the bureau signs it off" in page
    assert re.findall(r'name="act" value="(\w+)"', signing) == ["send_back", "sign_off"]
    assert step(place.supervisor, alert, RecoveryAct.SIGN_OFF).state == "closed"

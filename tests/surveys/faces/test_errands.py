"""Visits, letters and paper forms: the list, one person, and a sheet keyed in twice."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import ContactPlan
from surveys.enums import AlertKind, Channel, StaffReason
from surveys.models import Alert, Contact, Conversation, Response, SecondEntry
from surveys.services.inviting.codes import offer_code
from tests import factories
from tests.surveys.faces.rows import asked
from tests.surveys.faces.test_telephone import UNHAPPY, address, record, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HAPPY = {"q1": "5", "q2": "always", "q3": "yes", "q4": "always", "q5": "yes", "q6": "no", "q7": "yes"}
SHOWN_CASE = re.compile(r'<th [^>]*scope="row"[^>]*>([^< ]+)')


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre()


def due(centre, channel: Channel = Channel.VISIT, **fields) -> Conversation:
    person = factories.client(centre, plan={"sms_allowed": False, "phone_allowed": False})
    defaults = {"channel": channel, "staff_reason": StaffReason.NO_TEXT_ALLOWED}
    return asked(factories.case(centre, client=person), **(defaults | fields))[0]


def listed(browser: Browser, query: str = "") -> list[str]:
    return SHOWN_CASE.findall(browser.get(reverse("surveys:errand-list") + query).content.decode())


def test_what_is_to_be_done_stands_before_the_sheets_that_are_out(centre):
    out = due(centre, Channel.PAPER, sent_out_at=factories.NOW, invited_at=factories.NOW - timedelta(days=9))
    older = due(centre, Channel.LETTER, invited_at=factories.NOW - timedelta(days=5))
    promised = due(centre, call_back_at=factories.NOW + timedelta(hours=1))
    due(centre, Channel.TELEPHONE)

    shown = listed(signed_in(Role.FOLLOW_UP, at=centre))

    assert shown == [row.case.number for row in (promised, older, out)]


@pytest.mark.parametrize(
    ("query", "kinds"), [("?rung=visit", ["visit"]), ("?rung=paper", ["paper"]), ("?rung=x", ["visit", "paper"])]
)
def test_the_list_is_narrowed_to_one_rung(centre, query, kinds):
    rows = {"visit": due(centre), "paper": due(centre, Channel.PAPER)}

    shown = listed(signed_in(Role.FOLLOW_UP, at=centre), query)

    assert sorted(shown) == sorted(rows[kind].case.number for kind in kinds)


def test_what_a_person_speaks_of_at_the_door_is_a_matter(centre):
    conversation = due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    browser.post(address("errand-record", conversation), {"outcome": "nobody_home", "heard": ["danger"]})

    assert Alert.objects.get().kind == AlertKind.DANGER


def test_safe_hours_that_have_an_end_alone_are_shown_to_the_visitor(centre):
    conversation = due(centre)
    ContactPlan.objects.update(safe_until=time(15))

    page = signed_in(Role.FOLLOW_UP, at=centre).get(address("errand", conversation)).content.decode()

    assert "…–15:00" in page


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, rows):
    for _number in range(rows):
        due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    listed(browser)

    with django_assert_max_num_queries(7):
        listed(browser)


def test_an_empty_list_says_who_would_stand_here(centre):
    seen = signed_in(Role.FOLLOW_UP, at=centre).get(reverse("surveys:errand-list")).content.decode()

    assert "没有待办的上门" in seen


def test_errands_wait_on_the_one_home_and_not_among_the_calls(centre):
    due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    home = browser.get(reverse("home")).content.decode()
    calls = browser.get(reverse("surveys:telephone-list")).content.decode()

    assert "上门、信函与纸质问卷" in home
    assert SHOWN_CASE.findall(calls) == []


def test_the_page_of_a_visit_tells_whom_to_ask_for_and_no_number(centre):
    conversation = due(centre)
    client = conversation.recipient

    seen = signed_in(Role.FOLLOW_UP, at=centre).get(address("errand", conversation)).content.decode()

    assert (client.name in seen, client.phone in seen) == (True, False)


def test_nobody_met_is_written_down_and_the_visit_stays(centre):
    conversation = due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    answer = browser.post(address("errand-record", conversation), {"outcome": "nobody_home", "note": "门锁着"})

    assert answer.url == reverse("surveys:errand-list")
    assert [(row.channel, row.outcome, row.note) for row in Contact.objects.all()] == [
        ("visit", "nobody_home", "门锁着")
    ]
    assert listed(browser) == [conversation.case.number]


@pytest.mark.parametrize(
    ("channel", "given", "told"),
    [
        (Channel.VISIT, {}, "error-summary"),
        (Channel.VISIT, {"outcome": "come_again"}, "下次上门的时间"),
        (Channel.VISIT, {"outcome": "come_again", "again_at": "2020-01-01T10:00"}, "晚于现在，今年或明年之内"),
        (Channel.VISIT, {"outcome": "returned"}, ""),
        (Channel.PAPER, {"outcome": "nobody_home"}, ""),
        (Channel.VISIT, {"outcome": "\x01<script>", "note": "长" * 600}, ""),
    ],
)
def test_what_cannot_be_is_explained_and_changes_nothing(centre, channel, given, told):
    conversation = due(centre, channel)

    answer = signed_in(Role.FOLLOW_UP, at=centre).post(address("errand-record", conversation), given)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("moment", ["2026-11-21T03:00", "2026-11-21T20:01", "2026-12-12T10:00"])
def test_another_visit_is_promised_in_the_hours_of_calling_and_while_the_follow_up_runs(centre, moment):
    conversation = due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    given = {"outcome": "come_again", "note": "下周再去"}

    refused = browser.post(address("errand-record", conversation), {**given, "again_at": moment})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "上门时间为 09:00 至 20:00，对此人最迟到 2026-12-11。" in page
    assert (moment in page, "下周再去" in page, Contact.objects.count()) == (True, True, 0)
    last = browser.post(address("errand-record", conversation), {**given, "again_at": "2026-12-11T20:00"})
    assert last.status_code == 302


def test_an_errand_that_moved_on_meanwhile_is_told_so(centre):
    conversation = due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    Conversation.objects.update(state="finished")

    answer = browser.post(address("errand-record", conversation), {"outcome": "moved"})

    assert answer.status_code == 409


def test_outside_one_s_centre_there_is_no_such_errand(centre):
    conversation = due(factories.centre())
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    assert browser.get(address("errand", conversation)).status_code == 404
    assert browser.post(address("errand-record", conversation), {"outcome": "moved"}).status_code == 404


def test_a_visit_is_keyed_in_as_a_visit(centre):
    conversation = due(centre)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    taken = browser.post(address("interview-take", conversation), {"mode": "visit"})
    seen = browser.get(taken.url).content.decode()
    record(browser, conversation, "reached", HAPPY, mode="visit")

    assert '<option value="visit" selected>' in seen
    assert 'class="say"' not in seen
    assert Response.objects.get().mode == "visit"


def test_a_sheet_that_came_back_is_found_by_its_code_and_keyed_in_as_paper(centre):
    conversation = due(centre, Channel.VISIT)
    code = offer_code(conversation)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    found = browser.post(reverse("surveys:telephone-find"), {"given": code})
    browser.post(address("interview-take", conversation), {"mode": "paper"})
    record(browser, conversation, "reached", {"q1": "4", "q7": "no"}, mode="paper")

    assert found.url == address("interview", conversation) + "?mode=paper"
    response = Response.objects.get()
    assert (response.mode, response.answers.count()) == ("paper", 2)


def test_a_sheet_without_one_tick_is_no_answer(centre):
    conversation = due(centre, Channel.PAPER)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("interview-take", conversation))

    assert record(browser, conversation, "reached", {}, mode="paper").status_code == 422


def test_a_sheet_comes_back_even_from_whom_nobody_could_reach(centre):
    conversation = due(centre, Channel.NONE, state="unreachable")
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    browser.post(address("interview-take", conversation), {"mode": "paper"})
    record(browser, conversation, "reached", HAPPY, mode="paper")

    conversation.refresh_from_db()
    assert conversation.state == "finished"


def keyed_in_twice(centre, second: dict[str, str]):
    conversation = due(centre, Channel.PAPER)
    clerk, colleague = signed_in(Role.FOLLOW_UP, at=centre), signed_in(Role.FOLLOW_UP, at=centre)
    clerk.post(address("interview-take", conversation))
    record(clerk, conversation, "reached", HAPPY, mode="paper")
    return conversation, colleague, record(colleague, conversation, "reached", second, mode="paper", note="字迹潦草")


def test_the_same_sheet_keyed_in_twice_is_told_and_compared(centre):
    _conversation, _colleague, answer = keyed_in_twice(centre, HAPPY | {"q1": "2"})

    seen = answer.content.decode()
    assert answer.status_code == 409
    shown = seen[seen.index('id="differing"') : seen.index("</section>")]
    assert re.findall(r"<td>([^<]*)</td>", shown) == ["非常满意", "不满意"]
    assert 'name="value-q1" value="2" checked' in seen
    assert "字迹潦草" in seen


def test_two_equal_entries_are_told_to_be_equal(centre):
    answer = keyed_in_twice(centre, HAPPY)[2]

    assert "两份录入一致" in answer.content.decode()


def test_the_comparison_does_not_tell_what_is_sealed(centre):
    _conversation, _colleague, answer = keyed_in_twice(centre, HAPPY | {"q6": "yes"})

    seen = answer.content.decode()
    told = seen[seen.index('id="differing"') : seen.index("</section>")]
    assert ("两份录入一致" in told, "向您要过钱" in told) == (True, False)


def test_a_second_entry_is_kept_beside_the_first_and_its_trouble_heard(centre):
    conversation, colleague, _answer = keyed_in_twice(centre, UNHAPPY)
    keyed = {f"value-{code}": value for code, value in UNHAPPY.items()}

    kept = colleague.post(
        address("interview-second", conversation),
        {"mode": "paper", "answerer": "client", "note": "字迹潦草", "outcome": "reached", **keyed},
    )

    assert kept.status_code == 302
    entry = SecondEntry.objects.get()
    assert ('"q1": ["1", ""]' in entry.answers, entry.note, entry.entered_by_id) == (
        True,
        "字迹潦草",
        colleague.user.pk,
    )
    first = Response.objects.get()
    assert first.answers.get(question__code="q1").choice.value == "5"
    assert Alert.objects.get().kind == AlertKind.RECOVERY


def test_a_second_entry_needs_a_first(centre):
    conversation = due(centre, Channel.PAPER)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    answer = browser.post(
        address("interview-second", conversation),
        {"outcome": "reached", "answerer": "client", "mode": "paper", "value-q1": "5"},
    )

    assert (answer.status_code, SecondEntry.objects.count()) == (409, 0)


def test_what_was_keyed_in_while_a_colleague_took_over_stays_on_the_page(centre):
    conversation = due(centre, Channel.PAPER)
    first, second = signed_in(Role.FOLLOW_UP, at=centre), signed_in(Role.FOLLOW_UP, at=centre)
    second.post(address("interview-take", conversation))

    answer = record(first, conversation, "reached", HAPPY, mode="paper", note="看不清")

    seen = answer.content.decode()
    assert answer.status_code == 409
    assert "目前不由您负责" in seen or "正在" in seen
    assert re.findall(r'name="value-(q1)" value="(\w+)" checked', seen) == [("q1", "5")]
    assert "看不清" in seen

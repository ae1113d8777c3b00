"""Calling: who may be rung when, by which fact they are known, another number, two of the staff at once."""

import json
import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.enums import Role
from qa_service.audit.actors import Actor
from qa_service.audit.models import Entry
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.services import put_case
from qa_service.organisations.models import CalendarDay, CentreSettings
from surveys.branching import MONEY, SheetQuestion
from surveys.enums import AlertKind, Channel, Direction
from surveys.models import Alert, Contact, Conversation, Message, Response, SecondEntry
from surveys.queries.forms import FormAnswer
from surveys.queries.interview import asked_question
from tests import factories
from tests.surveys.faces.rows import asked
from tests.surveys.faces.test_telephone import UNHAPPY, address, record, signed_in, to_call
from tests.surveys.factories import through_guardian

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

HOUR = timedelta(hours=1)


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return factories.centre()


@pytest.fixture
def clerk(centre):
    return signed_in(Role.FOLLOW_UP, at=centre)


def listed(browser, **query) -> str:
    return str(browser.get(reverse("surveys:telephone-list"), query).content.decode())


def planned(conversation: Conversation, **plan) -> None:
    ContactPlan.objects.filter(client=conversation.recipient).update(**plan)


def test_today_s_list_leaves_out_what_is_promised_for_later(centre, clerk):
    soon = to_call(centre, call_back_at=factories.NOW + HOUR)
    overdue = to_call(centre, call_back_at=factories.NOW - 30 * HOUR)
    later = to_call(centre, call_back_at=factories.NOW + 30 * HOUR)
    numbers = [row.case.number for row in (soon, overdue, later)]

    found = [
        [number in listed(clerk, **query) for number in numbers] for query in ({}, {"when": "later"}, {"when": "all"})
    ]

    assert found == [[True, True, False], [False, False, True], [True, True, True]]


def test_the_list_is_chosen_by_township_and_dialect(centre, clerk):
    here, there = to_call(centre), to_call(centre)
    Client.objects.filter(pk=here.recipient_id).update(township="赤石乡", dialect="客家话")
    Client.objects.filter(pk=there.recipient_id).update(township="城关镇")

    found = [
        [row.case.number in listed(clerk, **query) for row in (here, there)]
        for query in (
            {"place": "赤石乡"},
            {"dialect": "客家话"},
            {"place": "城关镇"},
            {"place": "无此镇"},
            {"way": "x"},
        )
    ]

    assert found == [[True, False], [True, False], [False, True], [True, True], [True, True]]
    assert "赤石乡<br>客家话" in listed(clerk)


def test_where_no_township_is_known_the_station_stands_for_it(centre, clerk):
    station = factories.organisation("station", centre, name="赤石乡法律援助工作站")
    conversation = to_call(centre)
    conversation.case.station = station
    conversation.case.save()

    assert conversation.case.number in listed(clerk, place="赤石乡法律援助工作站")


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"phone_allowed": False, "visit_allowed": False, "letter_allowed": False}, "不得打电话"),
        ({"safe_from": time(14), "safe_until": time(16)}, "安全时段"),
        ({"safe_until": time(10)}, "安全时段"),
    ],
)
def test_the_number_stays_hidden_while_the_plan_lets_nobody_ring(centre, clerk, plan, told):
    conversation = to_call(centre)
    planned(conversation, **plan)
    clerk.post(address("interview-take", conversation))

    seen = clerk.post(address("interview-number", conversation), follow=True).content.decode()

    assert conversation.recipient.phone not in seen
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 0
    assert told in seen or "不能打电话" in seen or "不可打电话" in seen


def test_who_may_no_longer_be_rung_is_visited(centre, clerk):
    conversation = to_call(centre)
    planned(conversation, phone_allowed=False)

    clerk.post(address("interview-take", conversation))

    conversation.refresh_from_db()
    assert conversation.channel == Channel.VISIT


def test_for_a_child_the_guardian_is_rung_and_answers(centre, clerk):
    conversation = to_call(centre)
    through_guardian(conversation.recipient, "+8613900000001")
    ContactPlan.objects.filter(client=conversation.recipient).update(
        sms_allowed=False, guardian_name="李秀英", guardian_relation="grandparent"
    )
    clerk.post(address("interview-take", conversation))

    shown = clerk.post(address("interview-number", conversation)).content.decode()
    alone = record(clerk, conversation, "reached", UNHAPPY)
    together = record(clerk, conversation, "reached", UNHAPPY, answerer="guardian", identity="guardian_name")

    assert ("+8613900000001" in shown, conversation.recipient.phone in shown) == (True, False)
    assert (alone.status_code, together.status_code) == (422, 302)


def test_nobody_is_interviewed_by_telephone_before_they_are_known(centre, clerk):
    conversation = to_call(centre)
    clerk.post(address("interview-take", conversation))

    unknown = record(clerk, conversation, "reached", UNHAPPY, identity="")
    known = record(clerk, conversation, "reached", UNHAPPY, identity="birth_year")

    assert (unknown.status_code, known.status_code) == (422, 302)
    assert "#identity-1" in unknown.content.decode()
    assert Contact.objects.get().identity == "birth_year"


def test_where_a_code_word_is_agreed_no_other_fact_will_do(centre, clerk):
    conversation = to_call(centre)
    plan = ContactPlan.objects.get(client=conversation.recipient)
    plan.code_word = "石榴"
    plan.save()
    clerk.post(address("interview-take", conversation))

    seen = clerk.get(address("interview", conversation)).content.decode()

    assert ("石榴" in seen, 'value="code_word"' in seen, 'value="birth_year"' in seen) == (True, True, False)


def test_the_facts_to_confirm_say_nothing_of_the_case(centre, clerk):
    conversation = to_call(centre)
    clerk.post(address("interview-take", conversation))

    seen = clerk.get(address("interview", conversation)).content.decode()

    assert [
        word
        for word in (conversation.case.cause, conversation.case.lawyer.name, conversation.case.organ)
        if word in seen
    ] == []


def test_a_call_is_promised_within_the_safe_hours_alone(centre, clerk):
    conversation = to_call(centre)
    planned(conversation, safe_from=time(9), safe_until=time(11))

    statuses = [
        record(clerk, conversation, "call_back", call_back_at=f"2026-11-21T{hour}").status_code
        for hour in ("11:30", "08:59", "10:00")
    ]

    assert statuses == [422, 422, 302]


@pytest.mark.parametrize("moment", ["2026-11-21T03:00", "2026-11-21T20:01", "2026-12-12T10:00"])
def test_a_call_is_promised_in_the_hours_of_calling_and_while_the_follow_up_runs(centre, clerk, moment):
    conversation = to_call(centre)

    refused = record(clerk, conversation, "call_back", call_back_at=moment, note="下周再打")

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "电话回访时间为 09:00 至 20:00，对此人最迟到 2026-12-11。" in page
    assert (moment in page, "下周再打" in page) == (True, True)
    assert record(clerk, conversation, "call_back", call_back_at="2026-12-11T20:00").status_code == 422
    assert record(clerk, conversation, "call_back", call_back_at="2026-12-11T19:59").status_code == 302


@pytest.mark.parametrize(
    ("owner", "outcome", "may_text"),
    [("client", "invalid", True), ("family", "not_the_person", False), ("neighbour", "no_answer", False)],
)
def test_another_number_takes_the_place_of_the_old_one(centre, clerk, owner, outcome, may_text):
    conversation, _key = asked(factories.case(centre), channel=Channel.TELEPHONE, call_attempts=4)
    old = conversation.recipient

    response = record(clerk, conversation, outcome, new_phone="139 0000 0001", phone_owner=owner)

    client = Client.objects.get(pk=old.pk)
    conversation.refresh_from_db()
    assert response.status_code == 302
    assert (client.phone, client.phone_owner, client.former_phone_index) == ("+8613900000001", owner, old.phone_index)
    assert (conversation.phone_index, conversation.state, conversation.call_attempts) == (
        client.phone_index, "awaiting", 0,
    )  # fmt: skip
    plan = ContactPlan.objects.get(client=client)
    # Even where it is the person's own, nobody is texted on it before it was confirmed with them.
    assert plan.sms_allowed == may_text
    assert plan.expired(today=date(2026, 11, 20)) or not plan.sms_allowed


def test_what_was_sent_to_the_old_number_opens_nothing_more(centre, clerk):
    conversation, key = asked(factories.case(centre), channel=Channel.TELEPHONE)
    Message.objects.create(
        conversation=conversation, direction=Direction.OUT, kind="invitation", gateway="memory", phone="x",
        phone_index=conversation.phone_index, body="x", state="delivered", not_before=factories.NOW,
        created_at=factories.NOW,
    )  # fmt: skip

    record(clerk, conversation, "not_the_person", new_phone="13900000001", phone_owner="client")

    assert clerk.get(f"/s/{key}").status_code == 404


def test_the_caller_reads_each_question_in_the_client_s_language_too(centre, clerk):
    conversation = to_call(centre)
    clerk.post(address("interview-take", conversation))
    own = '<p class="own" lang="en" dir="ltr">All in all, were you satisfied with this service?</p>'

    before = own in clerk.get(address("interview", conversation)).content.decode()
    planned(conversation, language="en")
    after = clerk.get(address("interview", conversation)).content.decode()

    assert (before, own in after, '<span class="own" lang="en" dir="ltr">Very satisfied</span>' in after) == (
        False, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(("language", "own"), [("ug", "رازىمۇ"), ("bo", ""), ("zh-hans", ""), ("", "")])
def test_a_question_is_read_in_the_client_s_language_where_the_questionnaire_speaks_it(language, own):
    question = SheetQuestion(
        id=1, code="q1", kind="scale", text_zh="满意吗？", text_en="Satisfied?", text_further={"ug": "رازىمۇ"}
    )

    with translation.override("zh-hans"):
        asked_so = asked_question(question, kept=FormAnswer(value="", text=""), language=language)

    assert (asked_so.text, asked_so.own) == ("满意吗？", own)


@pytest.mark.parametrize(("language", "told"), [("bo", True), ("en", False), ("zh-hans", False)])
@pytest.mark.parametrize("channel", [Channel.TELEPHONE, Channel.VISIT])
def test_whoever_asks_is_told_where_the_questions_are_not_in_the_person_s_language(
    centre, clerk, channel, language, told
):
    conversation = to_call(centre, channel=channel)
    planned(conversation, language=language)
    clerk.post(address("interview-take", conversation))

    page = clerk.get(address("errand" if channel == Channel.VISIT else "interview", conversation)).content.decode()

    assert ("问卷没有这种语言" in page) is told


# --- what a person speaks of on the telephone


def matter(kind: AlertKind) -> Alert:
    return Alert.objects.get(kind=kind)


def test_danger_that_a_person_speaks_of_is_a_matter_whatever_became_of_the_call(centre, clerk):
    conversation = to_call(centre)

    record(clerk, conversation, "call_back", call_back_at="2026-11-21T10:00", heard=["danger"], note="他在旁边，明天打")

    page = clerk.get(reverse("surveys:alert", args=[matter(AlertKind.DANGER).public_id])).content.decode()
    assert "他在旁边，明天打" in page
    assert Conversation.objects.get().urgent


def test_an_interview_and_a_second_entry_tell_of_what_was_spoken_of_too(centre, clerk):
    conversation = to_call(centre)

    record(clerk, conversation, "reached", UNHAPPY | {"q1": "5"}, heard=["complaint"])
    clerk.post(address("interview-second", conversation), {"value-q1": "5", "heard": ["danger", "nonsense"]})

    assert set(Alert.objects.values_list("kind", flat=True)) >= {AlertKind.COMPLAINT, AlertKind.DANGER}


def test_what_the_person_says_of_somebody_of_the_centre_is_never_the_directors_to_read(centre, clerk):
    director = factories.user(Role.MANAGER, at=centre)

    record(clerk, to_call(centre), "no_answer", heard=["money", "danger"], of_centre="on", note="说给了两条烟")
    ended = to_call(centre)
    record(clerk, ended, "refused")
    clerk.post(address("interview-afterwards", ended), {"heard": ["complaint"], "of_centre": "on", "note": "要投诉"})

    seen = {alert.kind: alert.for_bureau for alert in Alert.objects.all()}
    assert seen == {AlertKind.MONEY: True, AlertKind.DANGER: True, AlertKind.COMPLAINT: True}
    assert not Alert.objects.visible_to(director).exists()


def test_the_note_of_a_call_that_spoke_of_money_is_sealed_with_its_matter(centre, clerk):
    conversation = to_call(centre)
    record(clerk, conversation, "no_answer", note="明天再打")
    with time_machine.travel(factories.NOW + HOUR / 60, tick=False):
        record(clerk, conversation, "no_answer", heard=["money", "danger"], note="说给了两条烟")
    manager = signed_in(Role.MANAGER, at=centre)
    clerk.post(address("interview-take", conversation))

    pages = {
        name: browser.get(url).content.decode()
        for name, browser, url in (
            ("caller", clerk, address("interview", conversation)),
            ("danger", clerk, reverse("surveys:alert", args=[matter(AlertKind.DANGER).public_id])),
            ("money", manager, reverse("surveys:alert", args=[matter(AlertKind.MONEY).public_id])),
        )
    }

    assert {name for name, page in pages.items() if "说给了两条烟" in page} == {"money"}
    assert {name for name, page in pages.items() if "明天再打" in page} == set(pages)


def test_a_note_that_speaks_of_money_is_read_by_somebody_whatever_was_ticked(centre, clerk):
    conversation = to_call(centre)

    record(clerk, conversation, "no_answer", heard=["danger"], note="他说：律师收了3000元")

    money = signed_in(Role.MANAGER, at=centre).get(reverse("surveys:alert", args=[matter(AlertKind.MONEY).public_id]))
    assert "律师收了3000元" in money.content.decode()
    assert set(Alert.objects.values_list("kind", flat=True)) == {AlertKind.DANGER, AlertKind.MONEY}


@pytest.mark.parametrize("number", ["不是号码", "12", "1" * 30, "\x01"])
def test_a_number_that_is_none_is_refused_and_nothing_is_lost(centre, clerk, number):
    conversation = to_call(centre)

    response = record(clerk, conversation, "invalid", new_phone=number, phone_owner="client", note="邻居说的")

    assert (response.status_code, Contact.objects.count()) == (422, 0)
    assert "邻居说的" in response.content.decode()


def test_a_number_needs_its_owner(centre, clerk):
    assert record(clerk, to_call(centre), "invalid", new_phone="13900000001").status_code == 422


def test_an_export_that_still_has_the_old_number_means_the_same_person(centre, clerk):
    conversation = to_call(centre)
    old = conversation.recipient
    record(clerk, conversation, "invalid", new_phone="13900000001", phone_owner="client")

    case = put_case(
        centre=centre,
        fields={
            "number": "2026民9", "case_type": "民事", "stage": "一审", "client_name": old.name, "age": "56",
            "phone": old.phone, "sms_consent": "是", "lawyer_name": "周琴", "licence_number": "34307200111427006",
            "firm_name": "石桥法律服务所", "accepted_on": "2026-05-01", "closed_on": "2026-11-10",
        },
        actor=Actor("user:1", "某人"),
        now=factories.NOW,
    ).case  # fmt: skip

    assert (case.client_id, case.client.phone) == (old.pk, "+8613900000001")


def test_two_of_the_staff_never_hold_one_person_by_two_conversations(centre, clerk):
    first = to_call(centre)
    second, _key = asked(factories.case(centre, client=first.recipient), wave="mid-case", channel=Channel.TELEPHONE)
    other = signed_in(Role.FOLLOW_UP, at=centre)

    taken = clerk.post(address("interview-take", first))
    refused = other.post(address("interview-take", second))

    assert (taken.status_code, refused.status_code) == (302, 409)


def test_who_shares_the_number_is_the_same_person_to_the_caller(centre, clerk):
    first = to_call(centre)
    second = to_call(centre, phone_index=first.phone_index)

    clerk.post(address("interview-take", first))

    assert signed_in(Role.FOLLOW_UP, at=centre).post(address("interview-take", second)).status_code == 409


def test_whoever_keyed_in_while_a_colleague_took_over_loses_nothing(centre, clerk):
    conversation = to_call(centre)
    clerk.post(address("interview-take", conversation))
    other = signed_in(Role.FOLLOW_UP, at=centre)
    Conversation.objects.update(held_until=factories.NOW - HOUR)
    other.post(address("interview-take", conversation))

    response = record(clerk, conversation, "reached", UNHAPPY, note="耳背")

    seen = response.content.decode()
    assert (response.status_code, Response.objects.count()) == (409, 0)
    assert ("耳背" in seen, 'name="value-q1" value="1" checked' in seen) == (True, True)


def test_the_second_entry_of_one_interview_is_shown_beside_the_first_and_kept(centre, clerk):
    conversation = to_call(centre)
    record(clerk, conversation, "reached", UNHAPPY)
    other = signed_in(Role.FOLLOW_UP, at=centre)

    told = record(other, conversation, "reached", UNHAPPY | {"q1": "5"}, note="她后来说满意")
    kept = other.post(
        address("interview-second", conversation),
        {**{f"value-{code}": value for code, value in (UNHAPPY | {"q1": "5"}).items()}, "note": "她后来说满意"},
    )

    seen = told.content.decode()
    assert (told.status_code, kept.status_code) == (409, 302)
    assert "非常满意" in seen[seen.index('id="differing"') : seen.index("</section>")]
    entry = SecondEntry.objects.get()
    assert ('"q1": ["5", ""]' in entry.answers, entry.note) == (True, "她后来说满意")
    assert Response.objects.get().answers.get(question__code="q1").choice.value == "1"
    beside = clerk.get(address("interview", conversation)).content.decode()
    beside = beside[beside.index('aria-label="另存的一份"') :]
    assert re.findall(r"<td>([^<]*)</td>", beside)[:2] == ["非常不满意", "非常满意"]
    assert "她后来说满意" in beside


def test_what_is_kept_beside_an_answer_never_says_whether_money_was_asked_for(centre, clerk):
    conversation = to_call(centre)
    record(clerk, conversation, "reached", UNHAPPY)
    second = UNHAPPY | {MONEY: next(value for value in ("yes", "no") if value != UNHAPPY.get(MONEY))}
    clerk.post(address("interview-second", conversation), {f"value-{code}": value for code, value in second.items()})

    page = clerk.get(address("interview", conversation)).content.decode()

    assert json.loads(SecondEntry.objects.get().answers)[MONEY][0] == second[MONEY]
    assert "就可显示的内容而言，两份一致。" in page


def test_an_interview_may_confirm_the_contact_plan(centre, clerk):
    conversation = to_call(centre)
    planned(conversation, expires_on=date(2026, 1, 1))

    record(clerk, conversation, "reached", UNHAPPY, plan_confirmed="on")

    plan = ContactPlan.objects.get(client=conversation.recipient)
    assert (plan.confirmed_on, plan.expires_on) == (date(2026, 11, 20), date(2027, 5, 19))


def test_the_plan_is_one_click_from_the_list_and_the_interview(centre, clerk):
    conversation = to_call(centre)
    plan = reverse("cases:contact-plan", args=[conversation.recipient.public_id])
    clerk.post(address("interview-take", conversation))

    pages = listed(clerk), clerk.get(address("interview", conversation)).content.decode()

    assert [plan in page for page in pages] == [True, True]


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_with_townships_costs_the_same_for_one_and_for_several(
    centre, clerk, django_assert_max_num_queries, rows
):
    for number in range(rows):
        conversation = to_call(centre)
        Client.objects.filter(pk=conversation.recipient_id).update(township=f"第{number}乡")
    listed(clerk)

    with django_assert_max_num_queries(8):
        listed(clerk)


def hours(conversation: Conversation, opens: time, closes: time) -> None:
    CentreSettings.objects.filter(centre=conversation.case.centre).update(contact_opens=opens, contact_closes=closes)


# At ten in the morning there.
NOT_NOW = [
    ({"safe_from": time(18), "safe_until": time(20)}, (time(9), time(20)), "2026-11-20 18:00"),
    ({"safe_until": time(9, 30)}, (time(9), time(20)), "2026-11-21 09:00"),
    ({}, (time(14), time(17)), "2026-11-20 14:00"),
    ({}, (time(8), time(9)), "2026-11-21 08:00"),
    ({"phone_allowed": True, "safe_from": time(21)}, (time(9), time(20)), "2026-11-20 21:00"),
]


@pytest.mark.parametrize(("plan", "centres", "opens"), NOT_NOW)
def test_the_list_says_who_may_be_rung_now_and_who_later_and_from_when(centre, clerk, plan, centres, opens):
    conversation = to_call(centre)
    hours(conversation, *centres)
    planned(conversation, **plan)

    page = re.sub(r"<[^>]+>", "", listed(clerk))

    assert f"{opens} 之前不要拨打" in page
    assert conversation.case.number not in listed(clerk, when="now")


@pytest.mark.parametrize(
    ("plan", "centres", "fields"),
    [
        ({}, (time(9), time(20)), {}),
        ({"safe_from": time(10), "safe_until": time(11)}, (time(9), time(20)), {}),
        ({"safe_from": time(8), "safe_until": time(11)}, (time(12), time(20)), {}),  # nothing in common
        ({}, (time(14), time(17)), {"urgent": True}),
        ({}, (time(9), time(20)), {"call_back_at": factories.NOW - HOUR}),
    ],
)
def test_whoever_may_be_rung_now_stands_in_the_list_of_now(centre, clerk, plan, centres, fields):
    conversation = to_call(centre, **fields)
    hours(conversation, *centres)
    planned(conversation, **plan)

    assert conversation.case.number in listed(clerk, when="now")
    assert "之前不要拨打" not in listed(clerk)
    clerk.post(address("interview-take", conversation))
    assert conversation.recipient.phone in clerk.post(address("interview-number", conversation)).content.decode()


def test_who_has_no_contact_plan_is_rung_in_the_centre_s_hours(centre, clerk):
    conversation = to_call(centre)
    ContactPlan.objects.filter(client=conversation.recipient).delete()

    assert conversation.case.number in listed(clerk, when="now")
    hours(conversation, time(14), time(17))
    assert conversation.case.number not in listed(clerk, when="now")


def test_what_is_promised_for_later_today_and_who_may_not_be_rung_is_not_for_now(centre, clerk):
    promised, visited = to_call(centre, call_back_at=factories.NOW + HOUR), to_call(centre)
    planned(visited, phone_allowed=False)

    page = listed(clerk, when="now")

    assert (promised.case.number in page, visited.case.number in page) == (False, False)


def test_outside_the_hours_of_calling_the_number_stays_hidden_and_the_page_says_from_when(centre, clerk):
    conversation = to_call(centre)
    hours(conversation, time(14), time(17))
    clerk.post(address("interview-take", conversation))

    seen = clerk.post(address("interview-number", conversation), follow=True).content.decode()

    assert conversation.recipient.phone not in seen
    assert "请在 2026-11-20 14:00 之后拨打" in seen


def test_on_a_public_holiday_nobody_is_rung_but_who_is_in_danger_and_no_call_is_promised(centre, clerk):
    """The 20th to the 22nd are off; a make-up workday and an ordinary weekend are none."""
    off = [(date(2026, 11, day), False) for day in (20, 21, 22)] + [(date(2026, 11, 28), True)]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_workday=worked) for day, worked in off)
    waits, danger = to_call(centre), to_call(centre, urgent=True)
    for row in (waits, danger):
        clerk.post(address("interview-take", row))

    numbers = [
        row.recipient.phone in clerk.post(address("interview-number", row), follow=True).content.decode()
        for row in (waits, danger)
    ]
    rings_now = [row.case.number in listed(clerk, when="now") for row in (waits, danger)]
    later = re.sub(r"<[^>]+>", "", listed(clerk)).count("2026-11-23 09:00 之前不要拨打")
    promised = [
        record(clerk, waits, "call_back", call_back_at=f"2026-11-{day}T10:00").status_code for day in (22, 28, 29)
    ]

    assert (numbers, rings_now) == ([False, True], [False, True])
    assert later == 1
    assert promised == [422, 302, 302]

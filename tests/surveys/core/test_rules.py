"""The small pure rules: segments, texts, hours, rungs, branching."""

import json
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.workdays import Calendar, CalendarYearMissing
from surveys import texts, timing
from surveys.branching import Condition, SheetQuestion, first_unanswered, shown, told_totals
from surveys.enums import Channel, MessageKind, StaffReason
from surveys.ladder import Person, Rung, best_rung
from surveys.segments import Coding, measure
from surveys.sms.base import Capabilities

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = timing.Hours(zone=SHANGHAI)
CALENDAR = Calendar(years=frozenset({2026}), exceptions={date(2026, 10, 1): False, date(2026, 10, 10): True})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "coding", "segments"),
    [
        ("", Coding.GSM7, 1), ("a" * 160, Coding.GSM7, 1), ("a" * 161, Coding.GSM7, 2), ("a" * 306, Coding.GSM7, 2),
        ("a" * 307, Coding.GSM7, 3), ("€" * 80, Coding.GSM7, 1), ("€" * 81, Coding.GSM7, 2),
        ("a" * 152 + "€" + "a" * 10, Coding.GSM7, 2), ("字" * 70, Coding.UCS2, 1), ("字" * 71, Coding.UCS2, 2),
        ("字" * 134, Coding.UCS2, 2), ("字" * 135, Coding.UCS2, 3), ("字" * 201, Coding.UCS2, 3),
        ("字" * 202, Coding.UCS2, 4), ("😀" * 35, Coding.UCS2, 1), ("😀" * 36, Coding.UCS2, 2),
        ("字" * 66 + "😀" * 4, Coding.UCS2, 2),
    ],
)  # fmt: skip
def test_parts_are_counted_as_they_are_billed(text: str, coding: Coding, segments: int) -> None:
    size = measure(text)

    assert (size.coding, size.segments) == (coding, segments)


@given(st.text(max_size=400))
def test_units_of_other_alphabets_are_utf16_units(text: str) -> None:
    size = measure(text)

    if size.coding is Coding.UCS2:
        assert size.units == len(text.encode("utf-16-be", "surrogatepass")) // 2


@pytest.mark.parametrize(("kind", "channel"), sorted(texts.TEMPLATES, key=str))
def test_each_chinese_text_with_its_signature_is_one_part(kind: MessageKind, channel: Channel | None) -> None:
    body = texts.compose(
        kind=kind,
        channel=channel,
        language="zh-hans",
        link="https://q.example.cn/s/AbCdEfGh12",
        code="7K3QABCD",
        phone="0739-5550100",
    )

    assert (measure(body).segments, measure(body).units <= 70) == (1, True)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:00"),
        ("2026-11-20 08:59", "2026-11-20 09:00"),
        ("2026-11-20 20:00", "2026-11-21 09:00"),  # a Saturday is no holiday
        ("2026-11-20 23:30", "2026-11-21 09:00"),
        ("2026-10-01 10:00", "2026-10-02 09:00"),
    ],
)
def test_texts_wait_for_the_permitted_hours(moment: str, expected: str) -> None:
    assert timing.next_permitted(at(moment), hours=HOURS, calendar=CALENDAR) == at(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20 08:59", "2026-11-20 09:00"),
        ("2026-11-20 19:59", "2026-11-20 19:59"),
        ("2026-11-20 20:00", "2026-11-21 09:00"),
        ("2026-09-30 20:00", "2026-10-02 09:00"),
    ],
)
def test_people_are_rung_from_the_opening_until_just_before_the_closing(moment: str, expected: str) -> None:
    hours, off = (time(9), time(20)), {date(2026, 10, 1)}

    assert timing.rings_from(at(moment), hours=hours, zone=SHANGHAI, days_off=off) == at(expected)


@given(st.integers(min_value=0, max_value=333 * 24 * 60))
def test_the_next_permitted_moment_is_permitted_and_not_earlier(minutes: int) -> None:
    aware = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    found = timing.next_permitted(aware, hours=HOURS, calendar=CALENDAR)

    assert found is not None
    assert found >= aware
    assert timing.permitted(found, hours=HOURS, calendar=CALENDAR)


def test_safe_hours_narrow_the_centres_hours() -> None:
    hours = timing.Hours(zone=SHANGHAI, safe_from=time(14), safe_until=time(22))

    assert hours.window == (time(14), time(20))
    assert timing.Hours(zone=SHANGHAI, safe_from=time(21), safe_until=time(23)).window is None


@pytest.mark.parametrize(
    ("safe", "window"),
    [
        ((None, None), (time(9), time(19))),
        ((time(14), time(22)), (time(14), time(19))),
        ((time(12), time(13, 30)), (time(12), time(12, 30))),
        # An hour that is all that is safe leaves none in which a text surely arrives.
        ((time(12), time(13)), None),
        ((time(0), time(0, 30)), None),
    ],
)
def test_without_a_last_hour_the_last_text_leaves_some_time_before_the_hours_end(safe, window):
    hours = timing.Hours(zone=SHANGHAI, safe_from=safe[0], safe_until=safe[1], margin=timedelta(minutes=60))

    assert hours.window == window


def test_a_year_without_its_calendar_is_an_error() -> None:
    with pytest.raises(CalendarYearMissing):
        timing.permitted(at("2030-01-05 10:00"), hours=HOURS, calendar=CALENDAR)


def test_contacts_fall_on_days_0_3_and_8_then_to_the_telephone_on_11() -> None:
    invited = at("2026-11-02 10:00")
    due = [timing.reminder_due(invited_at=invited, reminders_sent=sent, zone=SHANGHAI) for sent in range(3)]

    assert due == [at("2026-11-05 00:00"), at("2026-11-10 00:00"), None]
    assert timing.hand_over_due(invited_at=invited, zone=SHANGHAI) == at("2026-11-13 00:00")


def test_a_survey_closes_on_day_21_and_takes_late_answers_until_60() -> None:
    until = timing.deadlines(invited_at=at("2026-11-01 10:00"), zone=SHANGHAI)

    assert (until.closes_at, until.late_until) == (at("2026-11-23 00:00"), at("2027-01-01 00:00"))


def service(*, two_way: bool, links: bool, templates: bool = True) -> Capabilities:
    return Capabilities(two_way=two_way, links=links, free_text=True, templates=templates, receipts=True, domestic=True)


TEXTED = Person(sms_allowed=True)


@pytest.mark.parametrize(
    ("offered", "person", "rung"),
    [
        (service(two_way=True, links=True), TEXTED, Rung(Channel.SMS_TWO_WAY)),
        (service(two_way=False, links=True), TEXTED, Rung(Channel.SMS_LINK)),
        (service(two_way=False, links=False), TEXTED, Rung(Channel.SMS_CODE)),
        (None, TEXTED, Rung(Channel.TELEPHONE, StaffReason.NO_GATEWAY)),
        (
            service(two_way=True, links=True),
            Person(sms_allowed=False),
            Rung(Channel.TELEPHONE, StaffReason.NO_TEXT_ALLOWED),
        ),
        (
            service(two_way=True, links=True),
            Person(sms_allowed=True, opted_out=True),
            Rung(Channel.TELEPHONE, StaffReason.NO_TEXT_ALLOWED),
        ),
        (
            service(two_way=True, links=True),
            Person(sms_allowed=True, number_reachable=False),
            Rung(Channel.TELEPHONE, StaffReason.NUMBER_REFUSED),
        ),
        (None, Person(sms_allowed=False, in_custody=True), Rung(Channel.LETTER, StaffReason.NO_TEXT_ALLOWED)),
        (None, Person(sms_allowed=False, phone_allowed=False), Rung(Channel.VISIT, StaffReason.NO_TEXT_ALLOWED)),
        (
            None,
            Person(sms_allowed=False, phone_allowed=False, visit_allowed=False, paper_allowed=False),
            Rung(Channel.NONE, StaffReason.NO_TEXT_ALLOWED),
        ),
        (
            None,
            Person(sms_allowed=False, in_custody=True, paper_allowed=False),
            Rung(Channel.VISIT, StaffReason.NO_TEXT_ALLOWED),
        ),
        (
            service(two_way=True, links=True),
            Person(sms_allowed=True, confirmed=False),
            Rung(Channel.TELEPHONE, StaffReason.PLAN_EXPIRED),
        ),
    ],
)
def test_the_best_rung_is_taken(offered: Capabilities | None, person: Person, rung: Rung) -> None:
    assert best_rung(service=offered, person=person) == rung


def question(code: str, *when: tuple[str, str], modes: frozenset[str] = frozenset()) -> SheetQuestion:
    rules = tuple(Condition(question=other, any_of=frozenset(values.split("|"))) for other, values in when)
    return SheetQuestion(id=1, code=code, kind="choice", text_zh="", text_en="", shown_when=rules, modes=modes)


PATH = (
    question("q1"),
    question("q6", modes=frozenset({"web"})),
    question("q8", ("q1", "1|2")),
    question("q9", ("q8", "x")),
)


def test_branches_open_by_answer_and_mode() -> None:
    def codes(mode: str, answers: dict[str, str]) -> list[str]:
        return [item.code for item in shown(PATH, mode=mode, answers=answers)]

    assert codes("web", {}) == ["q1", "q6"]
    assert codes("sms", {"q1": "2"}) == ["q1", "q8"]
    assert codes("web", {"q1": "2", "q8": "x"}) == ["q1", "q6", "q8", "q9"]
    # A question that is no longer shown opens nothing, whatever was once answered to it.
    assert codes("web", {"q1": "5", "q8": "x"}) == ["q1", "q6"]


def test_the_first_unanswered_question_is_the_next() -> None:
    following = first_unanswered(PATH, {"q1": "5"})

    assert following is not None
    assert following.code == "q6"


@pytest.mark.parametrize("name", ["client.json", "organ.json"])
def test_the_default_questionnaires_speak_both_languages_and_branch_backwards(name: str) -> None:
    content = json.loads(files("surveys.defaults").joinpath(name).read_text(encoding="utf-8"))
    seen: set[str] = set()
    for asked in content["questions"]:
        assert asked["text"]["zh"]
        assert asked["text"]["en"]
        assert {rule["question"] for rule in asked.get("shown_when", [])} <= seen
        assert all(choice["zh"] and choice["en"] for choice in asked["choices"])
        assert asked["kind"] == "text" or asked["choices"][-1]["value"] == "unknown"
        seen.add(asked["code"])


# What clients are asked, to the letter: code, question, the values that may be chosen.
AGREED = """
q1 总的来说，您对这次服务满意吗？ 5 4 3 2 1 unknown
q2 需要的时候，联系得上承办人员吗？ always sometimes never unknown
q3 事情给您讲清楚了吗？ yes partly no unknown
q4 办到哪一步，承办人员告诉过您吗？ always sometimes never unknown
q5 约好的时间，承办人员按时到了吗？ yes no not_applicable unknown
q6 有没有人向您要过钱、要过东西或让您请客？ no yes staff unknown
q6who 是谁要的？ lawyer centre other unknown
q7 结果怎么样、下一步怎么办，您清楚吗？ yes partly no unknown
q8 您主要对哪方面不满意？ service result both unknown
q9 具体是什么原因？ contact attitude preparation delay not_told fees other unknown
q10 工作人员可以给您回个电话吗？什么时候方便？ yes no unknown
q11 还有什么想说的？
"""
AGREED_IN_ENGLISH = """
All in all, were you satisfied with this service?
Could you reach the person dealing with your matter when you needed to?
Did they explain things to you clearly?
Did they tell you how far the matter had got?
Did they come at the time agreed?
Did anyone ask you for money, things or a meal?
Who asked you for it?
Do you know the outcome, and what to do next?
What were you mainly unhappy with?
What was it about?
May a member of staff call you? When is a good time?
Anything else you would like to say?
"""


def test_clients_are_asked_to_the_letter_what_was_agreed() -> None:
    content = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    questions = {asked["code"]: asked for asked in content["questions"]}
    lines = [
        " ".join([code, asked["text"]["zh"], *(choice["value"] for choice in asked["choices"])])
        for code, asked in questions.items()
    ]

    assert lines == AGREED.strip().splitlines()
    assert [asked["text"]["en"] for asked in questions.values()] == AGREED_IN_ENGLISH.strip().splitlines()
    assert questions["q6"]["hint"]["zh"].startswith("交法院的诉讼费等不算。除非您同意，我们不会告诉承办人员是谁说的。")
    assert "请勿写身份证号" in questions["q11"]["hint"]["zh"]
    unsure = {
        choice["zh"] for asked in questions.values() for choice in asked["choices"] if choice["value"] == "unknown"
    }
    assert unsure == {"不记得了／不想回答"}


@pytest.mark.parametrize(
    ("answers", "beyond_what_all_are_asked"),
    [
        ({"q1": "5", "q6": "no"}, ["q11"]),
        ({"q1": "3", "q6": "unknown"}, ["q11"]),
        ({"q1": "2", "q6": "no"}, ["q8", "q10", "q11"]),
        ({"q1": "1", "q6": "no", "q8": "service"}, ["q8", "q9", "q10", "q11"]),
        ({"q1": "1", "q6": "no", "q8": "result"}, ["q8", "q10", "q11"]),
        ({"q1": "5", "q6": "yes"}, ["q6who", "q10", "q11"]),
        ({"q1": "5", "q6": "staff"}, ["q10", "q11"]),
    ],
)
def test_who_is_unhappy_or_was_asked_for_money_is_asked_more(
    answers: dict[str, str], beyond_what_all_are_asked: list[str]
) -> None:
    content = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    sheet = [
        SheetQuestion(
            id=place,
            code=asked["code"],
            kind=asked["kind"],
            text_zh="",
            text_en="",
            modes=frozenset(asked.get("modes", [])),
            shown_when=tuple(
                Condition(question=rule["question"], any_of=frozenset(rule["any_of"]))
                for rule in asked.get("shown_when", [])
            ),
        )
        for place, asked in enumerate(content["questions"])
    ]

    asked_of_all = {f"q{number}" for number in range(1, 8)}
    path = [asked.code for asked in shown(sheet, mode="web", answers=answers)]
    assert asked_of_all <= set(path)
    assert [code for code in path if code not in asked_of_all] == beyond_what_all_are_asked


def test_what_is_told_of_how_many_grows_little_by_little_and_ends_with_the_truth() -> None:
    sheet = [
        question("first"),
        question("second"),
        *(question(f"more{number}", ("second", "yes")) for number in range(3)),
        question("last"),
    ]

    told = [told_totals(sheet, mode="web", answers={"first": "x", "second": said}) for said in ("no", "yes")]

    assert told == [(3, 3, 3), (3, 3, 4, 5, 6, 6)]
    assert all(place / total <= 1 for each in told for place, total in enumerate(each, start=1))


SMS = {
    Channel.SMS_TWO_WAY: "您好，您此前办理的事项已办结，请评价服务，直接回复数字："
    "5非常满意 4满意 3基本满意 2不满意 1非常不满意。拒收请回复T",
    Channel.SMS_LINK: "您好，您办理的事项已办结，如愿评价请点 {link} 拒收回复T",
    Channel.SMS_CODE: "您好，您此前办理的事项已办结。如愿评价，请在工作时间拨打{phone}，报编号{code}。",
}


@pytest.mark.parametrize("channel", SMS)
def test_the_invitation_is_the_text_agreed_under_its_neutral_signature(channel: Channel) -> None:
    sent = texts.compose(
        kind=MessageKind.INVITATION, channel=channel, language="zh-hans", link="{link}", code="{code}", phone="{phone}"
    )

    assert sent == "【服务回访】" + SMS[channel]


def test_the_money_question_never_goes_by_text() -> None:
    content = json.loads(files("surveys.defaults").joinpath("client.json").read_text(encoding="utf-8"))
    by_text = [asked["code"] for asked in content["questions"] if "sms" in asked.get("modes", ["sms"])]

    assert by_text == ["q1"]

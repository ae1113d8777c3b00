"""Cells as people type them are understood; what cannot be meant is refused, never guessed."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.cases.enums import ContactReason, FaultReason, Oddity
from qa_service.cases.intake import Problem, cells, find_columns, read_case
from qa_service.cases.intake.columns import TITLES

TODAY = date(2026, 11, 22)
FULL_WIDTH = str.maketrans("0123456789.,-/", "０１２３４５６７８９．，－／")
ROW = {
    "number": "临法援〔2026〕民字第0001号",
    "case_type": "民事",
    "stage": "一审",
    "client_name": "张三",
    "age": "40",
    "phone": "17012345678",
    "sms_consent": "是",
    "lawyer_name": "周琴",
    "licence_number": "34307200111427006",
    "firm_name": "石桥法律服务所",
    "accepted_on": "2026-05-01",
    "closed_on": "2026-11-01",
}


def reading(**changes: Any) -> Any:
    return read_case(ROW | changes, today=TODAY)


def problem(**changes: Any) -> tuple[str, FaultReason]:
    with pytest.raises(Problem) as found:
        reading(**changes)
    return found.value.field, found.value.reason


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.booleans())
def test_every_form_of_a_date_means_the_same_day(day: date, full_width: bool) -> None:
    forms = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f" {day.year} 年 {day.month} 月 {day.day} 日　",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        str((day - date(1899, 12, 30)).days),
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T13:30",
        f"{day.year}/{day.month}/{day.day} 9:05:07.25",
        f"{day.year}年{day.month}月{day.day}日 23:59",
    ]
    if full_width:
        forms = [form.translate(FULL_WIDTH) for form in forms if ":" not in form]

    assert {cells.day("closed_on", form) for form in forms} == {day}
    assert cells.day("closed_on", day) == day
    assert cells.day("closed_on", float((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-30", FaultReason.IMPOSSIBLE_DATE),
        ("2026-13-01", FaultReason.IMPOSSIBLE_DATE),
        ("20260230", FaultReason.IMPOSSIBLE_DATE),
        ("2026/5", FaultReason.DATE_UNREADABLE),
        ("26-05-01", FaultReason.DATE_UNREADABLE),
        ("2026-05/01", FaultReason.DATE_UNREADABLE),
        ("五月八日", FaultReason.DATE_UNREADABLE),
        ("2026-5-813:30", FaultReason.DATE_UNREADABLE),
        ("2026-5-8 24:00", FaultReason.DATE_UNREADABLE),
        ("2026-05-08T16:30:00Z", FaultReason.DATE_UNREADABLE),
        ("29999", FaultReason.DATE_UNREADABLE),
        ("202605", FaultReason.DATE_UNREADABLE),
        ("0001-01-01", FaultReason.DATE_TOO_EARLY),
        (date(1, 1, 1), FaultReason.DATE_TOO_EARLY),
    ],
)
def test_a_date_that_cannot_be_meant_is_refused_and_the_reason_is_true(text: str | date, reason: FaultReason) -> None:
    assert problem(closed_on=text) == ("closed_on", reason)


def test_a_day_far_ahead_is_no_day_on_which_a_file_came_in() -> None:
    assert problem(filed_on="9999-12-31") == ("filed_on", FaultReason.IMPOSSIBLE_DATE)


@given(st.decimals(0, 10**9, places=2), st.booleans(), st.booleans())
def test_amounts_are_read_with_and_without_separators(yuan: Decimal, grouped: bool, full_width: bool) -> None:
    text = f"{yuan:,}" if grouped else str(yuan)

    assert cells.amount("x", text.translate(FULL_WIDTH) if full_width else text) == yuan
    assert cells.amount("x", f"¥ {text}元") == yuan


@pytest.mark.parametrize("text", ["约三万", "1,5", "1.2万", "--5", "1e5", "12,34,567", "１２３四"])
def test_an_amount_that_is_no_number_is_refused(text: str) -> None:
    assert problem(recovered_amount=text) == ("recovered_amount", FaultReason.AMOUNT_UNREADABLE)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_is_read_however_it_is_spaced(digits: str) -> None:
    spaced = f"{digits[:3]}-{digits[3:7]}－{digits[7:]}".translate(FULL_WIDTH)

    for text in (digits, spaced, f"　{digits[:3]} {digits[3:]}", f"+86 {digits}"):
        assert cells.phone("phone", text) == f"+86{digits}"


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reading_of_a_row(text: str) -> None:
    for field in TITLES:
        with suppress(Problem):
            reading(**{field: text})


def test_a_type_spread_over_its_cell_is_the_type() -> None:
    assert reading(case_type="民 事").case_type == reading().case_type


@pytest.mark.parametrize(
    ("word", "stage"), [("二审", "second_instance"), ("再审", "retrial"), ("执行阶段", "enforcement")]
)
def test_a_stage_is_read_from_its_word(word: str, stage: str) -> None:
    assert reading(stage=word).stage == stage


@given(st.text(max_size=60))
def test_reading_what_was_read_changes_nothing_more(text: str) -> None:
    for read in (cells.name, cells.text):
        try:
            once = read("cause", text, 100)
        except Problem:
            continue
        assert read("cause", once, 100) == once


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"number": " 　"}, "number", FaultReason.NO_NUMBER),
        ({"number": "🙂" * 50}, "number", FaultReason.NUMBER_UNREADABLE),
        ({"number": "临法援〔2026〕民字第0001号✅"}, "number", FaultReason.NUMBER_UNREADABLE),
        ({"number": "〔〕——"}, "number", FaultReason.NUMBER_UNREADABLE),
        ({"number": "2026$0001"}, "number", FaultReason.NUMBER_UNREADABLE),
        ({"case_type": "仲载"}, "case_type", FaultReason.UNKNOWN_TYPE),
        ({"stage": "上诉"}, "stage", FaultReason.UNKNOWN_STAGE),
        ({"client_name": ""}, "client_name", FaultReason.NO_CLIENT),
        ({"people_helped": "两"}, "people_helped", FaultReason.COUNT_UNREADABLE),
        ({"people_helped": "0"}, "people_helped", FaultReason.COUNT_OUT_OF_RANGE),
        ({"people_helped": "100001人"}, "people_helped", FaultReason.COUNT_OUT_OF_RANGE),
        ({"age": "四十"}, "age", FaultReason.AGE_UNREADABLE),
        ({"age": "-1"}, "age", FaultReason.AGE_OUT_OF_RANGE),
        ({"age": "121岁"}, "age", FaultReason.AGE_OUT_OF_RANGE),
        ({"recovered_amount": "-5"}, "recovered_amount", FaultReason.AMOUNT_NEGATIVE),
        ({"recovered_amount": "-1,200.50元"}, "recovered_amount", FaultReason.AMOUNT_NEGATIVE),
        ({"lawyer_name": "无"}, "lawyer_name", FaultReason.NO_LAWYER),
        ({"licence_number": ""}, "licence_number", FaultReason.NO_LICENCE),
        ({"licence_number": 1.43072012216866e16}, "licence_number", FaultReason.DIGITS_LOST),
        ({"licence_number": "1.43072E+16"}, "licence_number", FaultReason.LICENCE_UNREADABLE),
        ({"firm_name": "-"}, "firm_name", FaultReason.NO_FIRM),
        ({"firm_name": "某公司"}, "firm_kind", FaultReason.UNKNOWN_FIRM_KIND),
        ({"accepted_on": ""}, "accepted_on", FaultReason.NO_ACCEPTANCE),
        ({"closed_on": ""}, "closed_on", FaultReason.NOT_CLOSED),
        ({"closed_on": "2026-11-23"}, "closed_on", FaultReason.CLOSED_IN_FUTURE),
        ({"closed_on": "2026-04-30"}, "closed_on", FaultReason.CLOSED_BEFORE_ACCEPTED),
        ({"cause": "因" * 101}, "cause", FaultReason.TOO_LONG),
        ({"client_name": "张\ufffd"}, "client_name", FaultReason.UNREADABLE),
        ({"number": "", "case_type": "仲载"}, "number", FaultReason.NO_NUMBER),
    ],
)
def test_a_row_is_refused_for_its_first_problem(changes: dict[str, Any], field: str, reason: FaultReason) -> None:
    assert problem(**changes) == (field, reason)


@pytest.mark.parametrize("typed", ["临法援[2026]民字第1号", "临法援（２０２６）民字第１号", "临法援【2026】 民字第1号"])
def test_the_brackets_of_a_case_number_become_the_official_ones(typed: str) -> None:
    assert reading(number=typed).number == "临法援〔2026〕民字第1号"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ContactReason.NONE),
        ({"sms_consent": "否"}, ContactReason.NOT_CONSENTED),
        ({"sms_consent": ""}, ContactReason.NOT_CONSENTED),
        ({"sms_consent": "也许"}, ContactReason.NOT_CONSENTED),
        ({"contact_note": "请勿发短信"}, ContactReason.NOT_CONSENTED),
        ({"age": "17"}, ContactReason.MINOR),
        ({"age": "17", "sms_consent": "否"}, ContactReason.MINOR),
        ({"age": "18"}, ContactReason.NONE),
        ({"group": "未成年人", "age": ""}, ContactReason.MINOR),
        ({"contact_note": "在押"}, ContactReason.IN_CUSTODY),
        ({"contact_note": "在押", "age": "16"}, ContactReason.IN_CUSTODY),
        ({"contact_note": "涉家暴，勿发短信，电话须先确认安全"}, ContactReason.SAFETY),
        ({"cause": "反家庭暴力人身安全保护令"}, ContactReason.SAFETY),
        ({"cause": "遗弃纠纷"}, ContactReason.SAFETY),
        ({"cause": "虐待罪"}, ContactReason.SAFETY),
        ({"cause": "强制猥亵"}, ContactReason.SAFETY),
        ({"contact_note": "曾被虐待"}, ContactReason.SAFETY),
        ({"contact_note": "性侵案被害人"}, ContactReason.SAFETY),
        ({"contact_note": "电话由对方保管"}, ContactReason.SAFETY),
        ({"contact_note": "手机在被告手里"}, ContactReason.SAFETY),
        ({"contact_note": "无民事行为能力"}, ContactReason.INCAPACITY),
        ({"contact_note": "限制民事行为能力人"}, ContactReason.INCAPACITY),
        ({"contact_note": "精神残疾，由其母代办"}, ContactReason.INCAPACITY),
        ({"contact_note": "与对方当事人同住"}, ContactReason.OPPONENT_HOUSEHOLD),
        ({"contact_note": "对方同住一处"}, ContactReason.OPPONENT_HOUSEHOLD),
        ({"contact_note": "共用电话"}, ContactReason.NUMBER_SHARED),
        ({"contact_note": "电话为邻居所有"}, ContactReason.NUMBER_SHARED),
        ({"contact_note": "被判拘役"}, ContactReason.IN_CUSTODY),
        ({"contact_note": "在市戒毒所"}, ContactReason.IN_CUSTODY),
        ({"contact_note": "已被逮捕"}, ContactReason.IN_CUSTODY),
        ({"phone": "0739-5550100"}, ContactReason.NUMBER_INVALID),
        ({"phone": "123"}, ContactReason.NUMBER_INVALID),
        ({"phone": ""}, ContactReason.NUMBER_INVALID),
    ],
)
def test_who_is_never_texted_and_why(changes: dict[str, Any], reason: ContactReason) -> None:
    contact = reading(**changes).contact

    assert (contact.reason, contact.sms_allowed) == (reason, reason == ContactReason.NONE)


@pytest.mark.parametrize(
    ("note", "first"), [("与对方当事人同住", True), ("涉家暴", True), ("共用电话", False), ("在押", False), ("", False)]
)
def test_whom_staff_must_make_sure_of_before_they_call(note: str, first: bool) -> None:
    assert reading(contact_note=note).contact.needs_safety_check == first


def test_a_young_child_is_reached_through_the_guardian_alone() -> None:
    assert [reading(age=age).contact.guardian_only for age in ("13", "14")] == [True, False]
    assert reading(age="16", contact_note="未成年，联系监护人").contact.guardian_only


@pytest.mark.parametrize(
    ("changes", "oddity"),
    [
        ({"assigned_on": "2026-04-01"}, Oddity.ASSIGNED_BEFORE_ACCEPTED),
        ({"judgment_received_on": "2026-11-05", "outcome": "判决"}, Oddity.JUDGMENT_AFTER_CLOSED),
        ({"outcome": "判决"}, Oddity.JUDGMENT_DATE_MISSING),
        ({"case_type": "非诉讼", "stage": "", "outcome": "判决"}, Oddity.JUDGMENT_OUTSIDE_LITIGATION),
        ({"filed_on": "2026-10-01"}, Oddity.FILED_BEFORE_CLOSED),
        ({"filed_on": "2026-12-01"}, Oddity.FILED_IN_FUTURE),
        ({"phone": "12"}, Oddity.PHONE_UNREADABLE),
        ({"age": "12"}, Oddity.CONSENT_OVERRULED),
        ({"group": "老年人"}, Oddity.GROUP_AGAINST_AGE),
    ],
)
def test_an_oddity_is_told_and_never_refuses(changes: dict[str, Any], oddity: Oddity) -> None:
    assert oddity in reading(**changes).oddities


def test_the_canonical_text_tells_different_cases_apart() -> None:
    same = {reading().canonical(), reading(phone="170-1234-5678", closed_on="2026年11月1日", age="40岁").canonical()}
    other = {reading(filed_on=TODAY - timedelta(days=1)).canonical(), reading(age="41").canonical()}

    assert len(same) == 1
    assert len(same | other) == 3


def test_the_header_is_found_below_its_title_by_any_of_its_names() -> None:
    rows = [(1, ["结案登记表", ""]), (2, ["案号", "案件类别", "受援人姓名", "closed_on", "备用"])]

    columns = find_columns(rows)

    assert columns is not None
    assert (columns.line, columns.unknown) == (2, ("备用",))
    assert columns.indexes == {"number": 0, "case_type": 1, "client_name": 2, "closed_on": 3}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("临法援(2026)民字第0001号之一", "临法援〔2026〕民字第0001号之一"),
        ("[2026]川0105法援民123号", "〔2026〕川0105法援民123号"),
        ("FY-2026/0001_a", "FY-2026/0001_a"),
        ("第№１２３号", "第No123号"),
        ("二〇二六年度第十五号", "二〇二六年度第十五号"),
        ("𠮷林法援〔2026〕1号", "𠮷林法援〔2026〕1号"),
        ("བོད་2026-1", "བོད་2026-1"),
        ("ئۇ-2026-1", "ئۇ-2026-1"),
    ],
)
def test_a_case_number_keeps_the_signs_that_centres_write(written: str, kept: str) -> None:
    assert reading(number=written).number == kept

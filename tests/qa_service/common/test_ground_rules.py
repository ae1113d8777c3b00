"""Small rules that everything stands on."""

import logging
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common import phones, tokens
from qa_service.common.encryption import blind_index, decrypt, encrypt
from qa_service.common.logs import PersonalDataFilter
from qa_service.common.periods import Period


@pytest.mark.parametrize(
    "written", ["17005939346", "170-0593-9346", "１７００５９３９３４６", "+86 170 0593 9346", " 17005939346　"]
)
def test_a_number_is_read_however_it_was_typed(written):
    assert phones.parse(written) == "+8617005939346"


@pytest.mark.parametrize("written", ["", "无", "12", "17005939346170059393461"])
def test_what_cannot_be_a_number_is_refused_without_repeating_it(written):
    with pytest.raises(phones.NotATelephoneNumber) as refused:
        phones.parse(written)

    assert str(refused.value) == ""


def test_only_the_last_four_digits_are_shown():
    assert phones.mask("+8617005939346") == "••••9346"


@given(st.text())
def test_what_is_encrypted_can_be_read_and_never_stands_in_the_open(text):
    token = encrypt(text)

    assert decrypt(token) == text
    assert len(text) < 8 or text not in token


def test_equal_texts_have_equal_indexes_and_others_do_not():
    assert blind_index("张三") == blind_index("张三")
    assert blind_index("张三") != blind_index("李四")
    assert blind_index("") == ""


def test_without_the_key_nobody_computes_the_index_of_a_number(settings):
    before = blind_index("+8617000000001")
    settings.INDEX_KEY = "another"

    assert blind_index("+8617000000001") != before


def test_periods_are_half_open_and_meet_without_overlap():
    third, fourth = Period.quarter(2026, 3), Period.quarter(2026, 4)

    assert (third.start, third.end) == (date(2026, 7, 1), date(2026, 10, 1))
    assert third.end == fourth.start
    assert Period.month(2026, 12).end == date(2027, 1, 1)
    assert Period.quarter_of(date(2026, 11, 22)) == fourth
    with pytest.raises(ValueError, match="ends after"):
        Period(date(2026, 1, 1), date(2026, 1, 1))


def test_tokens_have_the_promised_length_and_alphabet():
    assert len(tokens.new_link_token()) == 12
    assert len(tokens.short_code_of("sheet")) == 8
    assert set(tokens.short_code_of("sheet")) <= set(tokens.CLEAR)
    assert set(tokens.new_verify_code()) <= set(tokens.CLEAR)
    assert not set("01OI") & set(tokens.CLEAR)


@pytest.mark.parametrize("number", ["17005939346", "+8617005939346", "170-0593-9346", "430722199001011234"])
def test_no_number_leaves_through_a_log_line(number):
    record = logging.LogRecord("any", logging.INFO, "", 0, "sent to %s", (number,), None)

    PersonalDataFilter().filter(record)

    assert record.getMessage() == "sent to [number]"


@pytest.mark.parametrize("said", ["赵金凤", "赵金凤，住河边", "\\u8d75\\u91d1", "%E8%B5%B5%E9%87%91", "赵 金"])
def test_no_chinese_word_leaves_through_a_log_line_nor_below_it(said):
    record = logging.LogRecord("any", logging.INFO, "", 0, "Not Found: /cases/%s", (said,), None)
    record.exc_text = f"KeyError: '{said}'"

    PersonalDataFilter().filter(record)

    assert (record.getMessage(), record.exc_text) == ("Not Found: /cases/[words]", "KeyError: '[words]'")


UUID = "81234567-1234-4567-8901-123456789012"


@pytest.mark.parametrize(
    ("message", "logged"),
    [
        (f"task {UUID} done", f"task {UUID} done"),
        (f"/cases/{UUID.upper()}/", f"/cases/{UUID.upper()}/"),
        (f"12 {UUID}", f"12 {UUID}"),
        (f"{UUID} 13912345678 {UUID}", f"{UUID} [number] {UUID}"),
        (f"{UUID}: +86 139-1234-5678", f"{UUID}: [number]"),
        # What only looks like one hides nothing.
        (f"{UUID}13912345678", "[number]"),
        (f"139{UUID}", "[number]"),
        ("13912345678-1234-4567-8901-123456789012", "[number]"),
        ("id 11010119900307123X", "id [number]X"),
    ],
)
def test_the_name_of_a_row_is_logged_whole_and_every_number_beside_it_is_not(message, logged):
    record = logging.LogRecord("any", logging.INFO, "", 0, message, None, None)

    PersonalDataFilter().filter(record)

    assert record.getMessage() == logged

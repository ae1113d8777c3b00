"""A downloaded file's name is read by people and by file systems."""

import pytest

from qa_service.common.downloads import disposition, file_name


def test_a_name_joins_what_says_something() -> None:
    assert file_name("考核奖惩报告", "", "2026年", extension="pdf") == "考核奖惩报告_2026年.pdf"


@pytest.mark.parametrize("hostile", ["a/b", 'a"b', "a\r\nX: b", "a\x00b", "a\u202eb", "a:b", "..a/b"])
def test_what_a_file_system_or_a_header_would_trip_over_is_left_out(hostile: str) -> None:
    name = file_name(hostile, extension="csv")

    assert not set(name) & set('/"\r\n\x00\u202e:')
    assert not name.startswith(".")
    header = disposition(name, plain=hostile)
    assert header.isascii()
    assert not set(header) & set("\r\n\x00")
    assert header.count('"') == 2


def test_every_program_finds_a_name_it_can_read() -> None:
    assert disposition("报告.pdf", plain="report.pdf") == (
        "attachment; filename=\"report.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf"
    )

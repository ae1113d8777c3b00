import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.documents.printable import one_line, printable


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("律师 <b>很好", "律师 <b>很好"),
        ("评分 3<5 & &amp;", "评分 3<5 & &amp;"),
        ("李\u202e玥", "李玥"),
        ("李\x00玥\x1b[31m", "李玥[31m"),
        ("半个\ud83d代理", "半个代理"),
        ("昇\U000e0100", "昇"),
        ("一\r\n二\u2028三", "一\n二\n三"),
        ("\ufeff名字\u200b", "名字"),
        ("㛃𬭎䶮", "㛃𬭎䶮"),
        ("\uf9d1", "\uf9d1"),
    ],
)
def test_a_text_is_printed_as_typed_without_what_cannot_be_seen(typed, printed):
    assert printable(typed) == printed


def test_a_heading_has_no_line_breaks():
    assert one_line("  一\n二 ") == "一 二"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text):
    assert printable(printable(text)) == printable(text)

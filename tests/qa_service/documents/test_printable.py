import sys

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from qa_service.documents.printable import one_line, printable, unprintable


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


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("很好😀，见第3页👍🏽", "😀👍🏽"),
        ("✅已签❌未签⭐", "✅❌⭐"),
        ("🇨🇳", "🇨🇳"),
        ("\ue000与\U000f1234", "\ue000\U000f1234"),
        ("😀😀", "😀"),
        ("37℃ №5 ★ ☆ ✓ ① ㎡ → ■ □ 〓 × ÷ ≥ €", ""),
        ("㛃𬭎䶮𱁬", ""),
        ("ئۇيغۇر བོད་", ""),
    ],
)
def test_what_no_paper_shows_is_named_without_asking_a_font(typed, refused):
    assert unprintable(typed) == refused


def test_nothing_is_refused_that_the_face_every_site_has_can_draw(fonts):
    drawn = TTFont(fonts.core(400), lazy=True).getBestCmap()

    assert [code for code in range(sys.maxunicode) if code in drawn and unprintable(chr(code))] == []


def test_a_heading_has_no_line_breaks():
    assert one_line("  一\n二 ") == "一 二"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text):
    assert printable(printable(text)) == printable(text)

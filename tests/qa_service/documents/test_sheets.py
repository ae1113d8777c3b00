"""Several sheets in one file: each begins on the front of a piece of paper, and is numbered by itself."""

import pytest
from pypdfium2 import PdfDocument

from qa_service.documents import pdf
from qa_service.documents.content import PageBreak, Paragraph, Sheet
from tests.qa_service.documents.reading import pages_of

pytestmark = pytest.mark.usefixtures("fonts")


def sheet(pages: int, foot: str) -> Sheet:
    blocks = [block for number in range(pages) for block in (Paragraph(f"第{number + 1}页"), PageBreak())]
    return Sheet(title="征询", blocks=tuple(blocks[:-1]), foot=foot)


def test_a_sheet_of_odd_pages_is_followed_by_an_empty_back():
    file = pdf.sheets([sheet(1, "甲"), sheet(2, "乙"), sheet(3, "丙"), sheet(1, "丁")])

    feet = ["".join(page.extract_text().split())[-4:] for page in pages_of(file)]

    assert feet == ["甲1/1", "", "乙1/2", "乙2/2", "丙1/3", "丙2/3", "丙3/3", "", "丁1/1"]


def test_one_sheet_is_drawn_the_same_alone_and_in_a_stack():
    assert pdf.sheets([sheet(2, "甲")]) == pdf.sheet(sheet(2, "甲"))


def test_a_long_foot_leaves_room_for_the_number_of_the_page():
    foot = "LY〔2026〕民字第0105号 · printed 2026-11-20 10:00 by Duan Haining, Legal Aid Centre of Linjiang County"
    text = PdfDocument(pdf.sheet(sheet(1, foot)))[0].get_textpage()
    words = text.get_text_range()
    last = text.get_charbox(words.rindex("County") + len("County") - 1)
    number = text.get_charbox(words.rindex("1 / 1"))

    assert abs(last[1] - number[1]) < 10
    assert last[2] + 6 < number[0]

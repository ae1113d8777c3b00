"""The official page, measured with other people's readers."""

import dataclasses
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_service.documents.content import (
    Annex,
    Bar,
    BarChart,
    Circular,
    Column,
    Heading,
    Imprint,
    Paragraph,
    Receipt,
    Signature,
    Table,
    Verification,
    WorkDocument,
)
from qa_service.documents.errors import MissingGlyph
from qa_service.documents.pdf import circular, work_document
from qa_service.documents.printable import printable
from qa_service.documents.qr import matrix
from tests.qa_service.documents.reading import MM, pages_of, placed, text_of, tool

URL = "https://verify.example.gov.cn/v/EWYLX4A9H6"
NOTICE = Circular(
    mark="临江县司法局文件",
    number="临司发〔2026〕17号",
    title_lines=("临江县司法局", "关于表扬优秀案件的通报"),
    addressees="各律师事务所",
    blocks=(Heading("一、基本情况"), Paragraph("本期办结案件二百七十二件。" * 30)),
    signature=Signature("临江县司法局", date(2026, 10, 19)),
    verification=Verification(URL, "EWYLX-4A9H6", "verify.example.gov.cn/v", "491378574479d1d9"),
    imprint=Imprint("县人民法院", "临江县司法局办公室", date(2026, 10, 20)),
)
FORM = WorkDocument(
    "临江县法律援助中心", "整改通知书", "临援改〔2026〕8号", "某某律师事务所", (Paragraph("正文。"),), NOTICE.signature
)
RED = b".784314 .086275 .113725 rg"
EM_TOP = 0.88  # a glyph's top above its baseline, in ems


def notice(fonts, **changes) -> bytes:
    return circular(dataclasses.replace(NOTICE, **changes), folders=fonts)


def find(page, text: str) -> tuple[float, float, float]:
    """(x, distance from the paper's top to the glyphs' top, both in mm; size in pt) of the first run that begins so."""
    _text, x, y, size = next(run for run in placed(page) if run[0].startswith(text))
    return x / MM, 297 - (y + EM_TOP * size) / MM, size


def test_the_paper_is_a4(fonts):
    assert {
        (round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM))
        for page in pages_of(notice(fonts))
    } == {(210, 297)}


def test_the_red_mark_begins_35_mm_below_the_text_block(fonts):
    _x, top, _size = find(pages_of(notice(fonts))[0], "临江县司法局文件")

    assert top == pytest.approx(37 + 35, abs=0.5)


def test_a_long_mark_shrinks_to_the_block(fonts):
    page = pages_of(notice(fonts, mark="某某省某某市某某县司法局法律援助中心文件"))[0]
    x, _top, size = find(page, "某某省")

    assert x == pytest.approx(28, abs=0.5)
    assert size < 25


def test_body_text_is_16_points_and_begins_two_characters_in(fonts):
    x, _top, size = find(pages_of(notice(fonts))[0], "本期办结")

    assert size == 16
    assert x == pytest.approx(28 + 2 * (156 - 16 / MM) / 27, abs=0.2)


def test_a_full_page_has_22_lines_of_28_characters(fonts):
    page = pages_of(notice(fonts, blocks=(Paragraph("国" * 28 * 60, indent=False),), imprint=None))[1]
    lines = [run for run in placed(page) if run[0].startswith("国")]

    assert [len(line[0]) for line in lines] == [28] * 22
    assert 297 - (lines[0][2] + EM_TOP * 16) / MM == pytest.approx(37, abs=0.1)
    assert 297 - (lines[-1][2] - (1 - EM_TOP) * 16) / MM == pytest.approx(37 + 225, abs=0.1)


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(fonts):
    odd, even = pages_of(notice(fonts, blocks=(Paragraph("国" * 28 * 20),)))[:2]

    assert find(odd, "— 1 —")[0] > 150
    assert find(even, "— 2 —")[0] == pytest.approx(28 + 5.6, abs=0.2)


def test_the_page_number_stands_7_mm_below_the_block(fonts):
    _text, _x, y, size = next(run for run in placed(pages_of(notice(fonts))[0]) if run[0].startswith("— 1"))

    assert 297 - (y + 0.38 * size) / MM == pytest.approx(37 + 225 + 7, abs=0.1)


def test_the_same_content_gives_the_same_bytes(fonts):
    assert notice(fonts) == notice(fonts)


def test_number_names_and_dates_are_read_back(fonts):
    text = text_of(notice(fonts))

    for expected in (
        "临司发〔2026〕17号",
        "关于表扬优秀案件的通报",
        "2026年10月19日",
        "抄送：县人民法院。",
        "2026年10月20日印发",
        "EWYLX-4A9H6",
    ):
        assert expected in text


def test_a_draft_has_no_number_no_code_and_says_so_on_every_page(fonts):
    pages = pages_of(notice(fonts, number="", blocks=(Paragraph("国" * 28 * 20),)))

    assert all("草　稿" in page.extract_text() for page in pages)
    assert "草稿　未编号" in pages[0].extract_text()
    assert "核验码" not in "".join(page.extract_text() for page in pages)


def test_an_issued_paper_has_no_mark_of_a_seal(fonts):
    assert "印章位置" not in text_of(notice(fonts))
    assert "印章位置" in text_of(notice(fonts, number=""))


def test_a_signature_never_stands_alone_on_a_page(fonts):
    for lines in range(1, 24):
        *_, last = pages_of(notice(fonts, blocks=(Paragraph("\n".join(["正文正文"] * lines)),), imprint=None))

        assert "正文" in last.extract_text()


def test_rows_stand_closer_rather_than_leave_a_page_to_the_seal_and_the_date(fonts):
    first, *others = pages_of(notice(fonts, blocks=(Paragraph("国" * 28 * 24, indent=False),)))
    tops = [y for text, _x, y, _size in placed(first) if text.startswith("国")]

    assert len(others) == 1
    assert 25.9 < tops[0] - tops[1] < 29.61


def test_rows_stay_as_they_are_where_closer_ones_would_spare_no_page(fonts):
    first, *others = pages_of(notice(fonts, blocks=(Paragraph("国" * 28 * 12, indent=False),)))
    tops = [y for text, _x, y, _size in placed(first) if text.startswith("国")]

    assert len(others) == 1
    assert tops[0] - tops[1] == pytest.approx(29.61, abs=0.01)


def test_the_imprint_never_stands_alone_on_a_page(fonts):
    for count in range(12, 24):
        table = Table((Column("案件", 1),), tuple((f"案{at}",) for at in range(count)))
        *_, last = pages_of(notice(fonts, annexes=(Annex(("名单",), (table,)),)))

        assert f"案{count - 1}" in "".join(last.extract_text().split())
        assert "抄送" in last.extract_text()


def test_a_line_is_left_free_between_the_title_and_those_it_goes_to(fonts):
    for lines in (("一行标题",), ("两行", "标题"), ("三行", "的", "标题")):
        page, *_ = pages_of(notice(fonts, title_lines=lines))
        title, addressees = find(page, lines[-1]), find(page, "各律师事务所")

        assert addressees[1] - (title[1] + 22 / MM) > 29.6 / MM


def test_an_annex_begins_a_page_and_is_named_under_the_text(fonts):
    annex = Annex(("优秀案件", "名单"), (Paragraph("附件正文"),))
    *_, last = pages_of(notice(fonts, annexes=(annex,)))

    assert "附件：优秀案件名单" in text_of(notice(fonts, annexes=(annex,)))
    assert find(last, "附件")[1] == pytest.approx(37, abs=0.2)


def test_several_annexes_are_numbered(fonts):
    text = text_of(notice(fonts, annexes=(Annex(("甲表",), ()), Annex(("乙表",), ()))))

    assert "附件：1.甲表2.乙表" in text
    assert "附件2乙表" in text


def test_a_tables_header_is_repeated_on_each_page(fonts):
    table = Table((Column("序号", 1), Column("事实", 5)), tuple((str(n), "国" * 60) for n in range(40)))
    pages = [page.extract_text() for page in pages_of(notice(fonts, blocks=(table,)))]

    assert len([page for page in pages if "序号" in page]) >= 3
    assert all(str(number) in "".join(pages) for number in range(40))


def test_a_small_table_stays_on_one_page(fonts):
    table = Table((Column("规则", 1),), (("甲一",), ("乙二",), ("丙三",)))
    for lines in range(1, 24):
        pages = pages_of(notice(fonts, blocks=(Paragraph("\n".join(["正文"] * lines)), table), imprint=None))
        texts = ["".join(page.extract_text().split()) for page in pages]

        assert len([text for text in texts if any(row in text for row in ("甲一", "乙二", "丙三"))]) == 1


def test_a_cell_taller_than_a_page_is_cut_and_nothing_is_lost(fonts):
    words = "".join(chr(0x4E00 + at) for at in range(3000))
    table = Table((Column("事实", 1), Column("分", 1)), ((words, "1"),))

    read = text_of(notice(fonts, blocks=(table,)))
    for number in range(1, 20):
        read = read.replace(f"—{number}—", "").replace("事实分", "")
    assert words[:2000] in read or sum(character in read for character in words) == 3000


def test_a_chart_prints_its_counts(fonts):
    assert "优秀12件" in text_of(
        notice(fonts, blocks=(BarChart("评定结果", (Bar("优秀", 12, "件"), Bar("合格", 0, "件"))),))
    )


def test_a_work_document_has_its_own_head_without_red(fonts):
    pdf = work_document(FORM, folders=fonts)
    (page,) = pages_of(pdf)

    assert "文件" not in text_of(pdf)
    assert RED not in page.get_contents().get_data()
    assert RED in pages_of(notice(fonts))[0].get_contents().get_data()
    assert find(page, "临江县法律援助中心")[1] == pytest.approx(37, abs=0.2)


def test_a_receipt_is_a_page_of_its_own(fonts):
    pdf = work_document(dataclasses.replace(FORM, receipt=Receipt("整改通知书", "某某律师事务所")), folders=fonts)

    assert "送达回证" in pages_of(pdf)[1].extract_text()


def test_a_row_must_fill_its_columns():
    with pytest.raises(ValueError, match="one text per column"):
        Table((Column("一", 1),), (("甲", "乙"),))


TRICKY = (
    "律师 <b>很好",
    "3<5 & A&B &amp;",
    "<img src='http://127.0.0.1/x'/>",
    '<a href="javascript:1">x</a>',
    "%s {0} \\n",
    "(((",
    "\x00\x1b好",
)


@pytest.mark.parametrize("text", TRICKY)
def test_typed_text_is_never_read_as_markup(fonts, text):
    pdf = notice(fonts, blocks=(Paragraph(text), Table((Column(text, 1),), ((text,),))), addressees=text, imprint=None)

    assert text_of(pdf).count("".join(printable(text).split())) >= 3
    assert b"/URI" not in pdf


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_printed_whole_or_refused_by_name(fonts, text):
    try:
        pdf = notice(fonts, blocks=(Paragraph(text),), imprint=None, verification=None)
    except MissingGlyph as refusal:
        refused = set(refusal.characters)
    else:
        refused = set()
        assert pdf.startswith(b"%PDF-")

    assert refused <= set(printable(text))


def test_the_code_is_read_from_its_squares():
    cells = matrix(URL)

    assert len(cells) == len(cells[0]) == 29
    assert cells[0][:7] == [True] * 7


@pytest.mark.documents_tools
def test_every_font_is_embedded(fonts, tmp_path):
    _head, _rule, *rows = tool("pdffonts", "{}", data=notice(fonts), folder=tmp_path).splitlines()

    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


@pytest.mark.documents_tools
@pytest.mark.parametrize("resolution", ["100", "200"])
def test_a_scanner_reads_the_code_and_it_measures_21_mm(fonts, tmp_path, resolution):
    pdf = notice(fonts)
    last = str(len(pages_of(pdf)))
    tool(
        "pdftoppm",
        "-r",
        resolution,
        "-png",
        "-singlefile",
        "-f",
        last,
        "-l",
        last,
        "{}",
        str(tmp_path / "page"),
        data=pdf,
        folder=tmp_path,
    )

    assert tool("zbarimg", "-q", "--raw", str(tmp_path / "page.png"), data=pdf, folder=tmp_path).strip() == URL


@pytest.mark.documents_tools
def test_poppler_reads_rare_names_too(fonts, tmp_path):
    pdf = notice(fonts, blocks=(Paragraph("李玥、黄𬭎、周䶮、吴㛃"),))

    assert "李玥、黄𬭎、周䶮、吴㛃" in tool("pdftotext", "{}", "-", data=pdf, folder=tmp_path)


@pytest.mark.parametrize("filler", range(12, 24))
@pytest.mark.parametrize("length", [2, 3, 4])
def test_no_single_line_of_a_paragraph_stands_alone_on_a_page(fonts, filler, length):
    """Whatever stands before it, and though a signature follows."""
    marks = "甲乙丙丁"[:length]
    paragraph = "".join(mark * 28 for mark in marks)[:-20]
    blocks = (*[Paragraph("前文。")] * filler, Paragraph(paragraph), *[Paragraph("后文。")] * 4)
    laid_out = pages_of(work_document(dataclasses.replace(FORM, blocks=blocks), folders=fonts))

    counts = [sum(page.extract_text().count(mark) for mark in marks) for page in laid_out]
    assert sum(counts) == len(paragraph)
    assert [count for count in counts if 0 < count <= 28] == []  # a line and no more

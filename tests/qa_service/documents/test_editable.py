"""The editable form of a red-head paper, read back by somebody else's reader."""

import io
from datetime import date

import docx
import pytest

from qa_service.documents import editable
from qa_service.documents.content import (
    Align,
    Annex,
    Bar,
    BarChart,
    Circular,
    Column,
    OpinionChart,
    Paragraph,
    Signature,
    Table,
)
from scoring.documents import commendation_pdf, notice_docx
from tests.qa_service.documents import samples
from tests.qa_service.documents.reading import text_of

MM = 36000  # of the format's own unit


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def words(paper: docx.document.Document) -> str:
    """All its text without white space, in the order in which it stands."""
    texts = []
    for block in paper.iter_inner_content():
        if isinstance(block, docx.table.Table):
            texts += [cell.text for row in block.rows for cell in row.cells]
        else:
            texts.append(block.text)
    return "".join("".join(texts).split())


def small(*blocks, annexes=(), number="临司发〔2026〕17号") -> Circular:
    return Circular(
        mark="临江县司法局文件", number=number, title_lines=("关于表扬", "的通报"), addressees="各律师事务所",
        blocks=blocks, signature=Signature("临江县司法局", date(2026, 10, 19)), annexes=annexes,
    )  # fmt: skip


def test_it_says_what_the_pdf_says_but_for_the_code_of_the_file_that_was_issued(fonts):
    paper = opened(notice_docx(samples.commendation()) or b"")

    said, printed = words(paper), text_of(commendation_pdf(samples.commendation(), folders=fonts))

    for expected in (
        "临司发〔2026〕17号",
        "关于表扬2026年第三季度法律援助",
        "公示5个工作日",
        "期满无异议成立",
        "附件：",
        *samples.NAMES,
    ):
        assert expected in said
        assert expected in printed
    assert said.endswith(
        "抄送：县人民法院、县人民检察院，县律师工作委员会，市法律援助中心。临江县司法局办公室2026年10月20日印发"
    )
    assert samples.VERIFICATION.code in printed
    assert samples.VERIFICATION.code not in said


def test_its_page_is_the_official_one_with_numbers_outside(fonts):
    paper = opened(notice_docx(samples.commendation()) or b"")
    section = paper.sections[0]

    sides = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    paper_sides = (section.page_width, section.page_height)
    assert [round(int(side or 0) / MM) for side in (*paper_sides, *sides)] == [210, 297, 37, 28, 26, 35]
    assert [part.paragraphs[0].alignment.name for part in (section.footer, section.even_page_footer)] == [
        "RIGHT",
        "LEFT",
    ]
    assert section.footer.paragraphs[0]._p.xpath("string(./w:fldSimple/@w:instr)") == "PAGE"
    assert paper.styles.element.xpath("//w:lang/@w:eastAsia") == ["zh-CN"], "or punctuation stands in the middle"


def test_the_mark_is_red_and_each_part_bears_the_face_of_the_standard():
    paper = opened(editable.circular(small(Paragraph("正文。", lead="（一）"))))

    faces = {
        run.text: run._r.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia")) for each in paper.paragraphs for run in each.runs
    }
    mark = paper.paragraphs[0].runs[0]

    assert (str(mark.font.color.rgb), mark.font.size.pt <= 52) == ("C8161D", True)
    assert faces["临江县司法局文件"] == faces["关于表扬\n的通报"] == "方正小标宋简体"
    assert (faces["（一）"], faces["正文。"]) == ("楷体_GB2312", "仿宋_GB2312")


def test_a_draft_says_that_it_has_no_number_and_several_annexes_are_numbered():
    annexes = tuple(Annex((f"名单{at}",), (Paragraph("一名。"),)) for at in (1, 2))

    said = words(opened(editable.circular(small(Paragraph("正文。"), annexes=annexes, number=""))))

    assert "草稿未编号" in said
    assert said.count("附件1") == said.count("附件2") == 1
    assert "附件：1.名单12.名单2" in said


def test_a_tables_header_is_repeated_on_each_page_and_a_chart_is_its_counts():
    table = Table((Column("序号", 1, Align.CENTRE), Column("单位", 3)), (("1", "某某律师事务所" * 9),), caption="名单")
    chart = BarChart("多数优秀", (Bar("优秀", 12, "件"), Bar("良好", 3, "件")))

    paper = opened(editable.circular(small(table, chart)))

    assert paper.tables[0].rows[0]._tr.xpath("count(./w:trPr/w:tblHeader)") == 1
    assert [[cell.text for cell in row.cells] for row in paper.tables[1].rows[1:]] == [
        ["优秀", "12件"],
        ["良好", "3件"],
    ]
    assert "多数优秀" in words(paper)


def test_what_only_a_drawing_shows_is_refused():
    with pytest.raises(TypeError):
        editable.circular(small(OpinionChart("", ())))


def test_signs_that_no_such_file_can_hold_are_left_out():
    assert "正文。" in words(opened(editable.circular(small(Paragraph("正\x00\x0b\ufffe\uffff\ud800文。")))))


def test_its_parts_stand_in_the_order_of_the_schema():
    """Word opens no file in which they do not, and says no more than that it is damaged."""
    order = ("keepNext", "pageBreakBefore", "pBdr", "tabs", "snapToGrid", "spacing", "ind", "jc")
    paper = opened(notice_docx(samples.commendation()) or b"")

    for properties in paper.element.body.xpath(".//w:pPr"):
        places = [
            order.index(child.tag.partition("}")[2]) for child in properties if child.tag.partition("}")[2] in order
        ]
        assert places == sorted(places)

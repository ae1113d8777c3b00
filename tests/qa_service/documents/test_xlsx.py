import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl

from qa_service.documents.xlsx import Sheet, workbook

NAIVE_DAY = datetime(2026, 10, 19, tzinfo=UTC).replace(tzinfo=None)
NAIVE_MOMENT = NAIVE_DAY.replace(hour=8, minute=5)


def read(data: bytes, sheet: str | None = None):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book[sheet] if sheet else book.active


def test_texts_figures_and_dates_keep_their_kind():
    row: list[Any] = [
        "李𬭎",
        3,
        Decimal("96.5"),
        date(2026, 10, 19),
        datetime(2026, 10, 19, 8, 5, tzinfo=UTC),
        None,
        True,
    ]

    page = read(workbook([Sheet("结果", ["一"] * 7, [row])]))

    assert [cell.value for cell in page[2]] == [
        "李𬭎", 3, 96.5, NAIVE_DAY, NAIVE_MOMENT, None, True,
    ]  # fmt: skip


def test_money_and_scores_have_two_places_and_grouped_thousands_and_counts_have_none():
    page = read(workbook([Sheet("a", ["h"], [[Decimal(6628667)], [3]])]))

    assert [(page[cell].value, page[cell].number_format) for cell in ("A2", "A3")] == [
        (6628667, "#,##0.00"),
        (3, "General"),
    ]


def test_a_formula_typed_by_someone_is_text():
    texts = ["=1+1", '=HYPERLINK("http://x")', "{=1}", "http://example.org", "+1", "@a", "internal:A1", ""]

    page = read(workbook([Sheet("a", ["=h"], [[text] for text in texts])]))

    assert {cell.data_type for column in page.columns for cell in column} <= {"s", "n"}
    assert [cell.value for cell in page["A"]][1:8] == texts[:7]
    assert not page._hyperlinks


def test_control_characters_do_not_break_the_file():
    assert read(workbook([Sheet("a", ["h"], [["好\x00\x0b\ud83d的"]])]))["A2"].value == "好的"


def test_a_sheet_may_have_any_name():
    assert (
        read(workbook([Sheet("2026/第三季度[1]:*?" + "长" * 40, ["h"], [])])).title
        == "2026 第三季度 1" + " " * 4 + "长" * 16
    )


def test_the_same_rows_give_the_same_bytes():
    sheet = Sheet("a", ["h"], [["x", 1]])

    assert workbook([sheet]) == workbook([sheet])


def test_on_paper_each_sheet_is_one_page_wide_and_says_what_it_is_of():
    page = read(workbook([Sheet("结果", ["类别", "件数"], [["民事", 3]], charted=1)]))

    setup = page.page_setup
    assert (page.sheet_properties.pageSetUpPr.fitToPage, setup.fitToWidth, setup.fitToHeight) == (True, None, 0)
    assert (setup.orientation, setup.paperSize, page.print_title_rows) == ("landscape", 9, "$1:$1")
    assert (page.oddHeader.left.text, page.oddHeader.right.text, page.oddFooter.right.text) == ("&F", "&A", "&P / &N")

"""Files that are no export, or a trap, get a clear refusal quickly and cost little memory."""

import gc
import io
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from django.utils.translation import override

from qa_service.cases.services.imports import open_rows
from qa_service.common.errors import DomainError
from tests import factories
from tests.qa_service.cases.county import CSV, XLSX

HEADER = CSV.read_bytes().split(b"\r\n" if b"\r\n" in CSV.read_bytes() else b"\n")[1]
SECONDS = 2
LITTLE = 100 * 2**20


def rebuilt(edit: Callable[[str, bytes], bytes] = lambda _name, data: data, /, **extra: bytes) -> bytes:
    """The county's workbook with its parts edited and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(XLSX) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, edit(entry.filename, source.read(entry)))
        for name, data in extra.items():
            target.writestr(name, data)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    return rebuilt(lambda name, data: data.replace(old, new, 1) if "sheet1" in name else data)


@cache
def bomb() -> bytes:
    """172 MB of spaces in 170 KB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        target.writestr("xl/worksheets/sheet1.xml", b" " * 172_000_000)
    return out.getvalue()


def lying_bomb() -> bytes:
    """A bomb whose table of contents claims one kilobyte."""
    data = bytearray(bomb())
    start = data.rfind(b"PK\x01\x02")
    data[start + 24 : start + 28] = (1024).to_bytes(4, "little")
    return bytes(data)


@cache
def workbook(rows: int, formula: str = "", *, above: int = 0) -> bytes:
    """So many cases below the header, and blank rows above it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(above, 0, HEADER.decode("gb18030").split(","))
    for row in range(above + 1, above + rows + 1):
        sheet.write_string(row, 0, f"2026民{row}")
    if formula:
        sheet.write_formula(rows + 1, 9, formula)
    book.close()
    return out.getvalue()


def far_cell() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def placeless(rows: int, columns: int) -> bytes:
    """A sheet whose cells do not say where they stand."""
    row = b"<row>" + b"<c><v>1</v></c>" * columns + b"</row>"
    return in_sheet(b"</sheetData>", row * rows + b"</sheetData>")


def big_csv() -> bytes:
    line = HEADER + b"\n"
    return line * (65 * 2**20 // len(line))


def csv_with(cell: str) -> bytes:
    """Ten thousand good-looking lines and then the cell."""
    row = b",".join([b"1"] * 25) + b"\n"
    return HEADER + b"\n" + row * 10_000 + b'1,"' + cell.encode("gb18030") + b'",1\n'


INLINE = b'<c r="B3" t="inlineStr"><is>'
ENTITY = b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"


def named_as_macros(name: str, data: bytes) -> bytes:
    return data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if name.startswith("[") else data


HOSTILE: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "nothing": (lambda: b"", 422, "file_empty"),
    "blank": (lambda: b" \r\n\r\n", 422, "file_empty"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3", 415, "unsupported_file"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), 415, "unsupported_file"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), 415, "unsupported_file"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415, "unsupported_file"),
    "web page named xls": (lambda: b"<html><table><tr><td>1</td></tr></table>", 415, "unsupported_file"),
    "zeros": (lambda: bytes(5000), 415, "unsupported_file"),
    "no header": (lambda: b"a,b,c\n1,2,3\n", 422, "header_missing"),
    "columns missing": ("法援案号,案件类型,案由,援助阶段\n".encode, 422, "columns_missing"),
    "csv too large": (big_csv, 413, "too_large"),
    "csv formula": (lambda: csv_with("=HYPERLINK(1)"), 422, "file_with_formula"),
    "csv formula after spaces": (lambda: csv_with("  @SUM(A1)"), 422, "file_with_formula"),
    "csv full-width formula": (lambda: csv_with("＝1+1"), 422, "file_with_formula"),
    "csv one endless line": (lambda: HEADER + b"\n" + b"x" * 20_000_000, 422, "file_unreadable"),
    "csv quote never closed above the header": (lambda: b'"' + b"x,\n" * 5 + HEADER, 422, "file_unreadable"),
    "a zip that is no workbook": (lambda: rebuilt()[:30], 415, "unsupported_file"),
    "half a workbook": (lambda: rebuilt()[:20_000], 415, "unsupported_file"),
    "macros": (lambda: rebuilt(**{"xl/vbaProject.bin": b"x"}), 415, "file_with_macros"),
    "macro content type": (lambda: rebuilt(named_as_macros), 415, "file_with_macros"),
    "bomb": (bomb, 413, "file_expands"),
    "bomb that lies": (lying_bomb, 413, "file_expands"),
    "many parts": (lambda: rebuilt(**{f"x{n}.xml": b"<a/>" for n in range(60)}), 413, "file_expands"),
    "nested entities": (lambda: in_sheet(b"<worksheet", ENTITY), 415, "unsupported_file"),
    "formula": (lambda: workbook(5, "=1+1"), 422, "file_with_formula"),
    "array formula": (
        lambda: in_sheet(INLINE, b'<c r="B3"><f t="array">1</f><is>'), 422, "file_with_formula",
    ),
    "prefixed formula": (
        lambda: in_sheet(INLINE, b'<c r="B3"><x:f >1</x:f><is>'), 422, "file_with_formula",
    ),
    "too many rows": (lambda: workbook(10_001), 413, "file_too_many_rows"),
    "one cell far away": (far_cell, 413, "file_too_many_rows"),
    "one cell far away behind a sign": (
        lambda: in_sheet(b"</sheetData>", b'<row><c s=">" r="B1048576"/></row></sheetData>'), 413, "file_too_many_rows",
    ),
    "too many rows without places": (lambda: placeless(10_000, 2), 413, "file_too_many_rows"),
    "a row that says it is far": (
        lambda: in_sheet(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>'), 413,
        "file_too_many_rows",
    ),
    "too many rows, none of whose cells is looked at": (
        lambda: in_sheet(b"<sheetData>", b"<sheetData>" + b'<row><c r="?"/></row>' * 10_050), 413, "file_too_many_rows",
    ),
    "too many columns without places": (lambda: placeless(1, 500), 413, "too_large"),
    **{
        f"a place spelt {place}": (
            lambda place=place: in_sheet(
                b"</sheetData>", f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
            ), 415, "unsupported_file",
        )
        for place in ("ZZZZZ9999999999", "xfd10000", "A00010000000", "A0", "９", "")
    },
    **{
        f"a row spelt {row}": (
            lambda row=row: in_sheet(b"</sheetData>", f'<row r="{row}"><c><v>1</v></c></row></sheetData>'.encode()),
            415, "unsupported_file",
        )
        for row in ("90000000", "-1", "1e5", "٣")
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_under_two_seconds(name: str) -> None:
    make, status, code = HOSTILE[name]
    content = io.BytesIO(make())

    begun = time.process_time()
    with pytest.raises(DomainError) as refusal:
        list(open_rows(content, name="cases.csv").rows)
    spent = time.process_time() - begun

    assert (refusal.value.status, refusal.value.code) == (status, code)
    assert spent < SECONDS


@pytest.mark.parametrize("above", [0, 1, 19])
def test_the_cases_of_a_workbook_are_counted_to_the_last_wherever_their_header_stands(above: int) -> None:
    longest = open_rows(io.BytesIO(workbook(10_000, above=above)), name="cases.xlsx").rows

    assert sum(1 for _row in longest) == 10_000
    with pytest.raises(DomainError) as refusal:
        open_rows(io.BytesIO(workbook(10_001, above=above)), name="cases.xlsx")
    assert refusal.value.code == "file_too_many_rows"


def test_a_limit_is_written_as_the_page_of_imports_writes_it() -> None:
    with pytest.raises(DomainError) as refusal:
        list(open_rows(io.BytesIO(workbook(10_001)), name="cases.xlsx").rows)

    assert " 10,000 行" in str(refusal.value.message)


@pytest.mark.parametrize("name", ["bomb", "bomb that lies", "one cell far away", "csv one endless line"])
def test_refusing_a_trap_takes_little_memory(name: str) -> None:
    content = io.BytesIO(HOSTILE[name][0]())

    tracemalloc.start()
    try:
        with pytest.raises(DomainError):
            list(open_rows(content, name="cases.xlsx").rows)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < LITTLE


def test_the_refusal_of_a_formula_names_its_cell() -> None:
    with pytest.raises(DomainError) as in_workbook:
        open_rows(io.BytesIO(workbook(5, "=1+1")), name="x.xlsx")
    with pytest.raises(DomainError) as in_csv:
        open_rows(io.BytesIO(csv_with("=1")), name="x.csv")

    assert (in_workbook.value.details["cell"], in_csv.value.details["cell"]) == ("J7", "B10002")


def test_the_refusal_of_a_header_names_the_missing_columns() -> None:
    text = HEADER.decode("gb18030").replace("承办人,", "").replace("结案日期", "结案")

    with pytest.raises(DomainError) as refusal:
        open_rows(io.BytesIO(text.encode()), name="x.csv")

    assert "承办人、结案日期" in str(refusal.value.message)


def test_a_comma_before_an_equals_sign_inside_quotes_is_no_formula() -> None:
    content = HEADER + b'\n"a,=b",' + b"x\n"

    assert [row.cells for row in open_rows(io.BytesIO(content), name="x.csv").rows] == [["a,=b", "x"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_separators_are_recognised(encoding: str, delimiter: str) -> None:
    text = HEADER.decode("gb18030").replace(",", delimiter) + "\n" + delimiter.join(["张𬭎"] * 25)

    (row,) = open_rows(io.BytesIO(text.encode(encoding)), name="x.csv").rows

    assert row.cells == ["张𬭎"] * 25


def test_a_title_row_blank_rows_and_unknown_columns_do_no_harm(tmp_path: Path) -> None:
    text = "标题\n\n" + HEADER.decode("gb18030") + ",新栏\n\n" + ",".join(["1"] * 26)

    opened = open_rows(io.BytesIO(text.encode()), name="x.csv")

    assert (opened.columns.line, opened.columns.unknown) == (3, ("新栏",))
    assert [row.line for row in opened.rows] == [4, 5]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,2\n" * 3 + '"' + "x" * 131_073 + "\n1,2\n", "A cell in line 5 is longer than a cell may be."),
    ],
)
def test_what_stands_in_the_way_of_splitting_a_file_is_told_with_its_line(rows: str, words: str) -> None:
    content = io.BytesIO(HEADER + b"\n" + rows.encode())

    with override("en"), pytest.raises(DomainError) as refusal:
        list(open_rows(content, name="x.csv").rows)

    assert str(refusal.value.message).startswith(words)
    assert refusal.value.details["line"] == 5


@pytest.mark.parametrize(
    ("rest", "swallowed", "after"),
    [
        ('3,"4\n5,6\n\n7,8\n', 2, []),
        ('3,"4', 0, []),
        ('"' + "x,\n" * 60_000, 59_999, []),
        ('3,"4\n5,"6",7\n8,9\n', 1, [6]),
    ],
)
def test_a_row_that_opens_a_quotation_mark_for_good_is_told_with_what_it_swallowed(
    rest: str, swallowed: int, after: list[int]
) -> None:
    content = io.BytesIO(HEADER + ("\n" + '1,"2\n2"\n' * 3 + rest).encode())

    rows = list(open_rows(content, name="x.csv").rows)

    (broken,) = [row for row in rows if row.open_quote is not None]
    assert broken.open_quote is not None
    assert (broken.line, broken.open_quote.swallowed) == (5, swallowed)
    assert [row.line for row in rows if row.line != 5] == [2, 3, 4, *after]


@pytest.mark.parametrize("long", ["x" * 131_073, '"' + "x" * 200_000 + '",1', '"a ""quoted"" one",' + "法" * 400_000])
@pytest.mark.parametrize("before", ["1,2\n" * 3, '"1\n2",2\n' * 3])  # a spreadsheet counts rows, so line 5 in both
def test_a_row_that_is_too_long_is_refused_alone(long: str, before: str) -> None:
    content = io.BytesIO(HEADER + ("\n" + before + long + "\n3,4\n").encode("gb18030"))

    rows = list(open_rows(content, name="x.csv").rows)

    assert [(row.line, row.overlong) for row in rows] == [(2, False), (3, False), (4, False), (5, True), (6, False)]
    assert rows[-1].cells == ["3", "4"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_wide_characters_without_their_mark_are_another_kind_of_file(encoding: str) -> None:
    text = HEADER.decode("gb18030") + "\n" + "临法援〔2026〕民字第0001号,民事,离婚纠纷,一审\n" * 20

    with pytest.raises(DomainError) as refusal:
        open_rows(io.BytesIO(text.encode(encoding)), name="x.csv")

    assert refusal.value.code == "unsupported_file"


@pytest.mark.django_db
def test_a_file_refused_at_the_terminal_is_one_sentence_and_nothing_after_it(tmp_path, monkeypatch):
    """What Python would print of rows left half read."""
    file, left = tmp_path / "README.md", []
    file.write_text("# A page of words\n" * 40, encoding="utf-8")
    factories.centre(code="a")
    monkeypatch.setattr(sys, "unraisablehook", lambda told: left.append(str(told.exc_value)))

    with pytest.raises(CommandError):
        call_command("import_cases", str(file), "--centre", "a")
    gc.collect()

    assert left == []

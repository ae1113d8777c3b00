"""Papers: one-page notices against plain ReportLab, a batch of them, and a workbook against bare XlsxWriter.

    python -m bench.papers [--notices 1000] [--rows 100000] [--rounds 15]

A notice names another lawyer, firm and case each time. *Plain* ReportLab draws the very runs of text, rules and squares
of the same notices at the same places, in faces of the same files registered once with `TTFont`, and lays nothing out;
both have `rl_accel`. The workbook has twelve columns: text, whole numbers, figures and days. *Bare* XlsxWriter writes
the same cells with `constant_memory`, in the same formats. Each baseline runs twice a round, and the run is void when
its two halves differ by more than 5 %. Memory is measured in processes of their own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from bench import measure
from bench.intake import peak
from bench.measure import Row, at_most, control, interleaved, ratio
from qa_service.documents.content import WorkDocument

NOTICES = 1_000
A_ROUND = 12
ROWS = 100_000
# So many rows a round; the time of both grows with them alone.
ROWS_A_ROUND = 5_000
ROUNDS = 15
RATE, BATCH_SECONDS, BATCH_MEMORY = 0.7, 60.0, 8
SHEET_TIME, SHEET_MEMORY = 1.2, 32
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志"


def start() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "qa_service.settings.test"
    import django

    django.setup()
    from qa_service.documents.fonts import prepare_fonts

    prepare_fonts()


def notice(number: int) -> bytes:
    """One page, as of a rectification."""
    from qa_service.documents import pdf

    return pdf.work_document(paper(number))


def paper(number: int) -> WorkDocument:
    from scoring.documents import notice_paper
    from scoring.documents.content import Finding, Measure, RectificationContent, Remedy, Verification

    name = SURNAMES[number % 32] + GIVEN[number // 32 % 29] + GIVEN[number // 928 % 29]
    content = RectificationContent(
        organisation="临江县法律援助中心",
        number=f"临援改〔2026〕{number + 1}号",
        issued_on=date(2026, 10, 26),
        firm=f"{SURNAMES[number * 7 % 32]}{GIVEN[number * 5 % 29]}律师事务所",
        lawyer=name,
        case_number=f"临援〔2026〕{number:04d}",
        case_class="民事",
        review="2026年第三季度案件质量评查",
        score=Decimal("58.0"),
        grade="不合格",
        findings=(Finding("2.3 会见受援人", "卷内无会见笔录", "12—15", Decimal(15)),),
        measures=(Measure("补正案卷材料", date(2026, 11, 10)),),
        remedy=Remedy(10, "本中心"),
        report_by=date(2026, 11, 16),
        verification=Verification(
            url=f"https://verify.example.gov.cn/v/EWY{number:05d}", code=f"EWYLX-{number:05d}",
            host="verify.example.gov.cn/v", digest="491378574479d1d9",
        ),
    )  # fmt: skip
    document = notice_paper(content)
    assert isinstance(document, WorkDocument)
    # What it came to and what may be done against it: the table, the measures and the receipt make it two pages.
    return replace(document, blocks=(document.blocks[0], *document.blocks[-2:]), receipt=None)


Drawing = Callable[[Any], None]


def recorded(number: int) -> tuple[list[Drawing], dict[str, str]]:
    """What one notice asks of the canvas, to be asked again; with the file of each face by its name."""
    from qa_service.documents.faces import load_fonts
    from qa_service.documents.fonts import configured_folders
    from qa_service.documents.pen import Pen

    asked: list[Drawing] = []
    run_of, rule_of, squares_of = Pen._run, Pen.rule, Pen.squares

    def run(pen: Any, x: float, y: float, text: str, font: Any, size: float, spacing: float, colour: Any) -> float:
        name = f"plain-{font.fontName}"

        def draw(canvas: Any) -> None:
            canvas.setFont(name, size)
            canvas.drawString(x, y, text, charSpace=spacing)

        asked.append(draw)
        return run_of(pen, x, y, text, font, size, spacing, colour)

    def rule(pen: Any, x: float, y: float, width: float, thickness: float, colour: Any = (0.0, 0.0, 0.0)) -> None:
        asked.append(lambda canvas: canvas.rect(x, y - thickness / 2, width, thickness, stroke=0, fill=1))
        rule_of(pen, x, y, width, thickness, colour)

    def squares(pen: Any, x: float, y: float, side: float, rows: list[list[bool]]) -> None:
        cell = side / len(rows)

        def draw(canvas: Any) -> None:
            path = canvas.beginPath()
            for at, row in enumerate(rows):
                for column, dark in enumerate(row):
                    if dark and (column == 0 or not row[column - 1]):
                        stop = next((n for n in range(column, len(row)) if not row[n]), len(row))
                        path.rect(x + column * cell, y + side - (at + 1) * cell, (stop - column) * cell, cell)
            canvas.drawPath(path, stroke=0, fill=1)

        asked.append(draw)
        squares_of(pen, x, y, side, rows)

    Pen._run, Pen.rule, Pen.squares = run, rule, squares  # type: ignore[method-assign,assignment]
    try:
        notice(number)
    finally:
        Pen._run, Pen.rule, Pen.squares = run_of, rule_of, squares_of  # type: ignore[method-assign]
    faces = load_fonts(configured_folders())._fonts
    return asked, {f"plain-{font.fontName}": str(path) for path, font in faces.items()}


def plain(drawing: list[Drawing], *, first: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, initialFontName=first)  # type: ignore[arg-type]
    canvas.setTitle("整改通知书")
    for draw in drawing:
        draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def notices(rounds: int) -> list[Row]:
    from pypdf import PdfReader
    from reportlab.pdfbase import pdfmetrics, ttfonts

    said = len(PdfReader(BytesIO(notice(0))).pages)
    assert said == 1, "a notice of one page is measured"
    drawings: list[list[Drawing]] = []
    files: dict[str, str] = {}
    for number in range(A_ROUND):
        drawing, found = recorded(number)
        drawings.append(drawing)
        files |= found
    for name, path in files.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, path))
    first = next(iter(files))

    def bare() -> None:
        for drawing in drawings:
            plain(drawing, first=first)

    def ours() -> None:
        for number in range(A_ROUND):
            notice(number)

    taken = interleaved({"bare": bare, "ours": ours, "again": bare}, rounds=rounds)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, notices"),
        ratio("notices a second ÷ plain ReportLab", of=taken["bare"], to=taken["ours"], at_least=RATE),
        Row("notices a second", A_ROUND / statistics.median(taken["ours"]), ""),
    ]


def batch_child(count: int) -> None:
    """Print how far the peak after so many notices lies above that after the first, and the seconds."""
    start()
    notice(0)
    base, began = peak(), time.process_time()
    for number in range(count):
        notice(number)
    print(peak() - base, time.process_time() - began)


def batch(count: int) -> list[Row]:
    few, _seconds = child("--batch", count // 10)
    many, seconds = child("--batch", count)
    return [
        at_most(f"{count:,} notices, processor time of one core", seconds, "s", BATCH_SECONDS),
        at_most(f"peak of {count:,} notices above that of {count // 10:,}", many - few, "MiB", BATCH_MEMORY),
    ]


def cells(rows: int) -> Iterator[list[Any]]:
    for n in range(rows):
        name = SURNAMES[n % 32] + GIVEN[n // 32 % 29] + GIVEN[n // 928 % 29]
        day = date(2026, 1, 1) + timedelta(days=n % 330)
        yield [
            f"临法援〔2026〕民字第{n:06d}号", name, f"临江第{n % 60}律师事务所", "民事", "优秀", n % 60, n % 7,
            Decimal(n % 5000 + 5000) / 100, Decimal("82.25"), day, day, "按时提交",
        ]  # fmt: skip


HEADER = ["案号", "承办人", "单位", "类别", "等次", "天数", "件数", "得分", "均分", "结案", "归档", "备注"]


def our_sheet(rows: int) -> bytes:
    from qa_service.documents.xlsx import Sheet, workbook

    return workbook([Sheet(name="案件", header=HEADER, rows=cells(rows))])


def bare_sheet(rows: int) -> bytes:
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    day, exact = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
    page = book.add_worksheet("案件")
    page.write_row(0, 0, HEADER)
    for row, values in enumerate(cells(rows), start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                page.write_string(row, column, value)
            elif isinstance(value, date):
                page.write_datetime(row, column, value, day)
            elif isinstance(value, Decimal):
                page.write_number(row, column, value, exact)
            else:
                page.write_number(row, column, value)
    book.close()
    return out.getvalue()


def sheet_child(rows: int) -> None:
    start()
    our_sheet(10)
    base, began = peak(), time.perf_counter()
    assert our_sheet(rows)
    print(peak() - base, time.perf_counter() - began)


def sheets(rows: int, rounds: int) -> list[Row]:
    some = min(rows, ROWS_A_ROUND)
    jobs = {"bare": lambda: bare_sheet(some), "ours": lambda: our_sheet(some), "again": lambda: bare_sheet(some)}
    taken = interleaved(jobs, rounds=rounds)
    above, seconds = child("--sheet", rows)
    return [
        control(one=taken["bare"], other=taken["again"], name="A/A control, workbooks"),
        ratio(
            f"workbook of {some:,} rows ÷ bare XlsxWriter, time", of=taken["ours"], to=taken["bare"], at_most=SHEET_TIME
        ),
        at_most(f"peak of {rows:,} rows", above, "MiB", SHEET_MEMORY, note=f"in {seconds:.1f} s"),
    ]


def child(what: str, count: int) -> tuple[float, float]:
    """Run a part by itself; returns MiB and seconds."""
    command = [sys.executable, "-m", "bench.papers", what, str(count)]
    first, second = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(first), float(second)


def run(*, count: int = NOTICES, rows: int = ROWS, rounds: int = ROUNDS) -> list[Row]:
    start()
    return [*notices(rounds), *batch(count), *sheets(rows, rounds)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=NOTICES)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--sheet", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.batch:
        batch_child(options.batch)
        return 0
    if options.sheet:
        sheet_child(options.sheet)
        return 0
    rows = run(count=options.notices, rows=options.rows, rounds=options.rounds)
    print(measure.table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

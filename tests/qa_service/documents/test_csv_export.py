import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.documents.csv_export import csv_lines, safe_text


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\x00=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "  =1",
        "\x1b=1",
    ],
)
def test_a_formula_is_led_by_an_apostrophe(formula):
    assert safe_text(formula).startswith("'")


@given(st.text(max_size=50))
def test_no_text_begins_as_a_formula(text):
    assert safe_text(text)[:1] not in {*"=+-@\t\r\0＝＋－＠"} - {""}


def test_figures_and_dates_are_not_texts():
    rows: list[list[Any]] = [
        [
            "临援〔2026〕1号",
            -3,
            Decimal("96.50"),
            date(2026, 10, 19),
            datetime(2026, 10, 19, 8, 5, tzinfo=UTC),
            None,
            True,
        ]
    ]

    *_, last = csv_lines(["案号"] * 7, rows)

    assert last == "临援〔2026〕1号,-3,96.50,2026-10-19,2026-10-19 08:05+00:00,,1\r\n"


def test_the_file_opens_as_utf_8_and_reads_back():
    text = "".join(csv_lines(["姓名", "说明"], [["李,玥", '他说"好"\n第二行']]))

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["姓名", "说明"],
        ["李,玥", '他说"好"\n第二行'],
    ]

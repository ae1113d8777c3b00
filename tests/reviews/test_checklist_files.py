"""A checklist goes out as a file and comes back the same; what is wrong in a file is told with its place."""

import io
import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.common.errors import DomainError
from qa_service.common.json_files import FileUnreadable, unreadable_told
from reviews.blueprint import Misshapen, ProblemCode, from_rows, problems, read_document, to_rows
from reviews.blueprint.reading import unprintable
from reviews.defaults import default_checklists
from reviews.enums import Anchor, Measure, Purpose, VetoEffect
from reviews.queries.checklist_problems import fault_told
from reviews.services.checklist_files import document_from, json_of, workbook_of
from tests.qa_service.cases.test_hostile_files import bomb, lying_bomb

DEFAULTS = {document["code"]: read_document(document) for document in default_checklists()}
CIVIL = DEFAULTS["civil"]

_words = st.text(min_size=1, max_size=12).map(lambda text: "".join(sign for sign in text if not unprintable(sign)))
_texts = st.fixed_dictionaries({}, optional={"zh": _words, "en": _words})
_short, _long = (
    st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
)
_points = st.decimals(min_value="0.01", max_value=100, places=2).map(str)
_items = st.fixed_dictionaries({
    "code": _short, "points": _points, "title": _texts, "evidence": _texts,
    "reasons": st.lists(_long, max_size=3),
    "floors": st.dictionaries(_long, st.decimals(min_value="0.01", max_value=1, places=2).map(str), max_size=2),
    "anchors": st.lists(st.sampled_from(Anchor.values), max_size=5),
})  # fmt: skip
_reasons = st.one_of(_texts, _texts.map(lambda texts: texts | {"pageless": True}))
_documents = st.fixed_dictionaries({
    "code": _long, "title": _texts,
    "purpose": st.sampled_from(Purpose.values), "case_type": st.sampled_from(["", "civil", "criminal"]),
    "stage": st.sampled_from(["", "trial"]), "measure": st.sampled_from(Measure.values),
    "reasons": st.dictionaries(_long, _reasons, max_size=3),
    "sections": st.lists(
        st.fixed_dictionaries({
            "code": _short, "title": _texts, "note": _texts, "items": st.lists(_items, max_size=3),
        }), max_size=3,
    ),
    "vetoes": st.lists(
        st.fixed_dictionaries({
            "code": _short, "title": _texts, "effect": st.sampled_from(VetoEffect.values), "transfer": st.booleans(),
            "basis": _texts,
        }), max_size=2,
    ),
    "catalogue": st.lists(st.fixed_dictionaries({"code": _long, "title": _texts}), max_size=3),
}).map(read_document)  # fmt: skip


@given(document=_documents)
@settings(max_examples=25, deadline=None)
def test_any_list_comes_back_from_its_files_as_it_was(document):
    rows = [(line, row) for line, row in enumerate(to_rows(document), start=2)]

    assert read_document(from_rows(rows)) == document
    assert _back(json_of(document, version=3).encode()) == document


@given(document=_documents)
@settings(max_examples=6, deadline=None)
def test_any_list_comes_back_from_a_real_workbook_as_it_was(document):
    assert _back(workbook_of(document)) == document


@pytest.mark.parametrize("document", DEFAULTS.values(), ids=DEFAULTS)
def test_each_default_list_may_be_published_and_comes_back_from_a_workbook(document):
    assert problems(document) == ()
    assert _back(workbook_of(document)) == document


def _back(content):
    return document_from(io.BytesIO(content))


def test_a_fault_is_told_with_its_section_item_and_field():
    broken = deepcopy(CIVIL)
    broken["sections"][0]["items"][1] |= {"points": "seven", "colour": "red"}
    broken["sections"][1]["items"][0]["floors"] = {"other": "1.5"}
    broken["sections"][2]["title"]["en"] = "x" * 201
    broken["vetoes"][2]["effect"] = "explode"
    broken["reasons"]["late"]["zh"] = 7

    with pytest.raises(Misshapen) as refused:
        read_document(broken)

    assert {(fault.parts, fault.field) for fault in refused.value.faults} == {
        (("A", "A2"), "points"), (("A", "A2"), "colour"), (("B", "B1"), "floors"), (("C",), "title.en"),
        (("V3",), "effect"), (("late",), "reasons.zh"),
    }  # fmt: skip
    assert "A · A2 · points: must be a number above 0, at most 100, with no more than two decimals" in [
        _in_english(fault) for fault in refused.value.faults
    ]


def _in_english(fault):
    with override("en"):
        return fault_told(fault)


@pytest.mark.parametrize(
    ("damage", "parts", "field", "code"),
    [
        (lambda d: d["sections"][0]["items"][0].update(points="4"), (), "points", ProblemCode.TOTAL),
        (lambda d: d["sections"][0]["items"][1].update(code="a1"), (), "items", ProblemCode.CODE_TWICE),
        (
            lambda d: d["sections"][0]["items"][0].update(code="L1"),
            ("A", "L1"), "code", ProblemCode.CODE_OF_THE_FORM,
        ),
        (
            lambda d: d["sections"][0]["items"][0].update(code="L10"),
            ("A", "L10"), "code", ProblemCode.CODE_OF_THE_FORM,
        ),
        (
            lambda d: d["sections"][0]["items"][0].update(code="comment"),
            ("A", "comment"), "code", ProblemCode.CODE_OF_THE_FORM,
        ),
        (lambda d: d["reasons"].pop("late"), ("A", "A1"), "reasons", ProblemCode.UNKNOWN_REASON),
        (
            lambda d: d["sections"][0]["items"][0].update(floors={"weak": "0.5"}),
            ("A", "A1"), "floors", ProblemCode.FLOOR_WITHOUT_REASON,
        ),
        (
            lambda d: d["sections"][0]["items"][0].update(anchors=["full", "na"]),
            ("A", "A1"), "anchors", ProblemCode.TOO_FEW_MARKS,
        ),
        (lambda d: d["sections"][0]["items"][0].update(reasons=[]), ("A", "A1"), "reasons", ProblemCode.NO_REASONS),
        (lambda d: d["sections"][1]["title"].pop("en"), ("B",), "title.en", ProblemCode.MISSING_TEXT),
        (lambda d: d.update(purpose="hearing"), (), "vetoes", ProblemCode.VETOES_FOR_READERS),
        (lambda d: d.update(case_type=""), (), "case_type", ProblemCode.TYPE_NEEDED),
        (lambda d: d.update(catalogue=[]), (), "catalogue", ProblemCode.NO_CATALOGUE),
        (lambda d: d.update(sections=[]), (), "sections", ProblemCode.NO_SECTIONS),
        (lambda d: d["sections"][5].update(items=[]), ("F",), "items", ProblemCode.EMPTY_SECTION),
    ],
)  # fmt: skip
def test_what_forbids_to_publish_is_found_in_its_place(damage, parts, field, code):
    document = deepcopy(CIVIL)
    damage(document)

    assert (parts, field, code) in {(each.parts, each.field, each.code) for each in problems(document)}


def test_weights_of_graded_indicators_make_up_any_sum():
    document = deepcopy(CIVIL) | {"measure": "grades"}
    document["sections"][0]["items"][0]["points"] = "50"

    assert problems(document) == ()


def test_where_there_is_no_ledger_an_item_may_be_called_as_its_lines_are():
    document = deepcopy(CIVIL)
    document["sections"][0]["items"][0]["code"] = "L1"
    for item in (item for section in document["sections"] for item in section["items"]):
        item["floors"] = {}

    assert problems(document) == ()


def test_a_row_of_no_known_kind_and_an_item_above_every_section_are_told_by_their_lines():
    rows: list[tuple[int, list[Any]]] = [
        (2, ["评查表", "x"]),
        (3, ["item", "A1"]),
        (4, ["gossip", "A1"]),
        (5, [None] * 12),
    ]

    with pytest.raises(Misshapen) as refused:
        from_rows(rows)

    assert [fault.parts for fault in refused.value.faults] == [("#3", "A1"), ("#4",)]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"9" * 5000, json.dumps([1]).encode()])
def test_what_is_no_list_at_all_is_refused_in_words(content):
    with pytest.raises((DomainError, Exception)) as refused:
        _back(content)

    assert type(refused.value).__name__ in {"FileUnreadable", "Misshapen", "InvalidInput"}


@pytest.mark.parametrize("content", [bomb(), lying_bomb(), b"PK\x03\x04 no archive"], ids=["bomb", "lies", "torn"])
def test_a_hostile_workbook_does_not_come_past_the_guards_of_exports(content):
    with pytest.raises(DomainError) as refused, override("zh-hans"):
        _back(content)

    # What the guards advise whoever sends a list of cases is not taken here.
    assert "CSV" not in str(refused.value.message)


def test_what_is_nested_too_deeply_is_told_as_that():
    with pytest.raises(FileUnreadable) as refused, override("zh-hans"):
        _back(b"[" * 100_000 + b"]" * 100_000)

    with override("zh-hans"):
        assert unreadable_told(refused.value) == "文件嵌套层级过深，不是本系统导出的文件。"


def test_points_typed_as_figures_are_read_as_typed():
    rows: list[list[Any]] = [[*row] for row in to_rows(CIVIL)]
    for row in rows:
        if row[0] == "评分项":
            row[4] = float(row[4])

    read = read_document(from_rows(enumerate(rows, start=2)))

    assert sum(Decimal(item["points"]) for s in read["sections"] for item in s["items"]) == 100
    assert read == CIVIL

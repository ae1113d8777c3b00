"""A questionnaire read from a file, edited, and judged before it is published."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.common.json_files import FileUnreadable, document_in
from surveys import blueprint as plans
from surveys.blueprint import Blueprint, Misshapen, Problem, ProblemCode, Scale


def document(name: str = "client.json") -> Any:
    return json.loads(files("surveys.defaults").joinpath(name).read_text(encoding="utf-8"))


def read(name: str = "client.json") -> Blueprint:
    return plans.read_document(document(name))


def set_at(target: Any, path: list[Any], value: Any) -> Any:
    """The document with one place changed; `DELETED` takes it away."""
    changed = deepcopy(target)
    part = changed
    for step in path[:-1]:
        part = part[step]
    if value is DELETED:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return changed


DELETED = object()


def _places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[list[Any], Any]]:
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in steps:
        yield [*path, step], value
        yield from _places(value, (*path, step))


@pytest.mark.parametrize("name", ["client.json", "organ.json"])
def test_the_defaults_may_be_published(name: str) -> None:
    assert plans.problems(read(name)) == ()


@pytest.mark.parametrize("name", ["client.json", "organ.json"])
def test_a_file_comes_back_as_it_went(name: str) -> None:
    assert plans.to_document(read(name), version=document(name)["version"]) == document(name)


QUESTION = ["questions", 1]
SCALE = ["questions", 0, "choices"]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["questions"], [], {("questions", "no_questions"), ("questions", "needed_code"), ("questions", "no_by_text")}),
        (
            ["questions", 11, "code"],
            "q2",
            {("questions[11].code", "duplicate_code"), ("questions[11].kind", "code_kind")},
        ),
        (
            [*QUESTION, "choices", 1, "value"],
            "always",
            {("questions[1].choices[1].value", "duplicate_value"), ("questions[1].choices", "code_values")},
        ),
        ([*QUESTION, "text", "en"], " ", {("questions[1].text.en", "missing_translation")}),
        ([*QUESTION, "choices", 0, "zh"], "", {("questions[1].choices[0].zh", "missing_translation")}),
        (["title", "zh"], DELETED, {("title.zh", "missing_translation")}),
        ([*QUESTION, "hint"], {"zh": "注意"}, {("questions[1].hint.en", "missing_translation")}),
        (
            [*QUESTION, "choices"],
            [],
            {
                ("questions[1].choices", "no_choices"),
                ("questions[1].choices", "no_way_to_decline"),
                ("questions[1].choices", "code_values"),
            },
        ),
        (
            ["questions", 11, "choices"],
            [{"value": "yes", "zh": "是", "en": "Yes"}],
            {("questions[11].choices", "text_has_choices")},
        ),
        ([*QUESTION, "choices", 3], DELETED, {("questions[1].choices", "no_way_to_decline")}),
        (
            [*SCALE, 0, "value"],
            "6",
            {("questions[0].choices", "scale_values"), ("questions[0].choices", "code_values")},
        ),
        (
            [*QUESTION, "shown_when"],
            [{"question": "zz", "any_of": ["1"]}],
            {("questions[1].shown_when[0].question", "branch_unknown")},
        ),
        (
            [*QUESTION, "shown_when"],
            [{"question": "q2", "any_of": ["1"]}],
            {("questions[1].shown_when[0].question", "branch_later")},
        ),
        (
            [*QUESTION, "shown_when"],
            [{"question": "q7", "any_of": ["no"]}],
            {("questions[1].shown_when[0].question", "branch_later")},
        ),
        (
            [*QUESTION, "shown_when"],
            [{"question": "q1", "any_of": ["7"]}],
            {("questions[1].shown_when[0].any_of", "branch_value")},
        ),
        (
            [*QUESTION, "shown_when"],
            [{"question": "q1", "any_of": []}],
            {("questions[1].shown_when[0].any_of", "branch_value")},
        ),
        (["questions", 0, "by_text"], False, {("questions", "no_by_text")}),
        (
            ["questions", 2, "by_text"],
            True,
            {("questions[0].by_text", "several_by_text"), ("questions[2].by_text", "several_by_text")},
        ),
        (["questions", 0, "modes"], ["web"], {("questions[0].by_text", "by_text_not_first")}),
        (["questions", 5, "modes"], DELETED, {("questions[5].modes", "money_by_text")}),
        (["questions", 5, "modes"], ["sms"], {("questions[5].modes", "money_by_text")}),
        (
            ["questions", 5],
            DELETED,
            {
                ("questions", "needed_code"),
                ("questions[5].shown_when[0].question", "branch_unknown"),
                ("questions[9].shown_when[1].question", "branch_unknown"),
            },
        ),
        (["questions", 10, "shown_when", 1], DELETED, {("questions[10].shown_when", "call_back_closed")}),
        (["questions", 10, "kind"], "choice", {("questions[10].kind", "code_kind")}),
        (["questions", 0, "text", "zh"], "您对律师满意吗？", {("questions[0].text.zh", "telling_word")}),
        ([*SCALE, 0, "en"], "A good l a w y e r", {("questions[0].choices[0].en", "telling_word")}),
        (["questions", 0, "text", "en"], "See {link}", {("questions[0].text.en", "telling_variable")}),
        ([*QUESTION, "text", "zh"], "律师来过吗？", set()),  # never sent to a telephone
        (["texts"], {"thanks": {"zh": "谢谢", "en": "Thanks, 张三"}}, {("texts.thanks.en", "telling_name")}),
        (["texts"], {"thanks": {"zh": "谢谢"}}, {("texts.thanks.en", "missing_translation")}),
        (
            ["texts"],
            {"thanks": {"zh": "谢{谢", "en": "Thanks {code!r}"}},
            {
                ("texts.thanks.zh", "broken_braces"),
                ("texts.thanks.en", "broken_braces"),
                ("texts.thanks.en", "telling_variable"),
            },
        ),
        (["texts"], {"thanks": {"zh": "谢" * 300, "en": "Thanks"}}, {("texts.thanks.zh", "too_many_segments")}),
        (
            ["texts"],
            {"invitation.sms_link": {"zh": "请评价。拒收请回复T", "en": "{link} Reply T to stop"}},
            {("texts.invitation.sms_link.zh", "needed_variable")},
        ),
        (
            ["texts"],
            {"reminder.sms_two_way": {"zh": "请评价", "en": "Stop: reply T"}},
            {("texts.reminder.sms_two_way.zh", "no_way_out")},
        ),
        (["texts"], {"invitation.sms_code": {"zh": "电{phone}报{code}", "en": "{phone} {code}"}}, set()),
        (["languages"], ["ug"], set()),
    ],
)
def test_each_problem_has_its_name_and_its_place(path: list[Any], value: Any, expected: set[tuple[str, str]]) -> None:
    changed = plans.read_document(set_at(document(), path, value))

    found = plans.problems(changed, names=["张三"])

    assert {(problem.path, problem.code.value) for problem in found} == expected


def test_an_organ_is_never_asked_by_text_and_answers_five_items() -> None:
    asked = set_at(set_at(document("organ.json"), ["questions", 0, "by_text"], True), ["questions", 4], DELETED)

    assert set(plans.problems(plans.read_document(asked))) == {
        Problem("questions[0].by_text", ProblemCode.BY_TEXT_ORGAN),
        Problem("questions", ProblemCode.NEEDED_CODE, "q5"),
    }


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["key"], None, ("key", "missing", "")),
        (["key"], "含空格 x", ("key", "not_a_code", "")),
        (["key"], "k" * 41, ("key", "too_long", "40")),
        (["audience"], "lawyer", ("audience", "not_one_of", "client, organ")),
        (["titel"], {}, ("titel", "unknown_field", "")),
        (["title"], "x", ("title", "not_an_object", "")),
        (["title", "de"], "x", ("title.de", "unknown_field", "")),
        (["title", "zh"], 5, ("title.zh", "not_a_text", "")),
        (["title", "zh"], "名" * 121, ("title.zh", "too_long", "120")),
        (["title", "zh"], "a\x00b", ("title.zh", "unprintable", "")),
        (["title", "zh"], "a\ud800b", ("title.zh", "unprintable", "")),
        (["questions"], {}, ("questions", "not_a_list", "")),
        (["questions"], [1] * 61, ("questions", "too_many", "60")),
        (["questions", 2], "q3", ("questions[2]", "not_an_object", "")),
        (["questions", 2, "kind"], ["scale"], ("questions[2].kind", "not_one_of", "scale, choice, call_back, text")),
        (["questions", 2, "by_text"], 1, ("questions[2].by_text", "not_true_or_false", "")),
        (
            ["questions", 2, "modes", 0],
            "fax",
            ("questions[2].modes[0]", "not_one_of", "sms, web, telephone, visit, paper, letter"),
        ),
        (["questions", 2, "choices", 1, "value"], DELETED, ("questions[2].choices[1].value", "missing", "")),
        (["questions", 8, "shown_when", 0, "any_of"], "1", ("questions[8].shown_when[0].any_of", "not_a_list", "")),
        (["questions", 8, "shown_when", 0, "any_of", 0], 1, ("questions[8].shown_when[0].any_of[0]", "not_a_code", "")),
        (["languages"], ["zh"], ("languages[0]", "not_one_of", "zh-hant, bo, ug, kk, mn, za, ko, ii, ru")),
        (["texts"], {"greeting": {}}, ("texts.greeting", "unknown_field", "")),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_path(path: list[Any], value: Any, expected: tuple[str, str, str]) -> None:
    with pytest.raises(Misshapen) as refused:
        plans.read_document(set_at(document(), path, value))

    assert expected in {(fault.path, fault.code.value, fault.detail) for fault in refused.value.faults}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Misshapen) as refused:
        plans.read_document({"audience": 1, "questions": [{}, {"code": "a"}]})

    assert {fault.path for fault in refused.value.faults} == {
        "key", "audience", "title", "questions[0].code", "questions[0].kind", "questions[0].text",
        "questions[1].kind", "questions[1].text",
    }  # fmt: skip


PLACES = [path for path, _value in _places(document())]
JUNK = st.sampled_from([
    None, True, 0, -1.5, "", "x", "q1", "sms", "字" * 500, "\x00", "\ud800", "{", [], {}, [None], [[]], {"zh": 1},
    {"question": "q1"}, ["1"], {"value": "yes"}, {"invitation.sms_link": {"zh": "{"}}, DELETED,
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_whatever_a_file_holds_is_read_or_refused_by_name(changes: list[tuple[list[Any], Any]]) -> None:
    content = document()
    for path, value in changes:
        with suppress(LookupError, TypeError):  # an earlier change took the place away
            content = set_at(content, path, value)
    try:
        found = plans.read_document(content)
    except Misshapen:
        return
    assert isinstance(plans.problems(found), tuple)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 200_000, b"1" * 5000, b" " * (512 * 1024 + 1)])
def test_what_is_no_file_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        document_in(content)


def test_the_place_where_a_file_breaks_off_is_told() -> None:
    with pytest.raises(FileUnreadable) as refused:
        document_in(b'{"key": "a",\n "audience" }')

    assert (refused.value.line, refused.value.column) == (2, 13)


def test_a_language_is_offered_once_nothing_is_missing_in_it() -> None:
    text = json.dumps(document()).replace('"en":', '"ug": "ئ", "en":')
    whole = plans.read_document(json.loads(text) | {"languages": ["ug", "bo"]})
    gap = plans.read_document(set_at(plans.to_document(whole), ["questions", 3, "text", "ug"], ""))

    assert (plans.complete_languages(whole), plans.complete_languages(gap)) == (("ug",), ())


def test_a_renamed_question_keeps_its_branches() -> None:
    before = read()
    asked = before.question("q8")
    assert asked is not None

    after = plans.replaced(before, "q8", plans.read_question({**_question(before, "q8"), "code": "why"}))

    q9 = after.question("q9")
    assert q9 is not None
    assert [condition.question for condition in q9.shown_when] == ["why"]


def test_questions_move_one_place_and_stop_at_the_ends() -> None:
    codes = [question.code for question in read().questions]
    codes[:2] = "q2", "q1"

    up = plans.moved(read(), "q2", by=-1)

    assert [question.code for question in up.questions] == codes
    assert [question.code for question in plans.moved(up, "q2", by=-1).questions] == codes
    assert plans.moved(read(), "q11", by=1) == read()


def test_a_removed_question_leaves_its_branches_to_be_seen_to() -> None:
    left = plans.without(read(), "q8")

    assert {problem.code for problem in plans.problems(left)} == {ProblemCode.BRANCH_UNKNOWN}
    with pytest.raises(plans.UnknownQuestion):
        plans.without(left, "q8")


@pytest.mark.parametrize("scale", [scale for scale in Scale if scale != Scale.CHOICE])
def test_a_question_with_ready_answers_is_known_by_them(scale: Scale) -> None:
    ready = plans.SCALES[scale]
    question = plans.QuestionPlan(code="x1", kind=ready.kind, texts={}, choices=ready.choices)

    assert plans.scale_of(question) is scale


def _question(blueprint: Blueprint, code: str) -> dict[str, Any]:
    return next(item for item in plans.to_document(blueprint)["questions"] if item["code"] == code)

"""What answers come to: shares of opinions, nothing of few, ways and wordings never mixed unmarked, money apart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.branching import Condition, Sheet, SheetChoice, SheetQuestion, telling_of_sealed
from surveys.enums import Mode
from surveys.figures.tallies import Answered, Counted, Tone, is_polar, tallies, told

SCALE = ("5", "4", "3", "2", "1", "unknown")
FREQUENCY = ("always", "sometimes", "never", "unknown")
PUNCTUAL = ("yes", "no", "not_applicable", "unknown")
ABOUT = ("service", "result", "both", "unknown")
MONEY = ("no", "yes", "staff", "unknown")
SHOWN_TO_THE_UNHAPPY = (Condition("q1", frozenset({"1", "2"})),)
AFTER_MONEY = (*SHOWN_TO_THE_UNHAPPY, Condition("q6", frozenset({"yes", "staff"})))


def question(code: str, values: tuple[str, ...], number: int, **more: object) -> SheetQuestion:
    kind = "scale" if values == SCALE else "choice"
    choices = tuple(
        SheetChoice(id=number * 10 + place, value=value, text_zh=value, text_en=value)
        for place, value in enumerate(values)
    )
    given = {"id": number, "code": code, "kind": kind, "text_zh": code, "text_en": code, "choices": choices} | more
    return SheetQuestion(**given)  # type: ignore[arg-type]


def sheet(version: int = 1, **changes: object) -> Sheet:
    base = version * 100
    questions = (
        question("q1", SCALE, base + 1, **changes),
        question("q2", FREQUENCY, base + 2),
        question("q5", PUNCTUAL, base + 5),
        question("q6", MONEY, base + 6),
        question("q8", ABOUT, base + 8, shown_when=SHOWN_TO_THE_UNHAPPY),
        question("q10", ("yes", "no"), base + 10, kind="call_back", shown_when=AFTER_MONEY),
        question("q12", ("yes", "no"), base + 12, shown_when=(Condition("q6", frozenset({"staff"})),)),
        question("q13", ("yes", "no"), base + 13, shown_when=(Condition("q12", frozenset({"yes"})),)),
    )
    return Sheet(questionnaire_id=version, key="k", version=version, questions=questions)


def chosen(of: Sheet, code: str, mode: Mode, begun_by: Mode | None = None, /, **values: int) -> list[Counted]:
    """So many of each value, written with a leading underscore where it is a number."""
    asked = of.question(code)
    assert asked is not None
    found = []
    for name, n in values.items():
        choice = asked.choice(name.removeprefix("_"))
        assert choice is not None
        found.append(Counted(asked.id, choice.id, mode, begun_by or mode, n))
    return found


def test_what_is_about_money_and_what_only_that_opens_is_no_figure() -> None:
    assert [each.code for each in told(sheet())] == ["q1", "q2", "q5", "q8"]


@pytest.mark.parametrize(
    ("answers", "telling"),
    [
        ({"q1": "5", "q6": "yes", "q10": "no"}, {"q10", "q12", "q13"}),
        ({"q1": "5", "q6": "staff", "q12": "yes", "q13": "no"}, {"q10", "q12", "q13"}),
        ({"q1": "1", "q6": "yes", "q10": "no"}, {"q12", "q13"}),
        ({"q1": "5", "q6": "no", "q8": "service"}, {"q10", "q12", "q13"}),
    ],
)
def test_what_only_a_sealed_answer_opened_tells_of_it_and_what_something_else_opened_too_does_not(
    answers, telling
) -> None:
    assert telling_of_sealed(sheet().questions, answers) == {"q6", "q6who"} | telling


def test_shares_are_of_opinions_and_who_had_none_or_was_not_asked_stands_beside() -> None:
    asked = sheet()
    counted = chosen(asked, "q5", Mode.WEB, yes=6, no=2, not_applicable=3, unknown=1)

    found = next(each for each in tallies([asked], [Answered(1, Mode.WEB, 20)], counted) if each.question.code == "q5")

    assert (found.whole.n, found.whole.none, found.whole.silent) == (8, 4, 8)
    assert [(part.value, part.share.part, str(part.share.percent)) for part in found.whole.parts] == [
        ("yes", 6, "75.0"),
        ("no", 2, "25.0"),
    ]
    assert found.whole.favourable is not None
    assert (found.whole.favourable.part, found.whole.favourable.whole) == (6, 8)


def test_basically_satisfied_counts_as_satisfied_and_lies_in_the_middle() -> None:
    asked = sheet()
    counted = chosen(asked, "q1", Mode.SMS, _5=1, _4=1, _3=2, _2=1, _1=1)

    whole = tallies([asked], [Answered(1, Mode.SMS, 6)], counted)[0].whole

    assert whole.favourable is not None
    assert whole.favourable.part == 4
    assert [part.tone for part in whole.parts] == [Tone.BEST, Tone.GOOD, Tone.MIDDLE, Tone.POOR, Tone.WORST]


def test_a_question_whose_answers_have_no_side_has_no_good_one() -> None:
    asked = sheet()
    counted = chosen(asked, "q8", Mode.WEB, service=4, result=3, both=2)

    found = next(each for each in tallies([asked], [Answered(1, Mode.WEB, 30)], counted) if each.question.code == "q8")

    assert (is_polar(found.question), found.whole.favourable) == (False, None)
    assert {part.tone for part in found.whole.parts} == {Tone.PLAIN}


def test_below_five_opinions_nothing_is_broken_down() -> None:
    asked = sheet()
    counted = chosen(asked, "q1", Mode.WEB, _5=4, unknown=9)

    whole = tallies([asked], [Answered(1, Mode.WEB, 13)], counted)[0].whole

    assert (whole.n, whole.small, whole.parts, whole.favourable) == (4, True, (), None)


def test_ways_stand_apart_and_a_flag_says_where_they_differ() -> None:
    asked = sheet()
    answered = [Answered(1, Mode.TELEPHONE, 100), Answered(1, Mode.WEB, 100)]
    alike = chosen(asked, "q2", Mode.TELEPHONE, always=70, never=30) + chosen(
        asked, "q2", Mode.WEB, always=65, never=35
    )
    apart = chosen(asked, "q2", Mode.TELEPHONE, always=90, never=10) + chosen(
        asked, "q2", Mode.WEB, always=50, never=50
    )

    def second(counted: list[Counted]) -> tuple[bool, list[tuple[Mode | None, int]]]:
        found = next(each for each in tallies([asked], answered, counted) if each.question.code == "q2")
        return found.modes_differ, [(line.mode, line.n) for line in (found.whole, *found.by_mode)]

    assert second(alike) == (False, [(None, 200), (Mode.WEB, 100), (Mode.TELEPHONE, 100)])
    assert second(apart)[0] is True


def test_what_was_asked_by_telephone_of_who_sent_a_mark_by_text_stands_under_the_telephone() -> None:
    asked = sheet()
    answered = [Answered(1, Mode.SMS, 10), Answered(1, Mode.TELEPHONE, 6)]
    counted = [
        *chosen(asked, "q2", Mode.TELEPHONE, Mode.SMS, always=7),
        *chosen(asked, "q2", Mode.TELEPHONE, never=4, unknown=1),
    ]

    found = next(each for each in tallies([asked], answered, counted) if each.question.code == "q2")

    lines = [(line.mode, line.n, line.none, line.silent) for line in (found.whole, *found.by_mode)]
    assert lines == [(None, 11, 1, 4), (Mode.SMS, 0, 0, 3), (Mode.TELEPHONE, 11, 1, 1)]


def test_versions_that_ask_alike_are_one_and_others_begin_anew() -> None:
    first, second, third = sheet(1), sheet(2), sheet(3, text_zh="您满意吗？")
    answered = [Answered(version, Mode.WEB, 10) for version in (1, 2, 3)]
    counted = [row for each in (first, second, third) for row in chosen(each, "q1", Mode.WEB, _5=5, _1=5)]

    found = [each for each in tallies([third, first, second], answered, counted) if each.question.code == "q1"]

    assert [(each.versions, each.begins_anew, each.whole.n) for each in found] == [
        ((1, 2), False, 20),
        ((3,), True, 10),
    ]


def test_a_version_nobody_answered_is_not_shown() -> None:
    assert tallies([sheet(1)], [], []) == []


def test_a_changed_choice_is_another_question_too() -> None:
    before = sheet(1)
    later = sheet(2)
    later = replace(
        later, questions=(question("q1", ("5", "4", "3", "2", "1"), 201, kind="scale"), *later.questions[1:])
    )
    counted = chosen(before, "q1", Mode.WEB, _5=5) + chosen(later, "q1", Mode.WEB, _5=5)

    found = tallies([before, later], [Answered(1, Mode.WEB, 5), Answered(2, Mode.WEB, 5)], counted)

    assert [each.versions for each in found if each.question.code == "q1"] == [(1,), (2,)]


some_counts = st.lists(
    st.tuples(st.sampled_from(FREQUENCY), st.sampled_from(list(Mode)), st.integers(1, 40)), max_size=12
)


@given(some_counts, st.integers(0, 30))
def test_lines_of_the_ways_add_up_to_the_whole_and_nothing_is_guessed(
    rows: list[tuple[str, Mode, int]], more: int
) -> None:
    asked = sheet()
    counted = [row for value, mode, n in rows for row in chosen(asked, "q2", mode, **{value: n})]
    answered = [Answered(1, mode, sum(n for _v, by, n in rows if by == mode) + more) for mode in Mode]

    found = next((each for each in tallies([asked], answered, counted) if each.question.code == "q2"), None)

    if found is None:
        assert (rows, more) == ([], 0)
        return
    for name in ("n", "none", "silent"):
        assert sum(getattr(line, name) for line in found.by_mode) == getattr(found.whole, name)
    assert found.whole.n + found.whole.none + found.whole.silent == sum(row.n for row in answered)
    if found.whole.parts:
        assert sum(part.share.part for part in found.whole.parts) == found.whole.n

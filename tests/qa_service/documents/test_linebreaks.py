from hypothesis import given
from hypothesis import strategies as st

from qa_service.documents.linebreaks import atoms, lines, natural_width

EM = 10.0
LINE = 100.0


def em_wide(text: str) -> float:
    """A made-up face: ideographs one em, everything else half."""
    return sum(EM if ord(letter) > 0x2000 else EM / 2 for letter in text)


def broken(text: str, first: float | None = None) -> list[str]:
    return ["".join(atom.text for atom in line) for line in lines(list(atoms(text, em_wide)), LINE, first)]


def test_a_line_takes_as_many_characters_as_fit():
    assert broken("一二三四五六七八九十甲乙丙") == ["一二三四五六七八九十", "甲乙丙"]


def test_no_line_begins_with_a_closing_mark():
    assert broken("一二三四五六七八九十，甲乙丙") == ["一二三四五六七八九", "十，甲乙丙"]


def test_a_closing_mark_may_hang_by_its_blank_half():
    assert broken("1一二三四五六七八九。甲乙丙") == ["1一二三四五六七八九。", "甲乙丙"]


def test_no_line_ends_with_an_opening_mark():
    assert broken("一二三四五六七八九（甲乙）") == ["一二三四五六七八九", "（甲乙）"]


def test_a_number_is_never_cut():
    assert broken("一二三四五六七八九2026年") == ["一二三四五六七八九", "2026年"]


def test_a_dash_of_two_cells_is_never_cut():
    assert broken("一二三四五六七八九——甲") == ["一二三四五六七八", "九——甲"]


def test_the_first_line_may_be_shorter():
    assert broken("一二三四五六七八九十甲乙", first=80.0) == ["一二三四五六七八", "九十甲乙"]


def test_a_word_longer_than_the_line_is_cut_rather_than_run_off_the_paper():
    assert all(em_wide(line) <= LINE for line in broken("https://" + "a" * 60))


def test_a_last_line_is_not_a_single_character():
    assert broken("一二三四五六七八九十甲：") == ["一二三四五六七八九", "十甲："]


def test_an_empty_text_is_one_empty_line():
    assert broken("") == [""]


@given(st.text(alphabet="一二三，。（）“”《》—…a1 .%年", max_size=120))
def test_breaking_loses_nothing_but_blanks_and_ends(text):
    assert "".join(broken(text)).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="一二三，。（）年12", max_size=120))
def test_no_line_is_wider_than_the_paper_allows(text):
    pieces = lines(list(atoms(text, em_wide)), LINE)

    assert all(natural_width(line) <= LINE + 1.5 * EM for line in pieces if len(line) > 1)

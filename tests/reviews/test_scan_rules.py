"""Which files are never copied, which number stands on a leaf, and where a machine finds a paper."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.enums import PaperGround
from reviews.pages import UNNUMBERED, cited
from reviews.scans import Helped, ScannedPaper, labels, papers_found, why_on_paper

GROWN = Helped(minor=False, birth_year=1980)
ACCEPTED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("helped", "cause", "ground"),
    [
        ([GROWN], "劳动报酬纠纷", None),
        ([Helped(minor=False, birth_year=None)], "", None),
        ([GROWN, Helped(minor=True, birth_year=None)], "", PaperGround.JUVENILE),
        ([Helped(minor=False, birth_year=2008)], "", PaperGround.JUVENILE),
        ([Helped(minor=False, birth_year=2007)], "", None),
        ([GROWN], "猥亵儿童罪", PaperGround.JUVENILE),
        ([GROWN], "离婚纠纷（不公开审理）", PaperGround.CLOSED_HEARING),
        ([GROWN], "为境外刺探国家秘密罪", PaperGround.SECRET),
    ],
)
def test_a_file_that_must_not_be_copied_is_known_by_what_the_case_system_says(helped, cause, ground):
    assert why_on_paper(helped, cause=cause, accepted_on=ACCEPTED) == ground


def test_leaves_are_numbered_on_from_paper_to_paper_and_bare_ones_named():
    papers = [ScannedPaper(4, unnumbered=2), ScannedPaper(2), ScannedPaper(2, first=20), ScannedPaper(1)]

    assert list(labels(papers)) == [("封面", "目录", "1", "2"), ("3", "4"), ("20", "21"), ("22",)]


@given(
    st.lists(st.builds(ScannedPaper, st.integers(0, 5), st.none() | st.integers(1, 90), st.integers(0, 9)), max_size=5)
)
def test_every_label_can_be_cited(papers):
    found = [label for leaf in labels(papers) for label in leaf]

    assert len(found) == sum(paper.leaves for paper in papers)
    assert all(label in UNNUMBERED or cited(label) for label in found)


def test_the_machine_finds_papers_by_what_was_told_their_bookmarks_or_their_names_and_guesses_none():
    titles = {
        "cover": "卷宗封面、目录",
        "meeting": "会见（谈话）笔录",
        "evidence": "证据目录及证据材料",
        "closing": "结案报告",
    }
    bound = ScannedPaper(
        9, unnumbered=2, headings=((1, "封面"), (2, "目录"), (3, "2. 会见笔录"), (5, "证据目录"), (8, "其他材料"))
    )
    apart = [ScannedPaper(3, name="结案报告.pdf"), ScannedPaper(2, name="scan0001.pdf")]

    assert papers_found(titles, [bound, *apart]) == {"meeting": "1-2", "evidence": "3-5", "closing": "8-10"}
    assert papers_found(titles, [ScannedPaper(1, name="x.pdf", paper="cover")]) == {"cover": "1"}
    assert papers_found(titles, [ScannedPaper(1, name="x.pdf", paper="gone")]) == {}

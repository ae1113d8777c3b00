"""What the documents say is what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from qa_service.common.rounding import half_up
from scoring.calculation import rules_of, weigh_case
from scoring.defaults import default_scheme
from scoring.standings import estimates
from tests.scoring.test_calculation import evidence
from tests.scoring.test_standings import cell

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = {
    "core": PROJECT["project"]["dependencies"],
    **PROJECT["project"]["optional-dependencies"],
    **PROJECT["dependency-groups"],
}


def words_of(name: str) -> str:
    """A document on one line: sentences break where the editor's window ends."""
    return " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())


def test_the_worked_example_of_a_grade_is_what_the_code_computes():
    weighed = weigh_case(evidence(organ_applies=True, self_assessment_applies=True), rules_of(1, default_scheme()))
    assert weighed.score is not None

    said = f"Coverage 55 ÷ 70 = {half_up(weighed.coverage)} %."
    assert said in words_of("scoring-method.md")
    assert f"shown as {half_up(weighed.score)}." in words_of("scoring-method.md")


def test_the_worked_example_of_a_standing_is_what_the_code_computes():
    found, shared = estimates([cell(1, [95] * 4), cell(2, [80] * 4), cell(3, [77] * 4)])

    drawn = f"k = {shared.k}: (4 × 95 + 5 × 84) ÷ 9 = {half_up(found[1].shrunk)}."
    assert f"Four files with mean 95, prior {found[1].prior}, {drawn}" in words_of("scoring-method.md")


def test_the_sources_weigh_in_the_text_as_they_do_in_the_default_scheme():
    rows = re.findall(r"^\| [^|]+ \| (\d+) \|", (ROOT / "docs" / "scoring-method.md").read_text("utf-8"), re.MULTILINE)

    assert rows == list(default_scheme()["case_weights"].values())


@pytest.mark.parametrize("group", GROUPS)
def test_every_direct_dependency_says_what_it_is_here_for(group):
    text = words_of("dependencies.md")
    named = [re.split(r"[\[<>=~; ]", line)[0] for line in GROUPS[group]]

    assert [name for name in named if name.lower() not in text.lower()] == []


# A day given until which something may be done: before it or on it is a matter of law.
UNTIL = re.compile(r"(?:%\(\w+\)s|截止日) ?前(?!（含当日）)|（含当日）前")


def test_every_last_day_is_written_in_one_way():
    catalogues = sorted(ROOT.glob("qa_service/locale/*/zh_Hans/LC_MESSAGES/django.po"))
    written = [line for path in catalogues for line in path.read_text("utf-8").splitlines() if UNTIL.search(line)]

    assert len(catalogues) > 3
    assert written == []

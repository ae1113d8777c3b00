"""The response funnel from rows: every number once, the same on every face, and the follow-ups behind it."""

import re
from collections import Counter
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.periods import Period
from surveys import services
from surveys.enums import PhoneOutcome, RecoveryAct
from surveys.figures.funnel import Step, Way
from surveys.models import Conversation
from surveys.queries.figures.behind import Figure, behind
from surveys.queries.figures.funnel import response_funnel
from surveys.queries.figures.scope import Choice
from surveys.queries.period import follow_up_of_period, ratings_of_quarter
from tests import factories
from tests.factories import NOW
from tests.stage import Stage
from tests.surveys.figures.reading import api, browser_of, heard_of_charts, rows_of_csv, tables_of, words_of_pdf
from tests.surveys.figures.scene import MINOR, Scene, case, deliver_all, ring, scene
from tests.surveys.recovering import office, unhappy, until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FUNNEL = "/api/v1/surveys/funnel"


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def lost(found: Any, way: Way) -> set[str]:
    funnels = {each.way: each for each in (found.whole, *found.ways)}
    return {f"{each.after.code}: {each.loss} {each.count}" for each in funnels[way].losses}


def numbers_of_csv(answer: Any) -> Counter[tuple[str, str, str]]:
    rows = rows_of_csv(answer)
    return Counter({(way, step, why): int(count) for way, step, why, _open, count, _first, _before in rows})


def numbers_of_api(told: Any) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for way in told["ways"]:
        labels = {step["code"]: step["label"] for step in way["steps"]}
        found |= Counter({(way["label"], step["label"], ""): step["count"] for step in way["steps"]})
        found |= Counter(
            {(way["label"], labels[each["after"]], each["label"]): each["count"] for each in way["losses"]}
        )
    return found


def numbers_of_page(markup: str) -> Counter[tuple[str, str, str]]:
    """Steps and reasons as the tables of the page show them, by way."""
    found: Counter[tuple[str, str, str]] = Counter()
    for section in re.split(r"<h2[^>]*>", markup)[1:]:
        way = section.split("</h2>")[0].strip()
        for cells in [row for table in tables_of(section) for row in table]:
            if len(cells) == 4:
                found[way, cells[0], ""] = int(cells[1])
            else:
                found[way, cells[0], cells[1]] = int(cells[2])
    return found


def test_of_fewer_than_five_nothing_is_drawn_and_nothing_is_coloured() -> None:
    at = office()
    case(at, survey_released_at=None)

    page = browser_of(at.manager).get(reverse("surveys:funnel")).content.decode()
    picture = ET.fromstring(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)[0])

    assert {bar.get("fill") for bar in picture.iter("{http://www.w3.org/2000/svg}rect")} == {"#B0B8C0"}
    assert "Nobody in this selection has been asked yet." in page


class TestTheScene:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> Scene:
        with time_machine.travel(NOW, tick=False):
            return stage(scene)

    @pytest.fixture
    def made(self, built: Scene) -> Scene:
        return deepcopy(built)

    def test_each_case_stands_at_one_step_and_each_loss_has_its_reason(self, made: Scene) -> None:
        found = response_funnel(user=made.at.manager, now=NOW)

        assert {each.step.code: each.count for each in found.whole.steps} == {
            "closed": 15, "begun": 12, "reachable": 11, "tried": 10, "arrived": 6, "started": 3, "answered": 2,
        }  # fmt: skip
        assert lost(found, Way.ALL) == {
            "closed: not_released 1", "closed: another_case 1", "closed: not_yet 1", "begun: no_way 1",
            "reachable: on_list 1", "tried: on_list 2", "tried: awaited 1", "tried: sheet_out 1", "arrived: awaited 1",
            "arrived: stopped 1", "arrived: declined 1", "started: somebody_else 1",
        }  # fmt: skip

    def test_reasons_against_a_text_are_told_by_kind(self, made: Scene) -> None:
        found = response_funnel(user=made.at.manager, now=NOW)

        assert {line for line in lost(found, Way.TEXT) if line.startswith("begun")} == {
            "begun: safety 1", "begun: minor 3", "begun: in_custody 1", "begun: not_consented 2",
        }  # fmt: skip
        text = next(each for each in found.ways if each.way is Way.TEXT)
        assert [each.count for each in text.steps] == [12, 5, 5, 3, 1, 1]

    def test_the_answers_of_all_ways_are_all_answers(self, made: Scene) -> None:
        found = response_funnel(user=made.at.manager, now=NOW)

        assert sum(each.answered for each in found.ways) == found.whole.answered == 2

    def test_reach_and_refusal_stand_beside(self, made: Scene) -> None:
        found = response_funnel(user=made.at.manager, now=NOW).reach

        assert (found.begun, found.arrived, found.answered, found.refused) == (12, 6, 2, 2)
        assert (found.refusal.part, found.refusal.whole) == (2, 6)

    def test_the_report_counts_what_the_funnel_counts_and_no_second_question(self, made: Scene) -> None:
        unhappy_client = unhappy(made.at)
        until(made.at.manager, unhappy_client, RecoveryAct.ASK)
        assert Conversation.objects.filter(case=unhappy_client.case).count() == 2

        quarter = Period.quarter(2026, 4)
        told = follow_up_of_period(centre_path=made.at.centre.path, period=quarter)
        ratings = ratings_of_quarter(centre_id=made.at.centre.pk, quarter=quarter, besides=Conversation.objects.none())
        found = response_funnel(user=made.at.manager, now=NOW)

        steps = {each.step: each.count for each in found.whole.steps}
        assert (told.eligible, told.asked, told.answered) == (
            steps[Step.BEGUN],
            steps[Step.TRIED],
            steps[Step.ANSWERED],
        )
        assert (told.eligible, sorted(rating.mark for rating in ratings)) == (13, [1, 4, 5])
        assert (told.reached, told.refusal) == (found.reach.reached, found.reach.refusal)

    @pytest.mark.parametrize(
        ("choice", "closed"),
        [
            ({"case_type": "criminal"}, 1),
            ({"period": "2026-Q4"}, 15),
            ({"period": "2026-Q3"}, 0),
            ({"period": "2026"}, 15),
        ],
    )
    def test_filters_choose_among_the_cases(self, made: Scene, choice: dict[str, str], closed: int) -> None:
        told = api(made.at.manager).get(FUNNEL, choice).json()

        assert told["ways"][0]["steps"][0]["count"] == closed

    def test_another_centre_counts_nothing(self, made: Scene) -> None:
        stranger = factories.user(Role.MANAGER, at=factories.centre())

        assert response_funnel(user=stranger, now=NOW).whole.first == 0

    @pytest.mark.parametrize(("name", "answered"), [("replied", 1), ("not_released", 2)])
    def test_one_s_own_cases_are_nobody_s_own_figures(self, made: Scene, name: str, answered: int) -> None:
        handler = factories.user(Role.MANAGER, Role.LAWYER, at=made.at.centre, of=made.cases[name].lawyer)

        whole = response_funnel(user=handler, now=NOW).whole

        assert (whole.first, whole.answered) == (14, answered)

    # --- every face says the same ------------------------------------------------------------------------------------
    def test_page_file_endpoint_and_pictures_show_the_same_numbers(self, made: Scene) -> None:
        browser = browser_of(made.at.manager)
        page = browser.get(reverse("surveys:funnel")).content.decode()
        file = browser.get(reverse("surveys:funnel-csv"))
        told = api(made.at.manager).get(FUNNEL).json()
        shown = [way for way in told["ways"] if way["steps"][0]["count"]]

        assert [step["count"] for step in told["ways"][0]["steps"]] == [15, 12, 11, 10, 6, 3, 2]
        of_file, of_api = numbers_of_csv(file), numbers_of_api(told)
        assert of_file == of_api
        assert numbers_of_page(page) == Counter(
            {key: n for key, n in of_api.items() if key[0] in {w["label"] for w in shown}}
        )
        assert heard_of_charts(page) == {
            way["label"]: ". ".join(
                [way["label"], "; ".join(f"{step['label']}: {step['count']}" for step in way["steps"])]
            )
            for way in shown
        }
        assert told["finding"] in page

    def test_the_paper_shows_the_same_numbers(self, made: Scene, fonts) -> None:
        words = words_of_pdf(browser_of(made.at.manager).get(reverse("surveys:funnel-pdf")))

        told = api(made.at.manager).get(FUNNEL).json()
        missing = [
            (step["label"], step["count"])
            for way in told["ways"]
            if way["steps"][0]["count"]
            for step in way["steps"]
            if re.sub(r"\s+", "", f"{step['label']}{step['count']}") not in words
        ]
        assert missing == []

    def test_the_address_holds_the_choice_and_opened_again_shows_the_same(self, made: Scene) -> None:
        browser = browser_of(made.at.supervisor)
        address = f"{reverse('surveys:funnel')}?centre={made.at.centre.code}&period=2026-Q4&case_type=criminal"

        first, second = (browser.get(address).content.decode() for _time in range(2))

        assert numbers_of_page(first) == numbers_of_page(second)
        assert f'value="{made.at.centre.code}" selected' in first
        assert 'value="2026-Q4" selected' in first
        assert "centre=" in re.findall(r'href="([^"]*csv[^"]*)"', first)[0]

    @pytest.mark.parametrize("query", ["centre=nowhere", "period=2026-Q5", "period=soon", "case_type=any"])
    def test_a_choice_that_is_none_is_no_page_and_the_endpoint_names_it(self, made: Scene, query: str) -> None:
        name = query.partition("=")[0]

        assert browser_of(made.at.manager).get(f"{reverse('surveys:funnel')}?{query}").status_code == 404
        refused = api(made.at.manager).get(f"{FUNNEL}?{query}")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])

    def test_the_endpoint_refuses_a_parameter_it_does_not_know(self, made: Scene) -> None:
        refused = api(made.at.manager).get(f"{FUNNEL}?quarter=1")

        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["quarter"])

    # --- behind a number ---------------------------------------------------------------------------------------------
    def test_behind_every_number_lie_as_many_follow_ups_as_it_says(self, made: Scene) -> None:
        manager = made.at.manager
        found = response_funnel(user=manager, now=NOW)

        for line in (found.whole, *found.ways):
            for each in line.steps:
                if each.step is Step.CLOSED:
                    continue
                page = behind(
                    user=manager, choice=Choice(), figure=Figure(line.way, step=each.step), after=None, now=NOW
                )
                assert len(page.rows) == each.count, (line.way, each.step)
            for loss in line.losses:
                page = behind(
                    user=manager, choice=Choice(), figure=Figure(line.way, loss=loss.loss), after=None, now=NOW
                )
                assert len(page.rows) == sum(other.count for other in line.losses if other.loss == loss.loss)

    def test_the_page_behind_a_number_names_the_cases_and_no_answer(self, made: Scene) -> None:
        browser = browser_of(made.at.manager)

        page = browser.get(f"{reverse('surveys:funnel-behind')}?way=text&loss=safety").content.decode()

        assert made.cases["interviewed"].number in page
        assert made.cases["replied"].number not in page
        told = api(made.at.manager).get(f"{FUNNEL}/behind?way=text&loss=safety").json()
        assert [row["case_number"] for row in told["rows"]] == [made.cases["interviewed"].number]

    @pytest.mark.parametrize(
        "query",
        ["", "way=text", "way=none&step=begun", "way=all&step=closed", "way=all&loss=x", "way=all&step=begun&after=x"],
    )
    def test_a_number_that_is_none_has_nothing_behind_it(self, made: Scene, query: str) -> None:
        assert browser_of(made.at.manager).get(f"{reverse('surveys:funnel-behind')}?{query}").status_code == 404
        assert api(made.at.manager).get(f"{FUNNEL}/behind?{query}").status_code == 400

    def test_behind_a_number_one_pages_through_all_and_meets_nobody_twice(self, made: Scene, monkeypatch) -> None:
        monkeypatch.setattr("surveys.queries.figures.behind.PAGE", 5)
        seen, after = [], None
        while True:
            page = behind(
                user=made.at.manager, choice=Choice(), figure=Figure(Way.ALL, step=Step.BEGUN), after=after, now=NOW
            )
            seen += [row.number for row in page.rows]
            after = page.after
            if after is None:
                break

        assert (len(seen), len(set(seen))) == (12, 12)

    # --- few, and many -----------------------------------------------------------------------------------------------
    def test_the_funnel_costs_the_same_for_many_as_for_few(self, made: Scene) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                browser.get(reverse("surveys:funnel"))
                browser.get(f"{reverse('surveys:funnel-behind')}?way=all&step=begun")
            return len(found)

        browser = browser_of(made.at.manager)
        asked()
        few = asked()
        more = [case(made.at, MINOR) for _number in range(6)]
        services.invite_due(now=NOW)
        deliver_all()
        for each in more:
            ring(made.at, Conversation.objects.get(case=each), PhoneOutcome.NO_ANSWER)

        assert asked() == few

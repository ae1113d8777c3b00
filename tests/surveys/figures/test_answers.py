"""What clients answered, from rows: the same on every face, and nothing of money for whom that is sealed."""

import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.enums import FirmKind
from surveys import services
from surveys.blueprint.document import to_document
from surveys.enums import Answerer, Mode, RecoveryAct
from surveys.models import Conversation, Questionnaire
from surveys.queries.figures.answers import answer_statistics
from surveys.queries.questionnaires import blueprint_of
from surveys.services.questionnaires.publishing import publish
from tests import factories
from tests.factories import NOW
from tests.stage import Stage
from tests.surveys.faces.rows import asked
from tests.surveys.faces.test_sealed import CHANGING
from tests.surveys.figures.crowd import crowd
from tests.surveys.figures.reading import api, browser_of, heard_of_charts, rows_of_csv, tables_of, words_of_pdf
from tests.surveys.figures.scene import MINOR, case, interview, scene
from tests.surveys.recovering import Office, answered, office, unhappy, until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ANSWERS = "/api/v1/surveys/answers"


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_what_somebody_else_answered_and_a_second_question_count_for_nothing() -> None:
    made = scene()
    until(made.at.manager, unhappy(made.at), RecoveryAct.ASK)
    again = Conversation.objects.exclude(wave="closing").get()
    services.record_interview(
        user=made.at.staff, conversation=again, answers={"q1": services.AnswerInput(value="5")},
        answerer=Answerer.CLIENT, now=NOW,
    )  # fmt: skip

    found = answer_statistics(user=made.at.manager, now=NOW)

    assert found.questionnaire is not None
    assert (found.questionnaire.key, found.responses, found.others) == ("client-closing", 3, ())


def test_fewer_than_five_answers_are_not_broken_down_anywhere() -> None:
    made = scene()

    page = browser_of(made.at.manager).get(reverse("surveys:answers")).content.decode()
    told = api(made.at.manager).get(ANSWERS).json()
    rows = rows_of_csv(browser_of(made.at.manager).get(reverse("surveys:answers-csv")))

    assert {len(line["parts"]) for question in told["questions"] for line in question["lines"]} == {0}
    assert {row[4] for row in rows} == {"Opinions", "No opinion", "Not asked or left open", "Matters that you see to"}
    assert "<rect" not in page


# --- money, and what it opens ----------------------------------------------------------------------------------------


def faces(user: User, place: Office) -> list[bytes]:
    browser = browser_of(user)
    query = {"centre": place.centre.code}
    shown = [browser.get(reverse(f"surveys:{name}"), query).content for name in ("answers", "answers-csv", "funnel")]
    return [CHANGING.sub(b"", page) for page in (*shown, browser.get(ANSWERS).content)]


KINDS = (FirmKind.LAW_FIRM, FirmKind.CENTRE_STAFF)


def five_answered(kind: FirmKind, money: str) -> Office:
    """The fifth says so of money."""
    place = office()
    firm = factories.firm(place.centre, kind=kind, name="所")
    for _each in range(4):
        interview(place, asked(factories.case(place.centre, firm=firm))[0])
    answered(factories.case(place.centre, firm=firm), money=money)
    return place


class TestSaidOfMoney:
    @pytest.fixture(scope="class")
    @classmethod
    def places(cls, stage: Stage) -> dict[tuple[FirmKind, str], Office]:
        with time_machine.travel(NOW, tick=False):
            return stage(
                lambda: {(kind, money): five_answered(kind, money) for kind in KINDS for money in ("no", "yes")}
            )

    @pytest.mark.parametrize(
        ("who", "kind", "same"),
        [
            ("staff", FirmKind.LAW_FIRM, True),
            ("staff", FirmKind.CENTRE_STAFF, True),
            ("manager", FirmKind.CENTRE_STAFF, True),
            ("manager", FirmKind.LAW_FIRM, False),
            ("supervisor", FirmKind.CENTRE_STAFF, False),
        ],
    )
    def test_it_changes_no_byte_for_whom_it_is_sealed(
        self, places: dict[tuple[FirmKind, str], Office], who: str, kind: FirmKind, same: bool
    ) -> None:
        shown = []
        for money in ("no", "yes"):
            place = deepcopy(places[kind, money])
            codes = place.centre.code.encode(), place.centre.name.encode(), getattr(place, who).display_name.encode()
            pages = faces(getattr(place, who), place)
            for name in codes:
                pages = [page.replace(name, b"") for page in pages]
            shown.append(pages)

        assert (shown[0] == shown[1]) is same


def test_money_is_told_as_a_count_to_those_who_see_to_it() -> None:
    place = office()
    answered(factories.case(place.centre), money="yes")

    counts = {who: api(getattr(place, who)).get(ANSWERS).json()["money"] for who in ("staff", "manager", "supervisor")}
    told = api(place.manager).get(ANSWERS).json()

    assert counts == {"staff": None, "manager": 1, "supervisor": 1}
    assert {question["code"] for question in told["questions"]} & {"q6", "q10", "q11"} == set()


def answered_in_five_ways() -> Office:
    """A hundred and twenty follow-ups, some sixty of them answered."""
    at = office()
    crowd(at.centre, 120)
    return at


class TestMany:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> Office:
        with time_machine.travel(NOW, tick=False):
            return stage(answered_in_five_ways)

    @pytest.fixture
    def many(self, built: Office) -> Office:
        return deepcopy(built)

    def test_page_file_endpoint_and_picture_show_the_same_numbers(self, many: Office) -> None:
        browser = browser_of(many.manager)
        page = browser.get(reverse("surveys:answers")).content.decode()
        told = api(many.manager).get(ANSWERS).json()

        of_api = {
            (question["code"], line["label"], part["label"]): (part["count"], part["percent"])
            for question in told["questions"]
            for line in question["lines"]
            for part in line["parts"]
        }
        labels = {part for _code, _way, part in of_api}
        of_file = {
            (code, way, answer): (int(count), percent)
            for code, _text, _versions, way, answer, count, percent, _low, _high in rows_of_csv(
                browser.get(reverse("surveys:answers-csv"))
            )
            if answer in labels
        }
        assert of_file == of_api
        sections = re.split(r"<section", page)[1:]
        assert len(sections) == len(told["questions"])
        for section, question in zip(sections, told["questions"], strict=True):
            if question["lines"][0]["n"] < 5:
                assert tables_of(section) == []
                continue
            (table,) = tables_of(section)
            assert [[row[0], row[-3], row[-2], row[-1]] for row in table] == [
                [line["label"], str(line["none"]), str(line["silent"]), str(line["n"])] for line in question["lines"]
            ]
            for row, line in zip(table, question["lines"], strict=True):
                shown = [f"{part['count']} ({part['percent']} %)" for part in line["parts"]]
                assert row[1 : 1 + len(shown)] == shown
        (heard,) = heard_of_charts(page).values()
        for question in told["questions"]:
            if question["favourable"]:
                assert all(f"{part['label']} {part['count']}" in heard for part in question["lines"][0]["parts"])
        assert told["finding"] in page

    def test_the_paper_shows_the_same_numbers(self, many: Office, fonts) -> None:
        words = words_of_pdf(browser_of(many.manager).get(reverse("surveys:answers-pdf")))

        told = api(many.manager).get(ANSWERS).json()
        missing = [
            (question["code"], part["label"])
            for question in told["questions"]
            for part in question["lines"][0]["parts"]
            if re.sub(r"\s+", "", f"{part['count']}{part['percent']}%") not in words
        ]
        assert missing == []

    def test_reach_and_refusal_stand_beside_and_are_the_funnel_s(self, many: Office) -> None:
        of_answers = api(many.manager).get(ANSWERS).json()["rates"]

        assert of_answers == api(many.manager).get("/api/v1/surveys/funnel").json()["rates"]
        assert [rate["code"] for rate in of_answers] == ["reached", "answered", "refused"]

    def test_ways_stand_apart_and_add_up(self, many: Office) -> None:
        found = answer_statistics(user=many.manager, now=NOW)

        first = found.questions[0]
        assert [line.mode for line in first.by_mode] == [Mode.SMS, Mode.WEB, Mode.TELEPHONE, Mode.VISIT, Mode.PAPER]
        assert sum(line.n + line.none for line in first.by_mode) == first.whole.n + first.whole.none == found.responses
        second = found.questions[1]
        assert second.by_mode[0].silent == first.by_mode[0].n + first.by_mode[0].none  # a text asks one question

    def test_a_question_asked_otherwise_begins_anew_and_the_page_says_so(self, many: Office) -> None:
        content = to_document(blueprint_of(Questionnaire.objects.get(key="client-closing")))
        content["questions"][0]["text"]["en"] = "Were you content?"
        publish(content={**content, "version": 3}, now=NOW + timedelta(days=1))
        latest = Questionnaire.objects.get(key="client-closing", version=3)
        for _each in range(5):
            fresh = case(many, MINOR)
            services.invite_due(now=NOW + timedelta(days=1))
            talk = Conversation.objects.get(case=fresh)
            assert talk.questionnaire == latest
            interview(many, talk)

        told = api(many.manager).get(ANSWERS).json()
        page = browser_of(many.manager).get(reverse("surveys:answers")).content.decode()

        ratings = [question for question in told["questions"] if question["code"] == "q1"]
        assert [(each["versions"], each["begins_anew"]) for each in ratings] == [([2], False), ([3], True)]
        assert [each["versions"] for each in told["questions"] if each["code"] == "q2"] == [[2, 3]]
        assert "Worded differently before: these figures are from version 3 only" in page
        assert "Were you content?" in page

    def test_the_answers_of_one_s_own_cases_are_nobody_s_own_figures(self, many: Office) -> None:
        own = factories.case(many.centre)
        answered(own)
        handler = factories.user(Role.MANAGER, Role.LAWYER, at=many.centre, of=own.lawyer)

        mine, all_ = (answer_statistics(user=user, now=NOW).responses for user in (handler, many.manager))

        assert mine == all_ - 1

    def test_the_answers_cost_the_same_for_many_as_for_few(self, many: Office) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                browser.get(reverse("surveys:answers"))
            return len(found)

        browser = browser_of(many.manager)
        asked()
        few = asked()
        crowd(many.centre, 60, seed=8)

        assert asked() == few

    def test_a_questionnaire_that_nobody_answered_shows_nothing(self, many: Office) -> None:
        told: Any = api(many.manager).get(ANSWERS, {"questionnaire": "nothing"}).json()

        assert (told["responses"], told["questions"]) == (0, [])
        assert browser_of(many.manager).get(f"{reverse('surveys:answers')}?questionnaire=a b").status_code == 404

"""What each reader sees of scores: their own, and of clients nothing that tells one from another."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, FlagKind
from qa_service.cases.models import Case
from qa_service.cases.services import evidence_changed, raise_risk_flag
from qa_service.organisations.models import CentreSettings, Firm, Lawyer, Membership, Organisation
from reviews.enums import Anchor
from reviews.models import CaseReview
from reviews.services.results import recombine
from reviews.services.telling import serve_result
from scoring.enums import Grade
from scoring.models import CaseScore
from scoring.services.scores import rescore_changed
from scoring.services.voice import release_client_voice
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.reviews import factories as reviews
from tests.reviews.factories import GOOD
from tests.scoring import deciding
from tests.scoring.factories import LATER, scheme, scored, voice
from tests.surveys import factories as surveys

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Organisation:
    return factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0, "filing_limit_days": 45})


@pytest.fixture
def firm(centre: Organisation) -> Firm:
    return factories.firm(centre)


@pytest.fixture
def lawyer(firm: Firm) -> Lawyer:
    return factories.lawyer(firm)


@pytest.fixture
def score(centre: Organisation, firm: Firm, lawyer: Lawyer) -> CaseScore:
    """Released, and the lawyer was told on a home of their own."""
    reviews.account_of(lawyer)
    return scored(factories.case(centre, firm=firm, lawyer=lawyer), **GOOD)


def browser(*roles: Role, **fields: Any) -> Browser:
    """Of somebody new, or of a lawyer who has an account."""
    client = Browser()
    known = User.objects.filter(lawyer=fields["of"]).first() if "of" in fields else None
    client.force_login(known or factories.user(*roles, **fields))
    return client


def case_page(score: CaseScore) -> str:
    return reverse("scoring:case-result", args=[score.case.public_id])


def test_a_lawyer_sees_their_own_case_line_by_line(score: CaseScore, lawyer: Lawyer) -> None:
    own = browser(Role.LAWYER, of=lawyer)

    listed = own.get(reverse("scoring:my-results"), headers={"accept-language": "en"}).content.decode()
    page = own.get(case_page(score), headers={"accept-language": "en"}).content.decode()

    assert score.case.number in listed
    assert "88.55" in listed
    assert "/reviews/results/" in listed
    assert "87.40" in page
    assert "84.62" in page
    assert "The centre gives 45 days." in page


def test_the_reasons_sheet_prints_the_same_lines_for_every_reader_and_nothing_a_client_said(
    score: CaseScore, centre: Organisation, lawyer: Lawyer, fonts: object
) -> None:
    case = score.case
    voice(case)
    sheets = [
        text_of(person.get(reverse("scoring:reasons-sheet", args=[case.public_id])).content)
        for person in (browser(Role.LAWYER, of=lawyer), browser(Role.MANAGER, at=centre))
    ]

    assert sheets[0] == sheets[1]
    for said in ("案件评定理由表", case.number, lawyer.name, "87.40", "50", "良好", score.sha256[:16]):
        assert said in sheets[0], said
    assert "受援人评价" not in sheets[0]
    assert browser(Role.MANAGER, at=factories.centre()).get(
        reverse("scoring:reasons-sheet", args=[case.public_id])
    ).status_code == 404  # fmt: skip


def test_an_earlier_grade_keeps_its_reasons_for_those_who_oversee_the_case(
    score: CaseScore, centre: Organisation, lawyer: Lawyer, fonts: object
) -> None:
    CentreSettings.objects.filter(centre=centre).update(filing_limit_days=1)
    evidence_changed(score.case_id)
    rescore_changed(now=NOW)
    now = CaseScore.objects.current().get(case=score.case)
    door = reverse("scoring:reasons-sheet", args=[score.case.public_id])
    manager, own = browser(Role.MANAGER, at=centre), browser(Role.LAWYER, of=lawyer)

    earlier = text_of(manager.get(door, {"score": str(score.public_id)}).content)
    others = [
        (reader.get(door, {"score": str(wanted)}).status_code)
        for reader, wanted in ((own, score.public_id), (manager, now.public_id), (manager, "x"), (manager, uuid4()))
    ]

    assert (score.sha256[:16] in earlier, "已失效" in earlier) == (True, True)
    assert now.sha256[:16] in text_of(manager.get(door).content)
    assert others == [404] * 4
    assert [str(score.public_id) in reader.get(case_page(score)).content.decode() for reader in (manager, own)] == [
        True,
        False,
    ]


def test_the_printed_statement_says_whose_results_it_holds(score: CaseScore, lawyer: Lawyer, firm: Firm) -> None:
    Membership.objects.get_or_create(lawyer=lawyer, firm=firm, defaults={"starts_on": date(2020, 1, 1)})
    left = factories.firm(firm.centre)
    Membership.objects.create(lawyer=lawyer, firm=left, starts_on=date(2019, 1, 1), ends_on=date(2020, 1, 1))

    shown = browser(Role.LAWYER, of=lawyer).get(reverse("scoring:my-results")).content.decode()

    for said in ("案件质量评查结果说明", lawyer.name, lawyer.licence_number, firm.name, firm.centre.name, "截至"):
        assert said in shown, said
    assert left.name not in shown


def test_another_lawyers_case_does_not_exist(score: CaseScore, firm: Firm) -> None:
    other = browser(Role.LAWYER, of=factories.lawyer(firm))

    assert other.get(case_page(score)).status_code == 404
    assert score.case.number not in other.get(reverse("scoring:my-results")).content.decode()
    assert other.get(f"/api/v1/cases/{score.case.public_id}/score").status_code == 404
    assert other.get("/api/v1/scores").json()["results"] == []


def test_a_result_that_is_not_released_is_not_shown(centre: Organisation, firm: Firm, lawyer: Lawyer) -> None:

    scheme()
    case = factories.case(centre, firm=firm, lawyer=lawyer)
    reviews.submitted(reviews.assignment(case), A1=Anchor.FULL)
    rescore_changed(now=NOW)
    own = browser(Role.LAWYER, of=lawyer)

    assert case.number not in browser(Role.FIRM, heads=firm).get(reverse("scoring:firm-results")).content.decode()
    assert case.number not in own.get(reverse("scoring:my-results")).content.decode()
    page = own.get(reverse("scoring:case-result", args=[case.public_id]), headers={"accept-language": "en"})
    assert "There is no result for this case yet." in page.content.decode()


def test_a_manager_of_the_firm_reads_a_grade_no_sooner_than_the_firm_and_others_as_ever(
    centre: Organisation, firm: Firm, lawyer: Lawyer
) -> None:
    scheme()
    case = factories.case(centre, firm=firm, lawyer=lawyer)
    reviews.submitted(reviews.assignment(case), A1=Anchor.FULL)
    rescore_changed(now=NOW)
    one = f"/api/v1/cases/{case.public_id}/score"

    def read(person: Browser) -> list[bool]:
        lists = [person.get(door).content.decode() for door in (reverse("scoring:scores"), "/api/v1/scores")]
        return [person.get(one).status_code == 200, *(case.number in listed for listed in lists)]

    assert read(browser(Role.MANAGER, at=centre, of=factories.lawyer(firm))) == [False] * 3
    assert read(browser(Role.MANAGER, Role.FIRM, at=centre, heads=firm)) == [False] * 3
    assert read(browser(Role.MANAGER, at=centre)) == [True] * 3


@pytest.fixture
def _stopped_clock() -> Iterator[None]:
    """Pages bear the minute in which they are read."""
    with time_machine.travel(datetime.now(tz=UTC), tick=False):
        yield


@pytest.mark.usefixtures("_stopped_clock")
def test_a_clients_answer_changes_no_byte_of_what_lawyer_and_firm_see(
    score: CaseScore, lawyer: Lawyer, firm: Firm
) -> None:
    pages = _pages(score, lawyer, firm)
    before = [_body(reader, url) for reader, url in pages]

    surveys.questionnaires()
    surveys.services.invite_due(now=NOW)
    surveys.services.deliver_next(now=NOW)
    conversation = surveys.Conversation.objects.get(case=score.case)
    surveys.reply(conversation, "1")
    evidence_changed(score.case_id)
    rescore_changed(now=LATER)
    release_client_voice(now=LATER)

    assert [_body(reader, url) for reader, url in pages] == before
    assert _body(browser(Role.MANAGER, at=score.centre), case_page(score)).count(b"Only the centre sees this") == 1


@pytest.mark.usefixtures("_stopped_clock")
def test_a_complaint_changes_no_byte_of_what_lawyer_and_firm_see(
    centre: Organisation, firm: Firm, lawyer: Lawyer
) -> None:
    """Least of all the grade: one that fell from excellent would tell who complained."""
    scheme()
    case = factories.case(centre, firm=firm, lawyer=lawyer)
    deciding.read(case)
    score = CaseScore.objects.current().get(case=case)
    assert score.grade == Grade.EXCELLENT
    pages = _pages(score, lawyer, firm)
    before = [_body(reader, url) for reader, url in pages]

    raise_risk_flag(case_id=case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=LATER)
    evidence_changed(case.pk)
    rescore_changed(now=LATER)

    assert [_body(reader, url) for reader, url in pages] == before
    assert list(CaseScore.objects.filter(case=case, is_current=True)) == [score]


def _pages(score: CaseScore, lawyer: Lawyer, firm: Firm) -> list[tuple[Browser, str]]:
    """Everything that tells the lawyer and the head of the firm of this case."""
    shared = [case_page(score), "/api/v1/scores", f"/api/v1/cases/{score.case.public_id}/score"]
    own, head = browser(Role.LAWYER, of=lawyer), browser(Role.FIRM, heads=firm)
    return [
        *((own, url) for url in [reverse("scoring:my-results"), *shared]),
        *((head, url) for url in [reverse("scoring:firm-results"), *shared]),
    ]


def _body(reader: Browser, url: str) -> bytes:
    response = reader.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200
    return b"\n".join(line for line in response.content.splitlines() if b"csrfmiddlewaretoken" not in line)


def test_client_voice_appears_from_five_answers_on(centre: Organisation, firm: Firm, lawyer: Lawyer) -> None:
    own, head = browser(Role.LAWYER, of=lawyer), browser(Role.FIRM, heads=firm)
    for _each in range(4):
        voice(factories.case(centre, firm=firm, lawyer=lawyer), 85)
    release_client_voice(now=NOW)
    assert "Nothing has been released yet." in _page(own, "scoring:my-results")

    voice(factories.case(centre, firm=firm, lawyer=lawyer), 35)
    release_client_voice(now=NOW)

    for page in (_page(own, "scoring:my-results"), _page(head, "scoring:firm-results")):
        assert "The mean over 5 answers lies between <strong>70 and 80</strong> of 100." in page
        assert "75" not in page[page.index('id="voice"') : page.index("Answers are released in groups")]


def _page(reader: Browser, name: str, **query: str) -> str:
    response = reader.get(reverse(name), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_the_head_of_a_firm_sees_its_lawyers_cases(score: CaseScore, firm: Firm, lawyer: Lawyer) -> None:
    page = _page(browser(Role.FIRM, heads=firm), "scoring:firm-results")

    assert score.case.number in page
    assert lawyer.name in page


def test_a_firm_reads_a_result_once_its_lawyer_was_told_of_it(centre: Organisation, firm: Firm, lawyer: Lawyer) -> None:
    untold = scored(factories.case(centre, firm=firm, lawyer=lawyer), **GOOD)
    result = CaseReview.objects.get(case=untold.case)
    head = browser(Role.FIRM, heads=firm)
    doors = _doors(result)

    def read() -> list[bool]:
        listed = untold.case.number in _page(head, "scoring:firm-results")
        counted = untold.case.number in head.get("/api/v1/scores").content.decode()
        return [listed, counted, "88.55" in _body(head, case_page(untold)).decode(), *_opened(head, doors)]

    before = read()
    with time_machine.travel(result.released_at, tick=False):
        serve_result(result=result, served_on=timezone.localdate(), user=reviews.manager(centre), now=timezone.now())

    assert (before, read()) == ([False] * 5, [True] * 5)


def test_of_a_new_version_a_firm_reads_the_score_once_its_lawyer_was_told_of_that_version(
    centre: Organisation, firm: Firm, lawyer: Lawyer
) -> None:
    case = scored(factories.case(centre, firm=firm, lawyer=lawyer), **GOOD).case
    result = CaseReview.objects.get(case=case)
    head = browser(Role.FIRM, heads=firm)
    serve_result(result=result, served_on=timezone.localdate(NOW), user=reviews.manager(centre), now=NOW)
    of_the_first = _opened(head, _doors(result))

    anew = recombine(case=case, reason="再次", now=LATER)
    assert anew is not None
    rescore_changed(now=LATER)

    assert (of_the_first, anew.told, _opened(head, _doors(anew))) == ([True, True], False, [False, False])
    assert case.number not in _page(head, "scoring:firm-results")


def test_a_firm_reads_no_result_of_which_another_lawyer_was_told(score: CaseScore, firm: Firm) -> None:
    head, doors = browser(Role.FIRM, heads=firm), _doors(CaseReview.objects.get(case=score.case))
    before = _opened(head, doors)

    Case.objects.filter(pk=score.case_id).update(lawyer=factories.lawyer(firm))

    assert (before, _opened(head, doors)) == ([True, True], [False, False])


def _doors(result: CaseReview) -> tuple[str, str]:
    return reverse("reviews:result", args=[result.public_id]), f"/api/v1/cases/{result.case.public_id}/score"


def _opened(reader: Browser, doors: tuple[str, ...]) -> list[bool]:
    return [reader.get(url).status_code == 200 for url in doors]


def test_pages_without_results_say_so(lawyer: Lawyer, firm: Firm, centre: Organisation) -> None:
    scored()  # somebody else's; it also publishes the scheme

    assert "There are no results yet." in _page(browser(Role.LAWYER, of=lawyer), "scoring:my-results")
    assert "There are no results yet." in _page(browser(Role.FIRM, heads=firm), "scoring:firm-results")
    assert "has a grade yet" in _page(browser(Role.MANAGER, at=centre), "scoring:standings")


@pytest.mark.parametrize("kind", ["lawyer", "firm", "station", "centre"])
def test_standings_show_what_was_counted(score: CaseScore, centre: Organisation, kind: str) -> None:
    Case.objects.filter(pk=score.case_id).update(station=factories.organisation("station", centre))
    evidence_changed(score.case_id)
    rescore_changed(now=LATER)

    page = _page(browser(Role.MANAGER, at=centre), "scoring:standings", kind=kind, period="2026-Q4")

    assert "88.55" in page
    assert "fewer than 5" in page
    assert "not counted (answers: 0)" in page


# 2027 has begun in Shanghai and not in London.
NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "year"), [("Asia/Shanghai", "2027"), ("Europe/London", "2026")])
@pytest.mark.parametrize("service", ["Asia/Shanghai", "Europe/London"])
def test_the_period_shown_first_is_the_year_of_the_centre(zone: str, year: str, service: str) -> None:
    there = factories.centre(settings={"time_zone": zone})
    scheme()
    with time_machine.travel(NEW_YEAR_IN_SHANGHAI, tick=False), timezone.override(service):
        manager = browser(Role.MANAGER, at=there)
        pages = [_page(manager, name) for name in ("scoring:standings", "scoring:report")]
        period = manager.get("/api/v1/standings").json()["period"]

    assert [f'<option value="{year}" selected' in page for page in pages] == [True, True]
    assert period == year


def test_standings_reach_no_further_than_the_subtree(score: CaseScore, centre: Organisation) -> None:
    elsewhere = browser(Role.MANAGER, at=factories.centre())

    assert "88.55" not in _page(elsewhere, "scoring:standings")
    assert elsewhere.get(reverse("scoring:standings"), {"centre": centre.code}).status_code == 404
    assert elsewhere.get("/api/v1/standings").json()["standings"] == []
    assert elsewhere.get("/api/v1/standings", {"centre": centre.code}).status_code == 404


def test_managers_find_every_score_of_their_subtree(score: CaseScore, centre: Organisation) -> None:
    manager, elsewhere = browser(Role.MANAGER, at=centre), browser(Role.MANAGER, at=factories.centre())

    assert case_page(score) in _page(manager, "scoring:scores", grade="good")
    assert case_page(score) not in _page(manager, "scoring:scores", grade="fail")
    assert "There are no scores here yet." in _page(elsewhere, "scoring:scores")
    behind = {"period": "2026", "kind": "firm", "unit": str(score.firm.public_id)}
    assert re.search(r"Year 2026 · Firms?\b", _page(manager, "scoring:scores", **behind))


def test_the_list_of_scores_goes_on_by_key_and_shows_each_once(
    score: CaseScore, centre: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.views.results.CASES_A_PAGE", 2)
    days = (date(2026, 11, 9), score.closed_on, date(2026, 11, 12), score.closed_on)
    others = [scored(factories.case(centre, closed_on=day), **GOOD) for day in days]
    manager, address, pages = browser(Role.MANAGER, at=centre), reverse("scoring:scores") + "?grade=good", []
    while address:
        pages.append(manager.get(address).content.decode())
        found = re.search(r'rel="next" href="([^"]+)"', pages[-1])
        address = reverse("scoring:scores") + html.unescape(found[1]) if found else ""

    listed = [each for page in pages for each in re.findall(r"/scoring/cases/([-0-9a-f]{36})", page)]
    newest_first = sorted([score, *others], key=lambda row: (row.closed_on, row.pk), reverse=True)
    assert listed == [str(row.case.public_id) for row in newest_first]
    assert [page.count('class="page-link"') for page in pages] == [1, 2, 1]  # back to the first, and on
    for nowhere in ("7", str(uuid4())):
        assert manager.get(reverse("scoring:scores"), {"after": nowhere}).status_code == 422


def test_a_period_is_half_open_and_stands_in_the_address(score: CaseScore, centre: Organisation) -> None:
    manager = browser(Role.MANAGER, at=centre)

    assert "88.55" not in _page(manager, "scoring:standings", period="2026-Q3")
    assert manager.get(reverse("scoring:standings"), {"period": "2026-Q5"}).status_code == 422
    assert manager.get("/api/v1/standings", {"period": "soon"}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        ({"since": "2026-10-01", "until": "2026-12-31"}, "2026-Q4"),
        ({"since": "2026-11-02", "until": "2026-11-02"}, "2026-11-02/2026-11-03"),
        ({"since": "2026-11-02"}, "2026-11-02/2027-01-01"),
        ({"until": "2026-03-31"}, "2026-Q1"),
        ({"until": "2025-03-31"}, "2025-03-31/2025-04-01"),
    ],
)
def test_programs_ask_for_standings_of_any_days_as_the_page_does(
    score: CaseScore, centre: Organisation, asked: dict[str, str], period: str
) -> None:
    manager = browser(Role.MANAGER, at=centre)

    told = manager.get("/api/v1/standings", asked).json()

    assert told["period"] == period
    assert manager.get("/api/v1/standings", {"until": "9999-12-31"}).status_code == 422
    assert told["standings"] == manager.get("/api/v1/standings", {"period": period}).json()["standings"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"since": "2026-10-01", "period": "2026"}, "period"),
        ({"since": "2026-12-31", "until": "2026-10-01"}, "until"),
        ({"since": "soon"}, "since"),
    ],
)
def test_days_that_nobody_can_mean_are_refused_by_name(centre: Organisation, asked: dict[str, str], field: str) -> None:
    refused = browser(Role.MANAGER, at=centre).get("/api/v1/standings", asked)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])


def test_programs_read_the_same_figures(score: CaseScore, centre: Organisation) -> None:
    manager = browser(Role.MANAGER, at=centre)

    listed = manager.get("/api/v1/scores", {"grade": "good"}).json()["results"]
    one = manager.get(f"/api/v1/cases/{score.case.public_id}/score").json()
    standing = manager.get("/api/v1/standings", {"period": "2026-Q4"}).json()
    own_type, others = (
        manager.get("/api/v1/standings", {"period": "2026-10-01/2027-01-01", "case_type": each}).json()["standings"]
        for each in (score.case_type, next(each for each in CaseType.values if each != score.case_type))
    )

    assert [(row["number"], row["score"]) for row in listed] == [(score.case.number, "88.54545454")]
    assert [line["contribution"] for line in one["lines"] if line["applies"] and line["value"]] == ["79.45", "9.09"]
    assert [(row["n"], row["rank"]) for row in standing["standings"]] == [(1, None)]
    assert ([row["n"] for row in own_type], others) == ([1], [])
    assert manager.get("/api/v1/scores", {"grade": "fail"}).json()["results"] == []


def test_people_without_the_role_are_turned_away(score: CaseScore, centre: Organisation) -> None:
    reviewer = browser(Role.REVIEWER, at=centre)

    urls = [reverse(f"scoring:{name}") for name in ("standings", "my-results", "firm-results")]
    assert [reviewer.get(url).status_code for url in [*urls, case_page(score), "/api/v1/scores"]] == [403] * 5
    assert Browser().get(case_page(score)).status_code == 302
    assert browser(Role.MANAGER, at=centre).get(reverse("scoring:case-result", args=[uuid4()])).status_code == 404


def test_lists_take_the_same_queries_for_one_case_and_for_several(
    score: CaseScore, centre: Organisation, firm: Firm, lawyer: Lawyer
) -> None:
    readers = [
        (browser(Role.LAWYER, of=lawyer), reverse("scoring:my-results")),
        (browser(Role.FIRM, heads=firm), reverse("scoring:firm-results")),
        (browser(Role.MANAGER, at=centre), reverse("scoring:standings")),
        (browser(Role.MANAGER, at=centre), reverse("scoring:scores")),
        (browser(Role.MANAGER, at=centre), reverse("scoring:glance")),
        (browser(Role.MANAGER, at=centre), "/api/v1/scores"),
    ]
    few = [_queries(reader, url) for reader, url in readers]
    for _each in range(3):
        scored(factories.case(centre, firm=firm, lawyer=lawyer), **GOOD)
        scored(factories.case(centre), **GOOD)

    assert [_queries(reader, url) for reader, url in readers] == few


def _queries(reader: Browser, url: str) -> int:
    reader.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(url).status_code == 200
    return len(queries)


def a_lawyer_of_two_quarters(centre: Organisation) -> User:
    """Five graded cases in each; the first of them of a client whose name is looked for."""
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    for closed_on, anchors in ((date(2026, 6, 30), {}), (date(2026, 11, 2), GOOD)):
        for _time in range(5):
            scored(factories.case(centre, firm=firm, lawyer=lawyer, closed_on=closed_on), **anchors)
    return factories.user(Role.LAWYER, of=lawyer)


def test_a_lawyer_sees_the_trend_of_their_means_beside_its_table(centre: Organisation) -> None:
    handler = a_lawyer_of_two_quarters(centre)

    reader = Browser()
    reader.force_login(handler)
    page = _page(reader, "scoring:my-results")

    finding = re.search(
        r'<p class="finding">From 2026-Q2 to 2026-Q4 the mean went from (\d+\.\d\d) to (\d+\.\d\d)\.', page
    )
    assert finding is not None
    for figure in finding.groups():
        assert re.search(rf">{figure}<", page.rpartition("</svg>")[2].partition("</table>")[0])
    assert 'role="img"' in page


@pytest.mark.usefixtures("fonts")
def test_the_statement_of_own_results_says_what_the_page_says_and_names_no_client(centre: Organisation) -> None:
    handler = a_lawyer_of_two_quarters(centre)
    reader = Browser()
    reader.force_login(handler)
    papers = [reader.get(reverse("scoring:my-results-pdf"), {"period": year}) for year in ("2026", "2025", "someday")]

    text = "".join(text_of(papers[0].content).split())
    for row in CaseScore.objects.current().filter(lawyer=handler.lawyer).select_related("case__client"):
        assert "".join(row.case.number.split()) in text
        assert row.case.client.name not in text
    assert handler.lawyer is not None
    for said in (handler.lawyer.name, handler.lawyer.licence_number, "2026-Q2至2026-Q4", "案件质量评查结果说明"):
        assert said in text
    assert "本期间尚无案件评定等次" in text_of(papers[1].content).replace("\n", "")
    assert papers[2].status_code == 422

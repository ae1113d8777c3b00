"""What the official report says of clients and of standings comes from rows, or is not said."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor, Rule
from reviews.services.samples import draw_sample
from scoring import documents
from scoring.documents.content import ReportContent
from scoring.documents.report_sheets import sheets
from scoring.documents.wording import sampling_sentence
from scoring.models import CaseVoice, ClientVoiceBatch
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.satisfaction import release_client_satisfaction
from scoring.services.scores import rescore_changed
from scoring.services.voice import release_client_voice
from surveys import services as surveys_services
from surveys.enums import PhoneOutcome
from surveys.models import Conversation
from surveys.services.inviting.invitations import fresh_link
from tests import factories
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.qa_service.documents.samples import ASSESSMENT
from tests.reviews import factories as reviews
from tests.scoring.factories import answered, scheme, scored, voice
from tests.surveys import factories as surveys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
QUARTER = Period.quarter(2026, 4)


@pytest.fixture
def place() -> Organisation:
    scheme()
    return factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})


def heard_and_read(place: Organisation, *marks: int) -> tuple[Any, Any]:
    """Cases of one lawyer whose clients answered with these marks and whose files were read."""
    firm = factories.firm(place)
    lawyer = factories.lawyer(firm)
    for at, mark in enumerate(marks):
        case = answered(mark, now=NOW + timedelta(minutes=at), at=place, firm=firm, lawyer=lawyer)
        reviews.released(case, reads=False, A2=Anchor.NONE, C2=Anchor.PARTLY)
    rescore_changed(now=NOW)
    release_client_satisfaction(now=NOW)
    return lawyer, firm


def content(place: Organisation, period: Period = QUARTER) -> ReportContent:
    """As it stands once the sweep has counted what came in."""
    release_client_satisfaction(now=NOW)
    return rewards_and_sanctions(centre=place, period=period, label="2026年第四季度", now=NOW)


def paper(place: Organisation) -> str:
    return text_of(documents.report_pdf(content(place)))


def cells(book: Any, name: str) -> list[tuple[Any, ...]]:
    return list(book[name].iter_rows(values_only=True))


def test_six_who_answered_stand_on_page_paper_and_workbook(place: Organisation) -> None:
    lawyer, firm = heard_and_read(place, 5, 5, 4, 3, 2, 1)
    manager = Browser(headers={"accept-language": "en"})
    manager.force_login(factories.user(Role.MANAGER, at=place))
    query = {"centre": place.code, "period": "2026-Q4"}

    text = text_of(manager.get(reverse("scoring:report-pdf"), query).content)
    page = manager.get(reverse("scoring:report"), query).content.decode()
    book = openpyxl.load_workbook(BytesIO(manager.get(reverse("scoring:report-xlsx"), query).content))

    assert "应回访6人次，已联系6人次，收回有效答复6份，答复率100.0%（95%区间为61.0%至100.0%）" in text
    assert "联系上6人次，联系率100.0%（95%区间为61.0%至100.0%）；拒访或者要求不再联系的0人次" in text
    assert "Answered: 100.0 % of the due (95 % interval 61.0–100.0 %)" in page
    assert ("Reached, per cent of the due", 100) in cells(book, "Client follow-up")
    # Wilson, 95 %: four of five are satisfied, and the sixth answer waits for four more.
    assert "计入的5份中表示满意的4份，占80.0%（95%区间为37.6%至96.4%）" in text
    assert "尚未开展回访" not in text
    assert "尚无可以综合评价" not in text
    assert lawyer.name in text
    assert "37.6" in page
    assert lawyer.name in page
    assert tuple(row[1] for row in cells(book, "Client follow-up")[1:6]) == (6, 6, 6, 5, 4)
    assert cells(book, "Lawyers")[1][:3] == (lawyer.name, firm.name, 6)
    assert cells(book, "Firms")[1][0] == firm.name


def test_nobody_asked_is_said_only_where_nobody_was_asked(place: Organisation) -> None:
    scored(factories.case(place))

    assert "尚未开展回访" in paper(place)
    surveys.case_to_ask(at=place)
    surveys.questionnaires()
    surveys_services.invite_due(now=NOW)
    found = content(place).voice
    assert found is not None
    assert (found.eligible, found.asked, found.answered) == (2, 0, 0)
    assert "应回访2人次，本期尚未开展回访" in paper(place)


def test_an_answer_by_somebody_else_does_not_count(place: Organisation) -> None:
    conversation = surveys.asked(at=place)
    surveys.reply(conversation, "5")
    conversation.response.answerer = "other"
    conversation.response.save()

    found = content(place).voice

    assert found is not None
    assert (found.asked, found.answered, found.rated) == (1, 0, 0)


def test_a_call_counts_as_asked(place: Organisation) -> None:
    conversation = surveys.invited(at=place, plan={"sms_allowed": False})
    person = factories.user(Role.FOLLOW_UP, at=place)
    surveys_services.begin_interview(user=person, conversation=conversation, now=NOW)
    surveys_services.record_call(
        user=person, conversation=conversation, outcome=PhoneOutcome.NO_ANSWER, note="", now=NOW
    )

    found = content(place).voice

    assert found is not None
    assert (found.eligible, found.asked) == (1, 1)


def test_one_more_answer_changes_no_share(place: Organisation) -> None:
    publish = [5, 5, 4, 3, 2]
    heard_and_read(place, *publish)
    before = content(place).voice
    for mark in (1, 1, 1, 1):
        answered(mark, now=NOW + timedelta(hours=1), at=place)
        found = content(place).voice
        assert found is not None
        assert before is not None
        assert (found.rated, found.satisfied, found.low, found.high) == (5, 4, before.low, before.high)

    answered(1, now=NOW + timedelta(hours=2), at=place)

    after = content(place).voice
    assert after is not None
    assert (after.rated, after.satisfied) == (10, 4)


def test_a_year_counts_what_its_quarters_count(place: Organisation) -> None:
    """Else the year less its quarters would tell what one client said."""
    for closed_on in (date(2026, 7, 1), date(2026, 11, 10)):
        # Two of each quarter wait. A batch across both quarters would hold the two satisfied ones of the first.
        for mark in (1, 1, 1, 1, 1, 5, 5):
            answered(mark, at=place, closed_on=closed_on)

    year, first, second = (
        content(place, period).voice for period in (Period.year(2026), Period.quarter(2026, 3), QUARTER)
    )

    assert year is not None
    assert first is not None
    assert second is not None
    assert year.rated == first.rated + second.rated == 10
    assert year.satisfied == first.satisfied + second.satisfied == 0


def test_a_standing_in_the_report_hears_clients_only_in_whole_batches(place: Organisation) -> None:
    firm = factories.firm(place)
    lawyer = factories.lawyer(firm)
    for _each in range(5):
        case = factories.case(place, firm=firm, lawyer=lawyer)
        scored(case)
        voice(case, 35)
    assert [each.answers for each in content(place).standings or ()] == [0]
    release_client_voice(now=NOW)

    heard = content(place)
    (row,) = heard.standings
    late = factories.case(place, firm=firm, lawyer=lawyer)
    scored(late)
    voice(late, 100)

    assert row.answers == 5
    assert heard.firms[0].answers == 5
    assert [each.answers for each in content(place).standings or ()] == [5]


@pytest.mark.parametrize(("mark", "told"), [(1, 20), (4, 90), (5, 90)])
def test_a_standing_in_the_report_tells_no_more_of_clients_than_the_lawyer_reads(
    place: Organisation, mark: int, told: int
) -> None:
    """All five alike would be told of each: the middle of the step counts in which the lawyer reads the mean."""
    heard_and_read(place, *[mark] * 5)
    (before,) = content(place).standings or ()
    release_client_voice(now=NOW + timedelta(days=1))

    (row,) = content(place).standings or ()

    assert row.answers == 5
    assert row.mean == half_up(before.mean * 4 / 5 + Decimal(told) / 5)


@pytest.mark.parametrize("outside", [date(2026, 9, 30), date(2027, 1, 1)])
def test_a_batch_that_reaches_into_another_period_is_left_out_whole(place: Organisation, outside: date) -> None:
    firm = factories.firm(place)
    lawyer = factories.lawyer(firm)
    for closed_on in (*[date(2026, 11, 10)] * 9, outside):
        case = factories.case(place, firm=firm, lawyer=lawyer, closed_on=closed_on)
        scored(case)
        voice(case, 35)
        if CaseVoice.objects.count() == 5:
            release_client_voice(now=NOW)
    release_client_voice(now=NOW)

    assert ClientVoiceBatch.objects.count() == 2
    assert [(row.answers, row.count) for row in content(place).standings or ()] == [(5, 9)]


def test_in_the_standings_who_handled_cases_reads_nothing_of_their_own_clients(place: Organisation) -> None:
    lawyer, _firm = heard_and_read(place, 5, 5, 1, 1, 1)
    other, _second = heard_and_read(place, 5, 5, 1, 1, 1)
    reader = APIClient()
    reader.force_authenticate(factories.user(Role.MANAGER, Role.LAWYER, at=place, of=lawyer))

    rows = reader.get(reverse("api-standings"), {"kind": "lawyer", "period": "2026-Q4"}).json()

    heard = {row["name"]: row["voice_counted"] for row in rows["standings"]}
    assert heard == {lawyer.name: False, other.name: True}


def test_nobody_has_a_place_below_five_cases(place: Organisation) -> None:
    scored(factories.case(place))
    (row,) = content(place).standings

    assert (row.count, row.places) == (1, None)
    assert "件数不足5件的不排位次" in paper(place)


def test_a_report_with_nothing_graded_says_so(place: Organisation) -> None:
    assert "尚无可以综合评价" in paper(place)


def looked_up(person: Any) -> tuple[Any, Any]:
    browser = Browser()
    browser.force_login(person)
    found = browser.get(reverse("api-report"), {"period": "2026-Q4"}).json()
    return found["standings"], found["voice"]


def test_what_a_client_says_later_moves_no_figure_that_was_released(place: Organisation) -> None:
    lawyer, _firm = heard_and_read(place, 5, 5, 5, 5, 5)
    later = NOW + timedelta(days=1)
    release_client_voice(now=later)
    both = factories.user(Role.MANAGER, Role.LAWYER, at=place, of=lawyer)
    before = looked_up(both)

    conversation = Conversation.objects.filter(case__lawyer=lawyer).order_by("pk")[2]
    key = fresh_link(conversation).rsplit("/", 1)[1]
    conversation.save()
    surveys_services.start_web_response(key=key, language="zh-hans", now=later)
    bad = {"q2": "never", "q3": "no", "q4": "never", "q5": "no", "q6": "no", "q7": "no", "q10": "no", "q11": ""}
    question: str | None = "q2"
    while question:
        question = surveys_services.record_answer(key=key, question=question, value=bad[question], now=later)
    surveys_services.act_on_forms(now=later)
    rescore_changed(now=later)

    assert CaseVoice.objects.current().filter(score__lt=100).exists()
    assert looked_up(both)[0] == before[0]


def test_who_reads_every_other_answer_finds_none_by_subtracting(place: Organisation) -> None:
    others = factories.firm(place)
    handler = factories.lawyer(others)
    for at in range(4):
        answered(5, now=NOW + timedelta(minutes=at), at=place, firm=others, lawyer=handler)
    own = factories.firm(place)
    lawyer = factories.lawyer(own)
    answered(1, now=NOW + timedelta(minutes=9), at=place, firm=own, lawyer=lawyer)
    everybody = content(place).voice
    both = factories.user(Role.MANAGER, Role.LAWYER, at=place, of=lawyer)

    found = content(place).voice

    assert everybody is not None
    assert found is not None
    assert (everybody.rated, found.rated) == (5, 0)
    assert Conversation.objects.visible_to(both).count() == 4


@pytest.mark.parametrize("hat", ["lawyer of a firm", "lawyer of the centre's staff", "head of a firm"])
@pytest.mark.parametrize("mark", [1, 5])
def test_the_own_clients_of_one_of_the_staff_are_in_no_share_however_many(
    place: Organisation, hat: str, mark: int
) -> None:
    """Of five of them alone, "none is satisfied" would tell what each said; the centre's other staff are no firm."""
    staff = FirmKind.CENTRE_STAFF if hat == "lawyer of the centre's staff" else FirmKind.LAW_FIRM
    firm = factories.firm(place, kind=staff)
    lawyer, colleague = factories.lawyer(firm), factories.lawyer(firm)
    heads = firm if hat == "head of a firm" else None
    factories.user(Role.MANAGER, *([Role.FIRM] if heads else []), at=place, of=None if heads else lawyer, heads=heads)
    for at in range(5):
        answered(mark, now=NOW + timedelta(minutes=at), at=place, firm=firm, lawyer=lawyer)
        answered(6 - mark, now=NOW + timedelta(minutes=at), at=place, firm=firm, lawyer=colleague)

    found = content(place).voice

    assert found is not None
    told = (found.answered, found.rated, found.satisfied, found.low is None)
    if staff is FirmKind.CENTRE_STAFF:
        assert told == (10, 5, 5 if mark == 1 else 0, False)
    else:
        assert told == (10, 0, 0, True)


def test_who_heads_a_firm_finds_no_answer_to_it_by_subtracting(place: Organisation) -> None:
    others, own = factories.firm(place), factories.firm(place)
    for at in range(4):
        answered(5, now=NOW + timedelta(minutes=at), at=place, firm=others, lawyer=factories.lawyer(others))
    answered(1, now=NOW + timedelta(minutes=9), at=place, firm=own, lawyer=factories.lawyer(own))
    factories.user(Role.MANAGER, at=place).grants.create(role=Role.FIRM, firm=own)

    found = content(place).voice

    assert found is not None
    assert (found.answered, found.rated) == (5, 0)


@pytest.mark.parametrize(
    ("given", "read", "said"),
    [
        (60, 60, "抽取60件，由8名评查人员评查，其中12件由两人分别评查，2件因两人分差较大由第三人复评。"),
        (40, 40, "抽取60件，其中40件已分派，20件尚未分派，已评查40件，由8名评查人员评查，其中12件"),
        (60, 0, "抽取60件，尚未评查。"),
        (0, 0, "抽取60件，其中0件已分派，60件尚未分派，尚未评查。"),
    ],
)
def test_the_report_tells_what_was_drawn_from_what_was_given_out_and_read(given: int, read: int, said: str) -> None:
    assert said in sampling_sentence(replace(ASSESSMENT, given=given, read=read))


def test_the_page_of_the_report_counts_what_was_given_out_and_read(place: Organisation) -> None:
    reviews.checklists()
    firm = factories.firm(place)
    cases = [factories.case(place, firm=firm, lawyer=factories.lawyer(firm)) for _each in range(3)]
    boss = factories.user(Role.MANAGER, at=place)
    sample = draw_sample(
        centre=place, period=QUARTER, seed="s", rate=Decimal("0.1"), rules=[Rule.EVERY_LAWYER], user=boss, now=NOW
    )
    reviews.assignment(cases[0])

    assessment = content(place).assessment
    assert assessment is not None
    assert (assessment.sample, assessment.given, assessment.read) == (sample.cases.count(), 1, 0)
    with translation.override("zh-hans"):
        overview = {str(name): value for name, value, *_more in sheets(content(place))[0].rows}
    assert {name: overview.get(name) for name in ("抽取（件）", "已分派（件）", "已评查（件）", "评查员（人）")} == {
        "抽取（件）": sample.cases.count(), "已分派（件）": 1, "已评查（件）": 0, "评查员（人）": 0,
    }  # fmt: skip
    hidden = replace(assessment, sample=None, given=None, read=None, reviewers=None)
    assert not any("抽取" in str([*row]) for row in sheets(replace(content(place), assessment=hidden))[0].rows)

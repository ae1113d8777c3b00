"""Whom the sweep asks, by which way, and what it asks twice: nobody."""

from datetime import date, timedelta

import pytest

from qa_service.audit.models import Entry
from qa_service.cases.enums import Stage
from qa_service.cases.models import Case
from qa_service.notifications.models import Mail
from qa_service.organisations.models import CalendarYear, CentreSettings
from surveys import services
from surveys.enums import Audience, Channel, LetterWay, OrganWay
from surveys.models import Conversation, OrganLetter
from surveys.queries.organs import due_to_organs
from tests import factories
from tests.factories import NOW
from tests.surveys.organs.rows import COURT, asked, asking_centre, organ

pytestmark = pytest.mark.django_db
CLOSED = date(2026, 11, 10)


@pytest.fixture
def centre():
    return asking_centre()


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"


def units() -> list[str]:
    return list(Conversation.objects.with_organs().order_by("pk").values_list("unit", flat=True))


def test_the_unit_of_a_closed_case_is_asked_once_on_paper(centre):
    organ(centre)
    case = factories.case(centre)

    asked_now = [services.ask_organs(now=NOW), services.ask_organs(now=NOW)]

    row = Conversation.objects.with_organs().get()
    assert [(each.by_email, each.on_paper) for each in asked_now] == [(0, 1), (0, 0)]
    assert (row.case, row.unit, row.recipient, row.channel) == (case, COURT, None, Channel.LETTER)
    assert [(letter.step, letter.way, letter.batch) for letter in row.letters.all()] == [(0, LetterWay.PAPER, None)]
    assert Entry.objects.filter(action="surveys.organ_asked", subject_id=str(case.pk)).count() == 1


@pytest.mark.parametrize(
    ("why", "case", "settings"),
    [
        ("the centre asks no organ", {}, {"organs_from": None}),
        ("closed before the first day", {"closed_on": date(2026, 10, 31)}, {"organs_from": date(2026, 11, 1)}),
        ("its day has not come", {}, {"organ_delay_days": 11}),
        ("closed too long ago", {"closed_on": date(2026, 8, 22), "accepted_on": date(2026, 1, 5)}, {}),
        ("no organ is named", {"organ": ""}, {}),
        ("the organ is not in the book", {"organ": "清源县人民法院"}, {}),
        ("nobody released the case", {"survey_released_at": None}, {}),
    ],
)
def test_nobody_is_asked_where(centre, why, case, settings):
    CentreSettings.objects.filter(centre=centre).update(**settings)
    organ(centre)
    factories.case(centre, **case)

    services.ask_organs(now=NOW)

    assert units() == [], why


@pytest.mark.parametrize("entry", [{"active": False}, {"way": OrganWay.NOT_ASKED}])
def test_a_unit_that_is_not_to_be_asked_is_left_alone(centre, entry):
    organ(centre, **entry)
    factories.case(centre)

    services.ask_organs(now=NOW)

    assert units() == []


def test_the_delay_is_counted_from_closing_in_the_centre_s_own_day(centre):
    CentreSettings.objects.filter(centre=centre).update(organ_delay_days=11)
    organ(centre)
    factories.case(centre, closed_on=CLOSED)
    asking_centre()  # which waits for no days: what is due there is not due here

    services.ask_organs(now=NOW)
    before = units()
    services.ask_organs(now=NOW + timedelta(hours=14))  # midnight in Shanghai

    assert (before, units()) == ([], [COURT])


def test_a_case_that_writes_the_name_otherwise_means_the_same_unit(centre):
    organ(centre, also_called=["临江县法院"])
    factories.case(centre, organ="临江县法院")
    factories.case(centre)

    services.ask_organs(now=NOW)

    assert units() == [COURT, COURT]


def test_the_book_of_one_centre_says_nothing_to_another(centre):
    organ(centre)
    factories.case(asking_centre())

    services.ask_organs(now=NOW)

    assert units() == []


def test_an_arbitration_body_is_asked_too(centre):
    organ(centre, name="临江县劳动人事争议仲裁院")
    factories.case(centre, organ="临江县劳动人事争议仲裁院", stage=Stage.NON_LITIGATION)

    services.ask_organs(now=NOW)

    assert units() == ["临江县劳动人事争议仲裁院"]


@pytest.mark.usefixtures("mail_server")
def test_one_e_mail_asks_about_all_cases_that_are_due(centre):
    organ(centre, way=OrganWay.EMAIL)
    cases = [factories.case(centre) for _each in range(3)]

    assert services.ask_organs(now=NOW).by_email == 3

    mail = Mail.objects.get()
    assert mail.to == "court@example.org"
    assert OrganLetter.objects.filter(mail=mail).count() == 3
    assert [case.number in mail.body and case.lawyer.name in mail.body for case in cases] == [True] * 3
    assert mail.body.count("https://qa.example.org/o/") == 3
    assert [case.client.name in mail.body or case.client.name in mail.subject for case in cases] == [False] * 3


@pytest.mark.usefixtures("mail_server")
def test_an_e_mail_speaks_the_language_of_the_unit_and_gives_its_own_case_number(centre):
    organ(centre, way=OrganWay.EMAIL, language="en")
    factories.case(centre, organ_number="(2026)湘0511民初88号")

    services.ask_organs(now=NOW)

    mail = Mail.objects.get()
    assert "Your opinion on the handling of 1 legal-aid case" in mail.subject
    assert "Your case number: (2026)湘0511民初88号" in mail.body
    assert "Article 59" in mail.body


@pytest.mark.usefixtures("mail_server")
def test_many_cases_go_in_several_e_mails(centre):
    organ(centre, way=OrganWay.EMAIL)
    firm, lawyer = factories.firm(centre), factories.lawyer()
    for _each in range(21):
        factories.case(centre, firm=firm, lawyer=lawyer)

    services.ask_organs(now=NOW)

    assert sorted(mail.body.count("/o/") for mail in Mail.objects.all()) == [1, 20]


def test_without_a_mail_server_a_unit_of_e_mails_gets_letters(centre):
    organ(centre, way=OrganWay.EMAIL)
    factories.case(centre)

    assert services.ask_organs(now=NOW).on_paper == 1
    assert Mail.objects.count() == 0


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (NOW, NOW),
        (NOW + timedelta(hours=12), NOW + timedelta(days=2, hours=23)),  # Friday night → Monday, nine o'clock
    ],
)
def test_an_e_mail_waits_for_the_hours_of_offices(centre, moment, goes):
    organ(centre, way=OrganWay.EMAIL)
    factories.case(centre)

    services.ask_organs(now=moment)

    assert Mail.objects.get().not_before == goes


@pytest.mark.usefixtures("mail_server")
def test_without_the_calendar_no_e_mail_is_written_and_letters_are(centre):
    organ(centre, way=OrganWay.EMAIL)
    other = asking_centre()
    organ(other)
    for each in (centre, other):
        factories.case(each)
    CalendarYear.objects.all().delete()

    done = services.ask_organs(now=NOW)

    assert (done.by_email, done.on_paper, done.held) == (0, 1, 1)


def test_asking_marks_nothing_until_the_letter_has_left(centre):
    row = asked(centre, stage=Stage.NON_LITIGATION)

    assert row.sent_out_at is None
    assert (row.audience, row.remind_at) == (Audience.ORGAN, None)


def test_two_sweeps_that_read_the_same_list_ask_once(centre, monkeypatch):
    organ(centre)
    factories.case(centre)
    read = due_to_organs(now=NOW, limit=10)
    monkeypatch.setattr("surveys.services.organs.asking.due_to_organs", lambda **_given: read)

    done = [services.ask_organs(now=NOW).on_paper for _each in range(2)]

    assert (done, units()) == ([1, 0], [COURT])


def test_what_was_asked_is_marked_so_that_no_sweep_looks_again_and_asked_once_where_the_mark_is_missing(centre):
    organ(centre)
    case, other = factories.case(centre), factories.case(centre, organ="外县人民法院")
    services.ask_organs(now=NOW)
    marked = dict(Case.objects.values_list("pk", "organ_asked_at"))

    Case.objects.update(organ_asked_at=None)
    again = services.ask_organs(now=NOW)

    assert marked == {case.pk: NOW, other.pk: None}
    assert (again.on_paper, units()) == (0, [COURT])


def test_the_sweep_costs_the_same_for_one_case_and_for_twenty(centre, django_assert_max_num_queries):
    organ(centre)
    firm, lawyer = factories.firm(centre), factories.lawyer()
    for _each in range(20):
        factories.case(centre, firm=firm, lawyer=lawyer)

    with django_assert_max_num_queries(14):
        services.ask_organs(now=NOW)

    assert Conversation.objects.with_organs().count() == Case.objects.count() == 20

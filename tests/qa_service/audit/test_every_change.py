"""Changes that leave an entry, each made the way it is made in service."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from qa_service.accounts.enums import Role
from qa_service.accounts.services.people import Giving, give
from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from reviews.models import CaseReview
from reviews.services.checklists import publish_default_checklists
from scoring.services.voice import release_client_voice
from surveys.enums import OptOutSource
from surveys.services import deliver_next
from surveys.services.answering.waves import expire, remind
from surveys.services.contact.opt_outs import opt_in, opt_out
from surveys.services.questionnaires.publishing import publish_defaults
from tests import factories
from tests.factories import NOW
from tests.scoring.deciding import CORE_ITEM, office, read
from tests.scoring.factories import voice
from tests.surveys.factories import invited

pytestmark = pytest.mark.django_db


def entries(action):
    return list(Entry.objects.filter(action=action).order_by("pk").values_list("actor_id", "details"))


def test_a_calendar_replaced(tmp_path: Path):
    notice = tmp_path / "notice.csv"
    notice.write_text("day,is_workday,name\n2031-01-01,no,元旦\n", encoding="utf-8")

    call_command("import_calendar", notice)
    call_command("import_calendar", notice)

    said = {"source": "notice.csv", "days": 1}
    assert entries("organisations.calendar_loaded") == [
        ("system:import_calendar", said | {"replaced": None}),
        ("system:import_calendar", said | {"replaced": 1}),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be opened: No such file"), ("", "holds no days"), ("元旦".encode("gb18030"), "is no UTF-8 text")],
)
def test_a_calendar_that_cannot_be_read_says_why(tmp_path: Path, content, said):
    notice = tmp_path / "notice.csv"
    if content is not None:
        notice.write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(CommandError, match=said):
        call_command("import_calendar", notice)


def test_a_number_stopped_once_and_given_back():
    for _ in range(2):
        opt_out(phone_index="i" * 64, source=OptOutSource.WORD, now=NOW)
    opt_in(phone_index="i" * 64, now=NOW)
    opt_in(phone_index="i" * 64, now=NOW)

    assert entries("surveys.opted_out") == [("system:number", {"source": "word"})]
    assert len(entries("surveys.opted_in")) == 1


def test_questionnaires_published_once():
    first = publish_defaults(now=NOW)
    publish_defaults(now=NOW)

    keys = [details["key"] for _actor, details in entries("surveys.questionnaire_published")]
    assert keys == [questionnaire.key for questionnaire in first]


def test_each_checklist_published_once():
    first = publish_default_checklists(now=NOW)
    publish_default_checklists(now=NOW)

    told = Entry.objects.filter(action="reviews.checklist_published").order_by("pk")
    assert list(told.values_list("subject_id", "details")) == [
        (str(each.pk), {"code": each.code, "version": 1}) for each in first
    ]
    assert len(first) == 9


def test_a_reminder_and_a_survey_that_ran_out_beside_the_conversation_and_not_the_case():
    conversation = invited()

    deliver_next(now=NOW)
    remind(now=NOW + timedelta(days=3))
    expire(now=conversation.closes_at)

    of = ("surveys.Conversation", str(conversation.pk))
    for action in ("surveys.reminded", "surveys.expired"):
        assert Entry.objects.filter(action=action).values_list("subject_type", "subject_id").get() == of
    assert not history(conversation.case).filter(actor_id="system:surveys.clock").exists()


def test_each_version_of_a_result():
    place = office()
    case = place.case()
    read(case, CORE_ITEM)

    versions = CaseReview.objects.filter(case=case).order_by("version").values("version", "state")
    assert entries("reviews.result_made") == [("system:reviews.results", version) for version in versions]
    assert len(versions) > 1


def test_a_batch_of_answers_released():
    firm = factories.firm(factories.centre())
    lawyer = factories.lawyer(firm)
    for _each in range(5):
        voice(factories.case(firm.centre, lawyer=lawyer, firm=firm))

    release_client_voice(now=NOW)

    assert entries("scoring.voice_released") == [("system:client_voice", {"clients": 5})]


def test_an_account_tied_to_a_lawyer():
    centre = factories.centre()
    lawyer = factories.lawyer(factories.firm(centre))
    reader, giver = factories.user(Role.REVIEWER, at=centre), factories.user(Role.MANAGER, at=centre)

    give(person=reader, giving=Giving(Role.LAWYER, licence_number=lawyer.licence_number), giver=giver, now=NOW)

    assert entries("accounts.lawyer_linked") == [(giver.actor.id, {"lawyer": lawyer.pk})]

"""Changes that leave an entry, each made the way it is made in service."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from qa_service.audit.models import Entry
from surveys.enums import OptOutSource
from surveys.services.opt_outs import opt_in, opt_out
from surveys.services.questionnaires import publish_defaults
from tests.factories import NOW

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

"""No raw name of an act, a field or a part of the service stands on a page."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone, translation

from qa_service.accounts.enums import Role
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.audit.wording import ACTS, act_in_words
from qa_service.cases.services import intake
from qa_service.cases.views.record import FIELDS
from tests import factories

BESIDE_A_CASE = re.compile(
    r'"((?:cases|surveys|scoring)\.[a-z_]+)",\s*(?:subject=(?:[\w.]+\.)?case\b|Case\._meta)'
    r'|record_asking\([^"]*action="(surveys\.[a-z_]+)"'
)


def test_every_act_upon_a_case_that_the_services_record_has_words():
    services = chain.from_iterable(
        Path(settings.BASE_DIR, room).rglob("services/**/*.py") for room in ("qa_service/cases", "surveys", "scoring")
    )
    found = chain.from_iterable(BESIDE_A_CASE.findall(path.read_text(encoding="utf-8")) for path in services)
    recorded = {name for pair in found for name in pair if name}

    assert {"cases.added", "surveys.invited", "surveys.called", "scoring.next_file_flagged"} <= recorded
    assert recorded - ACTS.keys() == set()


def test_every_field_that_an_import_may_change_has_words():
    assert {*intake.PLAIN_FIELDS, *intake.LINK_FIELDS, "contact"} == FIELDS.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "line", "change"),
    [
        ("zh-hans", "系统 · 发起回访", "{}（{}）"),
        ("en", "The service · follow-up begun", "{} ({})"),
    ],
)
def test_the_page_of_a_case_tells_its_record_in_words(language: str, line: str, change: str):
    centre = factories.centre()
    case = factories.case(centre)
    now = timezone.now()
    record(actor=Actor.system("surveys.invite"), action="surveys.invited", subject=case, at=now)
    record(actor=Actor.system("setup"), action="cases.changed", subject=case, details={"fields": ["filed_on"]}, at=now)
    record(actor=Actor.system("rules"), action="surveys.long_forgotten", subject=case, at=now)
    browser = Browser(headers={"accept-language": language})
    browser.force_login(factories.user(Role.MANAGER, at=centre))

    page = browser.get(reverse("cases:detail", args=[case.public_id])).content.decode()

    told = page[page.index('id="record"') :]
    with translation.override(language):
        assert line in told
        assert change.format(act_in_words("cases.changed"), FIELDS["filed_on"]) in told
    assert not re.search(r"(?:surveys|cases)\.[a-z]|filed_on|setup", re.sub(r"<[^>]*>", "", told))


@pytest.mark.django_db
def test_the_page_of_a_centre_names_the_part_of_the_service_that_changed_it():
    centre = factories.centre()
    changed = {"sms_enabled": ["False", "True"]}
    setup = Actor.system("setup")
    record(actor=setup, action="organisations.settings_changed", subject=centre, details=changed, at=timezone.now())
    browser = Browser(headers={"accept-language": "zh-hans"})
    browser.force_login(factories.user(Role.MANAGER, at=centre))

    page = browser.get(reverse("accounts:centre-settings", args=[centre.public_id])).content.decode()

    assert "· 系统初始化<div>" in page

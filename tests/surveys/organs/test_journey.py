"""From a closed case to the organ's opinion in the grade of its lawyer: on paper, and by a link in an e-mail."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import Stage
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.notifications.tasks import deliver_to_organs
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.models import Sample, SampledCase
from reviews.services.samples import draw_sample
from scoring.models import CaseScore
from scoring.services.schemes import publish_default_scheme
from scoring.tasks import rescore
from surveys import tasks
from surveys.models import Conversation, LetterBatch
from surveys.services.inviting.codes import offer_code
from surveys.services.questionnaires.publishing import publish_defaults
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.surveys.organs.rows import COURT, GOOD, POOR, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEB = {f"value-{code}": value for code, value in POOR.items()} | {"act": "send", "signed_by": "王书记员"}


@pytest.fixture
def clock() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre() -> Organisation:
    publish_defaults(now=NOW)
    publish_default_scheme(now=NOW)
    reviews.checklists()
    return factories.centre()


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def switched_on(manager: Browser, centre: Organisation, **entry: str) -> None:
    """The manager sets from when organs are asked, and writes the court into the book."""
    settings = reverse("api-centre-settings", args=[centre.code])
    program = APIClient()
    program.force_authenticate(User.objects.get(pk=manager.session["_auth_user_id"]))
    assert program.patch(settings, {"organs_from": "2026-11-01", "organ_delay_days": 10}).status_code == 200
    given = {"centre": str(centre.public_id), "name": COURT, "kind": "court", "way": "letter_link", "active": "on"}
    assert manager.post(reverse("surveys:organ-entry-new"), given | entry).status_code == 302


def derived(case: Case) -> dict[str, Any]:
    """The line of the organ's opinion in the grade in force."""
    rescore()
    derivation = json.loads(CaseScore.objects.current().get(case=case).derivation)
    return next(line for line in derivation["lines"] if line["source"] == "organ_opinion")


def asked_about(case: Case) -> Conversation:
    return Conversation.objects.with_organs().get(case=case)


@pytest.mark.usefixtures("fonts")
def test_a_letter_goes_out_its_sheet_comes_back_and_the_grade_shows_it(centre):
    case = factories.case(centre, closed_on=date(2026, 11, 10))
    reviews.released(case)
    lawyer = reviews.account_of(case.lawyer)
    manager = signed_in(factories.user(Role.MANAGER, at=centre))
    clerk = signed_in(factories.user(Role.FOLLOW_UP, at=centre))
    switched_on(manager, centre)

    tasks.ask_organs()
    missing = derived(case)
    conversation = asked_about(case)
    unit = conversation.organ
    assert unit is not None
    clerk.post(reverse("surveys:organ-batch-new", args=[unit.public_id]))
    batch = LetterBatch.objects.get()
    letter = clerk.post(reverse("surveys:organ-batch-print", args=[batch.public_id]))
    clerk.post(reverse("surveys:organ-batch-sent", args=[batch.public_id]), {"sent_on": "2026-11-20"})

    conversation.refresh_from_db()
    found = clerk.post(reverse("surveys:organ-find"), {"given": offer_code(conversation)})
    sheet = {f"value-{code}": value for code, value in GOOD.items()}
    clerk.post(found.url, sheet | {"signed_by": "民一庭（章）", "received_on": "2026-11-20"})

    assert letter.content.startswith(b"%PDF-")
    assert (missing["applies"], missing["value"]) == (True, None)
    # 100, 85, 100, 100 and 65 points: the mean of the five known items.
    assert Decimal(str(derived(case)["value"])) == 90
    shown = signed_in(lawyer).get(reverse("scoring:case-result", args=[case.public_id])).content.decode()
    assert "90.00" in shown
    assert [word for word in ("民一庭", "很好") if word in shown] == []


def test_a_link_in_an_e_mail_is_answered_and_a_low_opinion_draws_the_file(centre, settings):
    settings.EMAIL_HOST = "mail.example.org"
    for _each in range(20):
        factories.case(centre, organ="", survey_released_at=None)
    case = factories.case(centre, closed_on=date(2026, 11, 10))
    boss = factories.user(Role.MANAGER, at=centre)
    switched_on(signed_in(boss), centre, way="email", email="court@example.org", agreed_on="2026-11-02")

    tasks.ask_organs()
    deliver_to_organs()
    tasks.follow_mails()
    link = re.findall(r"https://qa\.example\.org(/o/\w+)", str(mail.outbox[0].body))[0]
    browser = Browser()
    browser.get(link)
    answer = browser.post(link, WEB)

    conversation = asked_about(case)
    assert (mail.outbox[0].to, conversation.sent_out_at) == (["court@example.org"], NOW)
    assert (answer.status_code, conversation.state) == (303, "finished")
    draw_sample(
        centre=centre, period=Period.quarter(2026, 4), seed="s", rate=Decimal("0.05"),
        rules=[Rule.RANDOM, Rule.RISK], user=boss, now=NOW,
    )  # fmt: skip
    assert SampledCase.objects.filter(sample=Sample.objects.get(), case=case).exists()


def test_a_unit_that_never_answers_leaves_the_source_missing(centre):
    case = factories.case(centre, closed_on=date(2026, 11, 10))
    reviews.released(case)
    switched_on(signed_in(factories.user(Role.MANAGER, at=centre)), centre)
    tasks.ask_organs()

    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        tasks.expire()
        line = derived(case)

    assert asked_about(case).state == "expired"
    assert (line["applies"], line["value"]) == (True, None)


def test_before_a_body_of_arbitration_the_source_applies_once_it_was_asked(centre):
    case = factories.case(centre, closed_on=date(2026, 11, 10), stage=Stage.NON_LITIGATION)
    reviews.released(case)
    switched_on(signed_in(factories.user(Role.MANAGER, at=centre)), centre)
    tasks.ask_organs()
    before = derived(case)

    sent(asked_about(case))

    assert (before["applies"], derived(case)["applies"]) == (False, True)

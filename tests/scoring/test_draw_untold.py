"""Who manages and handles cases learns from nothing whether a client's word drew a file of theirs."""

import re
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.queries.previews import previewed_sample
from reviews.services.samples import draw_sample
from scoring.documents.wording import sampling_sentence
from scoring.queries.reports import assessment_of, rewards_and_sanctions
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import manager, reviewer
from tests.reviews.test_risk_untold import api, asked, at_risk, browser, centre_of
from tests.scoring.factories import scheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]
QUARTER = Period.quarter(2026, 4)
RATE = Decimal("0.1")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        scheme()
        yield


# Another in every form that is sent, whatever stands beside it.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def place() -> Organisation:
    return centre_of(30)[0]


def own_case(place: Organisation, hat: str) -> tuple[Case, User]:
    firm = factories.firm(place)
    own = factories.case(place, firm=firm, lawyer=factories.lawyer(firm))
    if hat == "head":
        return own, factories.user(Role.MANAGER, Role.FIRM, at=place, heads=firm)
    return own, factories.user(Role.MANAGER, Role.LAWYER, at=place, of=own.lawyer)


def seed_that_leaves_out(own: Case) -> str:
    """The random share would draw it whatever was said."""
    choice: dict[str, Any] = {"centre": own.centre, "period": QUARTER, "rate": RATE, "rules": [Rule.RANDOM], "now": NOW}
    boss = manager(own.centre)
    plans = {seed: previewed_sample(user=boss, seed=seed, **choice) for seed in "abcdef"}
    return next(seed for seed, plan in plans.items() if own.pk not in {draw.case_id for draw in plan.draws})


def read_by(reader: User, place: Organisation) -> dict[str, Any]:
    """Everything about draws that this person reads, whatever identifies the rows left out."""
    program, page = api(reader), browser(reader)
    (sample,) = program.get(reverse("api-samples")).json()["results"]
    given = program.post(reverse("api-sample-assign", args=[sample.pop("public_id")])).json()
    previews = [
        program.post(reverse("api-sample-preview"), asked(place, seed=seed, rules=rules)).json()
        for seed, rules in (*((seed, ["random"]) for seed in "nopqrs"), ("n", ["every_lawyer"]), ("n", ["first_case"]))
    ]
    context = page.get(reverse("reviews:samples")).context["page"].rows[0]
    query = {"centre": place.code, "period": "2026-Q4"}
    report = program.get(reverse("api-report"), query).json()
    shown = page.get(reverse("scoring:report"), query).content.decode()
    return {
        "sample": sample,
        "given": given,
        "previews": previews,
        "listed": (context.drawn, context.own_left_out),
        "report": report,
        "page": TOKEN.sub("", shown[shown.index("<h1>") :]),
    }


def world(own: Case, reader: User, seed: str, *, said: bool) -> dict[str, Any]:
    """What they read after a draw by risk; then the draw is undone."""
    with transaction.atomic():
        if said:
            at_risk(own)
        rules = [Rule.RANDOM, Rule.RISK]
        boss = manager(own.centre)
        sample = draw_sample(centre=own.centre, period=QUARTER, seed=seed, rate=RATE, rules=rules, user=boss, now=NOW)
        assert sample.cases.filter(case=own).exists() is said
        found = read_by(reader, own.centre)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("hat", ["lawyer", "head"])
def test_all_that_somebody_with_own_files_reads_is_the_same_whatever_their_client_said(place, hat):
    own, both = own_case(place, hat)
    seed = seed_that_leaves_out(own)
    reviewer(place)

    assert world(own, both, seed, said=True) == world(own, both, seed, said=False)


def test_what_somebody_with_own_files_previewed_is_what_they_draw(place):
    own, both = own_case(place, "lawyer")
    draw_sample(centre=place, period=QUARTER, seed="a", rate=RATE, rules=[Rule.RANDOM], user=manager(place), now=NOW)
    plan = api(both).post(reverse("api-sample-preview"), asked(place, seed="n", rules=["random"])).json()
    body = asked(place, seed="n", rules=["random"], frame_digest=plan["frame_digest"])

    drawn = api(both).post(reverse("api-samples"), body, headers={"accept-language": "en"})
    factories.case(place, lawyer=own.lawyer, firm=factories.firm(place))

    assert drawn.status_code == 201
    assert api(both).post(reverse("api-samples"), body | {"seed": "m"}).json()["code"] == "frame_changed"


def test_others_and_papers_of_a_centre_without_such_staff_say_how_many_were_drawn(place):
    boss = manager(place)
    rules = [Rule.RANDOM]
    draw_sample(centre=place, period=QUARTER, seed="a", rate=RATE, rules=rules, user=boss, now=NOW)
    report = rewards_and_sanctions(centre=place, period=QUARTER, label="", now=NOW).assessment
    assert report is not None
    assert report.sample == 3

    own, both = own_case(place, "lawyer")
    with_them = assessment_of(place, QUARTER)
    page = Browser(headers={"accept-language": "en"})
    page.force_login(both)

    assert (with_them.sample, with_them.reviewers, with_them.double_reviews, with_them.third_reviews) == (None,) * 4
    assert sampling_sentence(with_them) == (
        "本期办结法律援助案件31件，采取按规则必抽与分层随机抽取相结合的方式抽取部分案件进行评查。"
    )
    assert assessment_of(place, QUARTER, reader=boss).sample == 3
    assert assessment_of(place, QUARTER, reader=both).sample is None
    query = {"centre": place.code, "period": "2026-Q4"}
    assert (
        "How many files were drawn and read is not said" in page.get(reverse("scoring:report"), query).content.decode()
    )
    assert own.lawyer == both.lawyer

"""Drawing by the risk that feedback raised tells nobody which client said something."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import raise_risk_flag
from qa_service.common.encryption import derived_key
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from reviews.enums import Rule
from reviews.models import Sample
from reviews.sampling import FrameCase, plan_sample
from reviews.services.samples import draw_sample
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment, checklists, manager, reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("context_kept")]
WITH_RISK = ["random", "risk"]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def centre_of(count: int) -> tuple[Organisation, list[Case]]:
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    firm = factories.firm(centre)
    return centre, [factories.case(centre, firm=firm, lawyer=factories.lawyer(firm)) for _each in range(count)]


def at_risk(*cases: Case) -> None:
    for case in cases:
        raise_risk_flag(case_id=case.pk, kind=FlagKind.BAD_RATING, actor=factories.ACTOR, now=NOW)


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def browser(user: User) -> Browser:
    found = Browser(headers={"accept-language": "en"})
    found.force_login(user)
    return found


def asked(centre: Organisation, **fields: Any) -> dict[str, Any]:
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "s", "rules": WITH_RISK}
    return body | fields


def filled(centre: Organisation) -> dict[str, Any]:
    return asked(centre) | {"centre": centre.pk, "rate": "10"}


def drawn(centre: Organisation, *rules: Rule) -> Sample:
    return draw_sample(
        centre=centre,
        period=Period.quarter(2026, 4),
        seed="s",
        rate=Decimal("0.1"),
        rules=rules or [Rule.RANDOM, Rule.RISK],
        user=manager(centre),
        now=NOW,
    )


def test_a_preview_is_the_same_whatever_clients_said():
    centre, cases = centre_of(20)
    boss = manager(centre)
    program, page = api(boss), browser(boss)
    before = program.post(reverse("api-sample-preview"), asked(centre)).json()
    plan = page.get(reverse("reviews:draw"), filled(centre)).context

    at_risk(*cases[:7])

    after = page.get(reverse("reviews:draw"), filled(centre))
    assert program.post(reverse("api-sample-preview"), asked(centre)).json() == before
    assert (after.context["counts"], after.context["plan"]) == (plan["counts"], plan["plan"])
    assert before["counts"] == {"random": 2}
    assert "Files at risk because of client feedback are added when you draw." in after.content.decode()


def test_a_draw_takes_the_files_at_risk_that_its_preview_did_not_count():
    centre, cases = centre_of(20)
    at_risk(*cases[:7])
    program = api(manager(centre))
    plan = program.post(reverse("api-sample-preview"), asked(centre)).json()

    program.post(reverse("api-samples"), asked(centre, frame_digest=plan["frame_digest"]))

    assert {case.pk for case in cases[:7]} <= set(Sample.objects.get().cases.values_list("case_id", flat=True))


@pytest.mark.parametrize(
    ("count", "fields", "said"),
    [
        (19, {}, "With fewer than 20 cases to draw from"),
        (20, {"rules": ["risk"]}, "Without a random share of at least 5 %"),
        (20, {"rate": "0.04"}, "Without a random share of at least 5 %"),
    ],
)
@pytest.mark.parametrize("door", ["api-sample-preview", "api-samples"])
def test_risk_is_not_drawn_by_where_it_has_nothing_to_hide_in(door, count, fields, said):
    centre, cases = centre_of(count)
    at_risk(cases[0])

    answer = api(manager(centre)).post(reverse(door), asked(centre, **fields), headers={"accept-language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (422, "risk_would_tell")
    assert said in answer.content.decode()
    assert not Sample.objects.exists()


@pytest.mark.parametrize("hat", ["lawyer", "head"])
@pytest.mark.parametrize("door", ["api-sample-preview", "api-samples"])
def test_nobody_draws_by_risk_over_files_of_their_own(door, hat):
    centre, cases = centre_of(20)
    if hat == "lawyer":
        both = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=cases[0].lawyer)
    else:
        both = factories.user(Role.MANAGER, at=centre)
        both.grants.create(role=Role.FIRM, firm=cases[0].firm)

    answer = api(both).post(reverse(door), asked(centre), headers={"accept-language": "en"})
    without = api(both).post(reverse("api-sample-preview"), asked(centre, rules=["random"]))

    assert (answer.status_code, answer.json()["code"]) == (403, "own_files_in_frame")
    assert "let another person draw" in answer.content.decode()
    assert without.status_code == 200


def test_the_page_of_somebody_with_own_files_opens_without_the_rule_and_says_why():
    centre, cases = centre_of(20)
    page = browser(factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=cases[0].lawyer))

    usual = page.get(reverse("reviews:draw"))
    wanted = page.get(reverse("reviews:draw"), filled(centre))
    forced = page.post(reverse("reviews:draw"), filled(centre), follow=True)

    assert "let another person draw" in usual.content.decode()
    assert "risk" not in usual.context["form"].data["rules"]
    assert "Draw the files" in usual.content.decode()
    assert "let another person draw" in wanted.content.decode()
    assert wanted.context["plan"] is None
    assert "let another person draw" in forced.content.decode()
    assert not Sample.objects.exists()


def test_a_sample_drawn_with_risk_says_how_many_files_came_at_random_and_of_none_why():
    centre, cases = centre_of(20)
    at_risk(*cases[:3])
    sample = drawn(centre)
    reader = manager(centre)

    page = browser(reader).get(reverse("reviews:sample", args=[sample.public_id]))
    listed = api(reader).get(reverse("api-samples")).json()["results"][0]["statement"]

    files = sample.cases.count()
    shown = page.content.decode()
    assert "Risk raised by feedback" not in shown
    assert [shown.count(words) for words in ("Random share of the period", "Drawn by a rule")] == [1, 1]  # the counts
    assert "Why a file was drawn is not shown" in shown
    assert listed["counts"] == {"random": 2, "by_rule": files - 2}
    assert [count for _label, count in page.context["counts"]] == [2, files - 2]


@pytest.mark.parametrize("hat", ["lawyer", "head"])
def test_who_has_files_in_the_frame_reads_neither_theirs_nor_why_nor_who_reads_them(hat):
    centre, _cases = centre_of(20)
    firm = factories.firm(centre)
    own = factories.case(centre, firm=firm, lawyer=factories.lawyer(firm))
    both = factories.user(Role.MANAGER, at=centre, of=own.lawyer if hat == "lawyer" else None)
    if hat == "head":
        both.grants.create(role=Role.FIRM, firm=firm)
    at_risk(own)
    sample = drawn(centre)
    marker = reviewer(centre)
    assignment(own, marker, by=manager(centre))

    page = browser(both).get(reverse("reviews:sample", args=[sample.public_id]))
    listed = api(both).get(reverse("api-samples")).json()["results"][0]["statement"]
    everybody = browser(manager(centre)).get(reverse("reviews:sample", args=[sample.public_id]))

    shown, others = page.content.decode(), sample.cases.exclude(case=own).count()
    assert own.number in everybody.content.decode()
    assert str(marker) in everybody.content.decode()
    assert own.number not in shown
    assert str(marker) not in shown
    assert "neither listed nor counted here" in shown
    assert "Random share of the period" not in shown
    assert f"Files of others drawn: {others}." in shown
    assert sample.statement["digest"] in everybody.content.decode()
    assert sample.statement["digest"] not in shown
    assert (listed["drawn"], listed["digest"], listed["counts"], listed["strata"]) == (others, "", {}, [])
    row = browser(both).get(reverse("reviews:samples")).context["page"].rows[0]
    assert row.drawn == others


def test_a_sample_drawn_without_risk_tells_which_rules_drew_each_file():
    centre, _cases = centre_of(20)
    sample = drawn(centre, Rule.RANDOM, Rule.EVERY_LAWYER)

    page = browser(manager(centre)).get(reverse("reviews:sample", args=[sample.public_id])).content.decode()
    listed = api(manager(centre)).get(reverse("api-samples")).json()["results"][0]["statement"]

    assert listed["counts"] == {"random": 2, "every_lawyer": 18}
    assert page.count("Every lawyer once a year") == 18 + 1
    assert "Why a file was drawn is not shown" not in page


def test_the_service_repeats_a_draw_that_its_seed_alone_does_not_tell(settings):
    centre, cases = centre_of(60)
    sample = drawn(centre, Rule.RANDOM)
    taken = set(sample.cases.values_list("case__number", flat=True))
    frame = [FrameCase(case_id=case.pk, number=case.number, stratum="all", lawyer_id=1) for case in cases]

    def again() -> set[str]:
        key = derived_key(f"draw:{centre.code}")
        plan = plan_sample(frame=frame, key=key, seed=sample.seed, rate=sample.rate, rules=[Rule.RANDOM])
        return {draw.number for draw in plan.draws}

    assert again() == taken
    numbers = sorted(case.number for case in cases)
    assert set(sorted(numbers, key=lambda number: sha256(f"s\n{number}".encode()).hexdigest())[: len(taken)]) != taken
    settings.INDEX_KEY = "another service's"
    assert again() != taken

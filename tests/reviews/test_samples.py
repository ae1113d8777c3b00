from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.enums import FlagKind
from qa_service.cases.services.evidence import clear_risk_flag, raise_risk_flag
from qa_service.common.periods import Period
from reviews.enums import Exclusion, Rule, Without
from reviews.models import Assignment, Checklist, Sample, SampledCase
from reviews.queries.given import given_out
from reviews.queries.previews import stratum_shown
from reviews.queries.sampling import frame_of, planned_sample
from reviews.services.assignments import assign_sample
from reviews.services.calibration import call_off
from reviews.services.lateness import accept_lateness
from reviews.services.samples import FrameChanged, NothingDrawn, SeedUsed, draw_sample
from tests import factories
from tests.factories import NOW
from tests.qa_service.cases import county
from tests.qa_service.cases.county import bring_in
from tests.reviews.calibrating import opened
from tests.reviews.factories import checklists, manager, reviewer

pytestmark = pytest.mark.django_db
QUARTER = Period.quarter(2026, 4)


def draw(centre, seed="s", user=None, rules=tuple(Rule), **fields):
    return draw_sample(
        centre=centre,
        period=QUARTER,
        seed=seed,
        rate=Decimal("0.1"),
        rules=rules,
        user=user or manager(centre),
        now=NOW,
        **fields,
    )


def centre_with_cases(count=20, lawyers=4):
    checklists()
    centre = factories.centre()
    firm = factories.firm(centre)
    people = [factories.lawyer(firm) for _each in range(lawyers)]
    cases = [factories.case(centre, firm=firm, lawyer=people[n % lawyers]) for n in range(count)]
    return centre, cases


def test_a_draw_takes_what_its_preview_showed():
    centre, _cases = centre_with_cases()
    plan = planned_sample(centre=centre, period=QUARTER, seed="s", now=NOW)

    sample = draw(centre, frame_digest=plan.frame_digest)

    assert set(sample.cases.values_list("case_id", flat=True)) == {each.case_id for each in plan.draws}
    assert (sample.frame_size, sample.statement["drawn"]) == (20, len(plan.draws))


def test_a_second_click_draws_nothing_more():
    centre, _cases = centre_with_cases()

    assert draw(centre) == draw(centre)
    assert Sample.objects.count() == 1


def test_a_case_that_came_after_the_preview_asks_for_another_look():
    centre, _cases = centre_with_cases()
    plan = planned_sample(centre=centre, period=QUARTER, seed="s", now=NOW)
    factories.case(centre)

    with pytest.raises(FrameChanged):
        draw(centre, frame_digest=plan.frame_digest)


def test_each_family_gives_its_share_in_every_quarter():
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    for closed_on in (date(2026, 9, 30), date(2026, 10, 1)):
        for _each in range(11):
            factories.case(centre, closed_on=closed_on)
    factories.case(centre, closed_on=date(2026, 10, 1), case_type="criminal", stage="trial")
    half = Period(date(2026, 7, 1), date(2027, 1, 1))

    plan = planned_sample(centre=centre, period=half, seed="s", rules=[Rule.RANDOM], now=NOW)

    assert [(each.name, each.size, each.random) for each in plan.strata] == [
        ("criminal 2026-4", 1, 1), ("other 2026-3", 11, 2), ("other 2026-4", 11, 2),
    ]  # fmt: skip
    assert stratum_shown("criminal 2026-4") == "刑事案件，2026 年第 4 季度"


def test_of_the_countys_year_the_default_rules_draw_about_sixty():
    checklists()
    centre = factories.centre(settings={"go_live_on": date(2026, 10, 1)})
    bring_in(centre)
    the_year = Period(date(2025, 11, 22), date(2026, 11, 22))

    plan = planned_sample(centre=centre, period=the_year, seed="s", now=county.NOW)

    assert plan.frame_size == 272
    assert 50 <= len(plan.draws) <= 70


def test_no_case_is_drawn_twice():
    centre, cases = centre_with_cases()
    draw(centre)

    second = planned_sample(centre=centre, period=QUARTER, seed="t", now=NOW)

    taken = set(SampledCase.objects.values_list("case_id", flat=True))
    assert not taken & {each.case_id for each in second.draws}
    assert {each.case_id for each in second.excluded if each.reason == Exclusion.ALREADY_DRAWN} == taken
    assert second.frame_size == len(cases) - len(taken)


def test_an_empty_period_draws_nothing_and_says_so():
    checklists()

    with pytest.raises(NothingDrawn):
        draw(factories.centre())


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"filed_on": date(2027, 1, 10)}, Rule.LATE_FILING),
        ({"case_type": "criminal", "stage": "trial"}, None),
    ],
)
def test_the_frame_knows_which_rules_always_draw_a_case(fields, rule):
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    factories.case(centre, **fields)

    assert next(frame_of(centre=centre, period=QUARTER, now=NOW)).always == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("client", "drawn"),
    [
        ({"birth_year": 2010}, True),
        ({"group": "minor", "birth_year": None}, True),
        ({"group": "disabled_person"}, True),
        ({"plan": {"sms_allowed": False, "reason": "incapacity"}}, True),
        ({"group": "migrant_worker"}, False),
        ({"plan": {"sms_allowed": False, "reason": "in_custody"}}, False),
    ],
)
def test_who_must_be_defended_is_always_drawn_in_a_criminal_case_and_in_no_other(client, drawn):
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    for fields in ({"case_type": "criminal", "stage": "trial"}, {}):
        factories.case(centre, client=factories.client(centre, **client), **fields)

    found = {case.stratum.split()[0]: case.always for case in frame_of(centre=centre, period=QUARTER, now=NOW)}

    assert found == {"criminal": {Rule.STATUTORY} if drawn else set(), "other": set()}


def test_a_late_file_whose_reason_was_accepted_is_drawn_by_no_rule():
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    case = factories.case(centre, filed_on=date(2027, 1, 10))
    accept_lateness(case=case, reason="法院迟送判决", user=manager(centre), now=datetime(2027, 1, 11, tzinfo=UTC))

    assert next(frame_of(centre=centre, period=QUARTER, now=NOW)).always == set()


def test_of_each_lawyer_the_first_case_since_the_service_began_is_drawn_and_none_from_before():
    checklists()
    centre = factories.centre(settings={"go_live_on": date(2026, 10, 15)})
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    days = (date(2026, 10, 1), date(2026, 10, 20), date(2026, 11, 1))
    _before, first, _second = (factories.case(centre, firm=firm, lawyer=lawyer, closed_on=day) for day in days)

    always = {case.case_id for case in frame_of(centre=centre, period=QUARTER, now=NOW) if case.always}

    assert always == {first.pk}


def test_a_risk_that_was_cleared_draws_nothing():
    centre, cases = centre_with_cases(count=1)
    flag = {"case_id": cases[0].pk, "kind": FlagKind.MONEY_ALERT, "actor": factories.ACTOR, "now": NOW}

    raise_risk_flag(**flag)
    raised = next(frame_of(centre=centre, period=QUARTER, now=NOW)).always
    clear_risk_flag(**flag)
    cleared = next(frame_of(centre=centre, period=QUARTER, now=NOW)).always

    assert raised - cleared == {Rule.RISK}


def test_a_lawyer_of_whom_only_a_case_of_another_year_was_drawn_is_read_this_year():
    checklists()
    centre = factories.centre(settings={"go_live_on": None})
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    one, _other = (
        factories.case(centre, firm=firm, lawyer=lawyer, closed_on=date(year, 6, 1)) for year in (2026, 2027)
    )

    def drawn_of(year):
        plan = planned_sample(
            centre=centre, period=Period.quarter(year, 2), seed="s", rules=[Rule.EVERY_LAWYER], now=NOW
        )
        return [each.case_id for each in plan.draws]

    before = drawn_of(2026)
    draw_sample(
        centre=centre, period=Period.quarter(2027, 2), seed="s", rate=Decimal(1), rules=[Rule.RANDOM],
        user=manager(centre), now=NOW,
    )  # fmt: skip

    assert (before, drawn_of(2026), drawn_of(2027)) == ([one.pk], [one.pk], [])


def test_each_centre_draws_by_a_key_of_its_own():
    """Or whoever manages two would know from one what the same seed draws at the other."""
    checklists()
    drawn = []
    for _each in range(2):
        centre = factories.centre(settings={"go_live_on": None})
        for number in range(20):
            factories.case(centre, number=f"案{number}")
        plan = planned_sample(centre=centre, period=QUARTER, seed="s", rules=[Rule.RANDOM], now=NOW)
        drawn.append([each.number for each in plan.draws])

    assert drawn[0] != drawn[1]


def test_a_file_that_reviewers_marked_for_calibration_is_drawn_for_two_of_them_no_more():
    centre, cases = centre_with_cases(count=6)
    boss = manager(centre)
    a_round = opened(centre, cases=cases[:5], by=boss)

    def twice(share):
        plan = planned_sample(
            centre=centre, period=QUARTER, seed="s", rate=Decimal(1), rules=[Rule.RANDOM], twice=Decimal(share), now=NOW
        )
        return len(plan.draws), {each.case_id for each in plan.draws if each.twice}

    assert twice(1) == (6, {cases[5].pk})
    call_off(round_=a_round, reason="推迟", user=boss, now=NOW)
    assert twice(1) == (6, {case.pk for case in cases})


def test_a_risk_flag_draws_a_case_without_telling_its_kind():
    centre, cases = centre_with_cases(count=20)
    raise_risk_flag(case_id=cases[0].pk, kind=FlagKind.MONEY_ALERT, actor=factories.ACTOR, now=NOW)

    sample = draw(centre, rules=[Rule.RANDOM, Rule.RISK])

    assert "risk" in sample.cases.get(case=cases[0]).reasons
    assert "money" not in str(sample.statement)


def test_files_are_given_out_evenly_and_never_in_conflict():
    centre, cases = centre_with_cases(count=20)
    inside = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(cases[0].firm))
    readers = [reviewer(centre), reviewer(centre)]
    boss = manager(centre)
    sample = draw(centre, user=boss, rules=[Rule.RANDOM, Rule.FIRST_CASE])

    given = assign_sample(sample=sample, user=boss, now=NOW)

    loads = [Assignment.objects.filter(reviewer=reader).count() for reader in readers]
    assert given.refused == ()
    assert sum(loads) == sample.cases.count()
    assert max(loads) - min(loads) <= 1
    assert not Assignment.objects.filter(reviewer=inside).exists()
    assert assign_sample(sample=sample, user=boss, now=NOW).assigned == ()


def test_a_file_nobody_may_read_is_named_with_the_reasons():
    centre, cases = centre_with_cases(count=3, lawyers=1)
    inside = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(cases[0].firm))
    boss = manager(centre)

    given = assign_sample(sample=draw(centre, user=boss, rules=[Rule.EVERY_LAWYER]), user=boss, now=NOW)

    assert given.assigned == ()
    assert {reason for turn in given.refused for reason in turn.choice.refused[inside.pk]} == {"same_firm"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("抽取24件，评查员已配齐20件，尚无第一评查员4件。", "4：符合条件的评查员", "最多20件")),
        (
            "en",
            (
                "Drawn: 24. With all their readers: 20. Without a first reader: 4.",
                "4: every reviewer who may read it",
                "20 open files",
            ),
        ),
    ],
)
def test_the_page_says_how_many_were_given_out_and_why_the_others_have_no_reader(client, language, words):
    centre, _cases = centre_with_cases(count=24, lawyers=24)
    reviewer(centre)
    boss = manager(centre)
    sample = draw(centre, user=boss, rules=[Rule.EVERY_LAWYER])
    client.force_login(boss)
    client.cookies["django_language"] = language

    page = client.post(reverse("reviews:assign", args=[sample.public_id]), follow=True).content.decode()

    assert [word in page for word in words] == [True, True, True]


def test_what_stands_in_the_way_is_told_by_its_kind():
    centre, cases = centre_with_cases(count=3, lawyers=3)
    boss = manager(centre)
    sample = draw(centre, user=boss, rules=[Rule.EVERY_LAWYER])
    nobody = given_out(sample, boss, now=NOW).without
    inside = factories.user(Role.REVIEWER, at=centre, of=factories.lawyer(cases[0].firm))
    tied = given_out(sample, boss, now=NOW).without
    reader = reviewer(centre)
    ready = given_out(sample, boss, now=NOW).without
    Checklist.objects.update(state="superseded")

    assert [nobody, tied, ready] == [{Without.NOBODY: 3}, {Without.CONFLICTS: 3}, {Without.NOT_YET: 3}]
    assert given_out(sample, boss, now=NOW).without == {Without.NO_CHECKLIST: 3}
    assert inside != reader


@pytest.mark.parametrize("count", [2, 12])
def test_how_far_a_sample_was_given_out_is_read_in_as_many_queries_for_few_as_for_many(
    count, django_assert_num_queries
):
    centre, _cases = centre_with_cases(count=count, lawyers=count)
    reviewer(centre)
    boss = manager(centre)
    sample = draw(centre, user=boss, rules=[Rule.EVERY_LAWYER])

    with django_assert_num_queries(28):
        given_out(Sample.objects.get(pk=sample.pk), User.objects.get(pk=boss.pk), now=NOW)


def test_the_frame_is_read_in_as_many_queries_for_one_case_as_for_many(django_assert_num_queries):
    centre, _cases = centre_with_cases(count=1)
    with django_assert_num_queries(4):
        planned_sample(centre=centre, period=QUARTER, seed="s", now=NOW)
    for _each in range(10):
        factories.case(centre)
    with django_assert_num_queries(4):
        planned_sample(centre=centre, period=QUARTER, seed="s", now=NOW)


def test_a_seed_names_a_draw_at_one_centre_only():
    first, _cases = centre_with_cases()
    second = factories.centre()
    case = factories.case(second)

    draw(first)

    assert draw(second, rules=[Rule.RANDOM]).cases.get().case == case


def test_a_seed_that_drew_another_period_is_refused():
    centre, _cases = centre_with_cases()
    draw(centre)

    with pytest.raises(SeedUsed):
        draw(centre, rules=[Rule.RANDOM])

"""Files left out of the frame, files replaced, weights, and the published statement."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case
from qa_service.cases.services import put_case
from qa_service.cases.services.evidence import raise_risk_flag
from qa_service.common.errors import InvalidInput
from qa_service.common.keeping import ERASED
from qa_service.notifications.models import Notification
from reviews.enums import Band, Exclusion, NotReadable, Rule
from reviews.models import Assignment, CaseReview, FrameExclusion, Sample, SampledCase
from reviews.queries.sampling import planned_sample
from reviews.queries.statements import grades_estimated, statement_shown
from reviews.rates import estimated_shares
from reviews.services.assignments import NotOpen, NotTheirsToGive, add_next_reader, assign_sample, hand_over
from reviews.services.sample_changes import (
    AlreadyRead,
    AlreadyReplaced,
    InASample,
    LeftOutBefore,
    leave_out,
    publish_statement,
    replace_file,
    take_in,
)
from reviews.services.samples import draw_sample
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, reviewer, submitted
from tests.reviews.test_samples import QUARTER, centre_with_cases

pytestmark = pytest.mark.django_db


def draw(centre, boss, rules=(Rule.RANDOM,), rate="0.2", **fields) -> Sample:
    given = {"centre": centre, "period": QUARTER, "seed": "s", "rate": Decimal(rate), "rules": rules} | fields
    return draw_sample(**given, user=boss, now=NOW)


def replaced(row: SampledCase, boss, kind=NotReadable.LOST, reason="卷宗遗失"):
    return replace_file(row=row, kind=kind, reason=reason, user=boss, now=NOW)


# --- listed -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("context_kept")
def test_each_file_of_a_sample_stands_on_one_page(monkeypatch):
    monkeypatch.setattr("reviews.views.managing.ROWS_A_PAGE", 3)
    centre, _cases = centre_with_cases(count=10)
    boss = manager(centre)
    sample = draw(centre, boss, rate="0.8")
    browser = Client()
    browser.force_login(boss)
    address, listed, after = reverse("reviews:sample", args=[sample.public_id]), [], ""

    for _page in range(3):
        page = browser.get(address, {"after": after} if after else {}).context["page"]
        listed.append([row.case.number for row in page.rows])
        after = page.last

    assert (after, [len(each) for each in listed]) == ("", [3, 3, 2])
    assert [number for each in listed for number in each] == sorted(sample.cases.values_list("case__number", flat=True))


# --- left out ---------------------------------------------------------------------------------------------------------


def test_a_case_left_out_is_not_drawn_until_it_is_taken_in_again():
    centre, cases = centre_with_cases(count=3)
    boss = manager(centre)
    row = leave_out(case=cases[0], kind="secret", reason="涉密", user=boss, now=NOW)

    def frame():
        plan = planned_sample(centre=centre, period=QUARTER, seed="s", now=NOW)
        return plan.frame_size, [(each.case_id, each.reason) for each in plan.excluded]

    assert frame() == (2, [(cases[0].pk, Exclusion.LEFT_OUT)])
    take_in(exclusion=row, user=boss, now=NOW)
    assert frame() == (3, [])


def test_what_is_left_out_says_why_once_by_somebody_untied_and_not_after_it_was_drawn():
    centre, cases = centre_with_cases(count=3)
    boss = manager(centre)
    own = account_of(cases[0].lawyer)
    leave_out(case=cases[0], kind="lost", reason="遗失", user=boss, now=NOW)

    with pytest.raises(LeftOutBefore):
        leave_out(case=cases[0], kind="lost", reason="遗失", user=boss, now=NOW)
    with pytest.raises(NotTheirsToGive):
        leave_out(case=cases[0], kind="lost", reason="遗失", user=own, now=NOW)
    for kind, reason in (("lost", " "), ("x", "遗失"), ("lost", f"{cases[1].client.name}的案卷遗失")):
        with pytest.raises(InvalidInput):
            leave_out(case=cases[1], kind=kind, reason=reason, user=boss, now=NOW)
    draw(centre, boss, rate="1")
    with pytest.raises(InASample):
        leave_out(case=cases[1], kind="lost", reason="遗失", user=boss, now=NOW)


# --- replaced ---------------------------------------------------------------------------------------------------------


def test_the_next_of_the_stratum_comes_for_a_file_that_cannot_be_read_with_its_weight():
    centre, _cases = centre_with_cases(count=10)
    boss, reader = manager(centre), reviewer(centre)
    sample = draw(centre, boss)
    assign_sample(sample=sample, user=boss, now=NOW)
    row = sample.cases.order_by("pk")[0]
    known = set(sample.cases.values_list("case_id", flat=True))

    came = replaced(row, boss)

    assert came is not None
    assert came.case_id not in known
    assert (came.weight, came.probability, came.reasons) == (row.weight, row.probability, row.reasons)
    assert Assignment.objects.get(case=row.case).state == "returned"
    assert Notification.objects.filter(user=reader, params__case=row.case.number).exists()
    assert [len(assign_sample(sample=sample, user=boss, now=NOW).assigned), sample.cases.count()] == [1, 3]
    with pytest.raises(AlreadyReplaced):
        replaced(row, boss)


def test_what_comes_for_a_file_of_two_readers_is_read_by_two():
    centre, _cases = centre_with_cases(count=10)
    boss = manager(centre)
    row = draw(centre, boss, twice=Decimal(1)).cases.order_by("pk")[0]

    came = replaced(row, boss)

    assert came is not None
    assert (row.readers, came.readers) == (2, 2)


def test_who_comes_next_is_fixed_by_the_seed():
    centre, _cases = centre_with_cases(count=10)
    boss = manager(centre)
    row = draw(centre, boss).cases.order_by("pk")[0]
    found = set()

    for _time in range(2):
        with transaction.atomic():
            came = replaced(row, boss)
            assert came is not None
            found.add(came.case_id)
            transaction.set_rollback(True)

    assert len(found) == 1


def test_who_leaves_files_out_after_the_draw_does_not_choose_what_comes():
    centre, cases = centre_with_cases(count=6)
    boss, other = manager(centre), manager(centre)
    sample = draw(centre, boss, rate="0.1")
    row = sample.cases.get()

    def in_turn():
        """What comes one after the other where each is replaced in its turn."""
        with transaction.atomic():
            order, came = [], replaced(row, boss)
            while came is not None:
                order.append(came.case_id)
                came = replaced(came, boss)
            transaction.set_rollback(True)
        return order

    before = in_turn()
    wished = Case.objects.get(pk=before[-1])
    for pk in before[1:-1]:
        leave_out(case=Case.objects.get(pk=pk), kind="elsewhere", reason="外借", user=other, now=NOW)
    first = replaced(row, boss)
    came = replaced(first, boss)

    assert (len(cases), len(before)) == (6, 5)
    assert (first.case_id, came.case_id) == (before[0], wished.pk)
    passed = SampledCase.objects.filter(case__in=before[1:-1])
    assert set(passed.values_list("replaced_kind", "taken_out_by", "replaced_reason")) == {
        ("elsewhere", other.pk, "外借")
    }
    told = statement_shown(sample)
    assert told.replaced == (("案卷已调往其他机关", 3), ("案卷无法找到", 2))
    assert dict(told.acted) == {str(other): 3, str(boss): 2}


def test_where_nobody_was_left_out_the_order_is_that_of_the_draw_also_for_the_left_out():
    centre, cases = centre_with_cases(count=4)
    boss = manager(centre)
    row = draw(centre, boss, rate="0.1").cases.get()
    for case in cases:
        if case.pk != row.case_id:
            leave_out(case=case, kind="lost", reason="遗失", user=boss, now=NOW)

    assert replaced(row, boss) is None
    assert SampledCase.objects.exclude(replaced_at=None).count() == 4


def test_the_statement_tells_by_kind_and_person_what_was_left_out_before_the_draw_and_not_what_was_since():
    centre, cases = centre_with_cases(count=10)
    boss, other = manager(centre), manager(centre)
    leave_out(case=cases[0], kind="lost", reason="遗失", user=boss, now=NOW)
    back = leave_out(case=cases[1], kind="secret", reason="涉密", user=other, now=NOW)
    sample = draw(centre, boss)
    later = NOW + timedelta(minutes=1)
    take_in(exclusion=back, user=boss, now=later)
    leave_out(case=cases[1], kind="elsewhere", reason="外借", user=boss, now=later)

    told = statement_shown(sample)

    assert told.excluded == (("由中心排除：案卷无法找到", 1), ("由中心排除：案卷封存或涉及国家秘密", 1))
    assert told.acted == tuple(sorted([(str(boss), 1), (str(other), 1)]))


@pytest.mark.parametrize(
    "came", [{"first_seen_at": NOW + timedelta(hours=1)}, {"closed_on": NOW.date() + timedelta(days=2)}]
)
def test_a_case_that_came_after_the_draw_takes_no_files_place(came):
    centre, [case, *_others] = centre_with_cases(count=2)
    boss = manager(centre)
    row = draw(centre, boss, rate="1").cases.order_by("pk")[0]
    factories.case(centre, firm=case.firm, lawyer=case.lawyer, **came)

    assert replaced(row, boss) is None


def test_nothing_that_the_frame_did_not_hold_comes_though_it_was_taken_in_or_closed_since_with_an_earlier_day():
    centre, cases = centre_with_cases(count=2)
    boss = manager(centre)
    row = {
        "number": "临法援〔2026〕民字第0001号", "case_type": "民事", "stage": "一审", "client_name": "张三",
        "age": "40", "phone": "17012345678", "sms_consent": "是", "lawyer_name": "周琴",
        "licence_number": "34307200111427006",
        "firm_name": "石桥法律服务所", "accepted_on": "2026-05-01",
    }  # fmt: skip
    factories.case(centre, number=row["number"], closed_on=None, survey_released_at=None)
    left = leave_out(case=cases[0], kind="lost", reason="外借", user=boss, now=NOW)
    drawn = draw(centre, boss, rate="1").cases.get()
    later = NOW + timedelta(minutes=1)
    take_in(exclusion=left, user=boss, now=later)
    put_case(centre=centre, fields=row | {"closed_on": cases[1].closed_on}, actor=boss.actor, now=later)

    assert replaced(drawn, boss) is None


def test_a_file_that_was_taken_out_is_given_to_no_further_reader():
    centre, _cases = centre_with_cases(count=2)
    boss, _reader, other = manager(centre), reviewer(centre), reviewer(centre)
    sample = draw(centre, boss, rate="1")
    assign_sample(sample=sample, user=boss, now=NOW)
    row = sample.cases.order_by("pk")[0]
    replaced(row, boss)
    came_back = Assignment.objects.get(case=row.case)

    with pytest.raises(NotOpen):
        hand_over(assignment=came_back, reviewer=other, reason="另派", user=boss, now=NOW)

    assert Assignment.objects.filter(case=row.case).count() == 1


def test_a_file_that_was_read_stays_and_where_none_is_left_none_comes():
    centre, _cases = centre_with_cases(count=2)
    boss, _reader = manager(centre), reviewer(centre)
    sample = draw(centre, boss, rate="1")
    read, unread = sample.cases.order_by("pk")
    assign_sample(sample=sample, user=boss, now=NOW)
    submitted(Assignment.objects.get(case=read.case), **GOOD)

    with pytest.raises(AlreadyRead):
        replaced(read, boss)
    assert replaced(unread, boss) is None


def test_the_database_takes_no_replacement_without_a_reason():
    centre, _cases = centre_with_cases(count=2)
    row = draw(centre, manager(centre), rate="1").cases.order_by("pk")[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        SampledCase.objects.filter(pk=row.pk).update(replaced_at=NOW)


@pytest.mark.usefixtures("kept_for_ever")
def test_what_was_drawn_who_came_for_whom_and_what_was_published_stands_in_the_database():
    centre, _cases = centre_with_cases(count=3)
    boss = manager(centre)
    sample = draw(centre, boss, rate="0.4")
    row, untouched = sample.cases.order_by("pk")
    replaced(row, boss)
    erased = SampledCase.objects.filter(pk=row.pk).update(replaced_reason=ERASED)
    sample = publish_statement(sample=sample, user=boss, now=NOW)
    one, other = (SampledCase.objects.filter(pk=each.pk) for each in (row, untouched))

    for change in (
        lambda: one.update(replaced_kind=NotReadable.SECRET),
        lambda: one.update(replaced_at=None, replaced_kind="", taken_out_by=None),
        lambda: one.update(replaced_by=untouched),
        lambda: other.update(reasons=["risk"]),
        lambda: other.update(weight=7),
        lambda: other._raw_delete(other.db),
        lambda: Sample.objects.update(statement={}),
        lambda: Sample.objects.update(published_at=None, published_by=None),
        lambda: Sample.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()
    assert erased == 1


# --- weights ----------------------------------------------------------------------------------------------------------


def test_a_file_drawn_at_random_stands_for_as_many_as_its_chance_says_and_one_drawn_by_rule_for_none():
    centre, cases = centre_with_cases(count=10, lawyers=10)
    sample = draw(centre, manager(centre), rules=[Rule.RANDOM, Rule.EVERY_LAWYER])

    weights = {("random" in row.reasons, row.weight) for row in sample.cases.all()}
    assert len(cases) == 10
    assert weights == {(True, Decimal(5)), (False, Decimal(0))}


@given(st.lists(st.tuples(st.decimals(1, 50, places=2), st.sampled_from(["good", "fail"])), min_size=1, max_size=30))
def test_weighted_shares_make_one_whole_and_lie_within_their_intervals(rows):
    found = estimated_shares(rows)

    assert abs(sum((each.share for each in found.values()), Decimal(-1))) < Decimal("1e-20")
    for each in found.values():
        assert Decimal(0) <= each.low <= each.share <= each.high <= Decimal(1)


def test_rates_of_all_files_are_told_from_five_files_of_the_random_share_on():
    centre, _cases = centre_with_cases(count=6)
    boss, _reader = manager(centre), reviewer(centre)
    sample = draw(centre, boss, rate="1")
    assign_sample(sample=sample, user=boss, now=NOW)
    rows = list(Assignment.objects.order_by("pk"))
    for row in rows[:4]:
        submitted(row, **GOOD)
    of_four = grades_estimated(sample)
    submitted(rows[4], **GOOD)

    [(label, estimate)] = grades_estimated(sample)

    assert of_four == ()
    assert (label, estimate.share, estimate.files) == (str(Band.GOOD.label), Decimal(1), 5)


# --- read by two ------------------------------------------------------------------------------------------------------


def test_a_file_drawn_for_two_readers_is_released_when_both_have_read_it():
    centre, _cases = centre_with_cases(count=1)
    boss, _one, _two = manager(centre), reviewer(centre), reviewer(centre)
    sample = draw(centre, boss, rate="1", twice=Decimal(1))

    given_out = assign_sample(sample=sample, user=boss, now=NOW).assigned
    states = []
    for row in given_out:
        submitted(row, **GOOD)
        states.append(CaseReview.objects.current().get().state)

    assert [row.order for row in given_out] == [1, 2]
    assert len({row.reviewer_id for row in given_out}) == 2
    assert states == ["awaiting_second", "released"]
    assert sample.statement["read_twice"] == 1


def test_a_file_drawn_for_two_readers_waits_for_the_second_though_there_is_none_yet():
    centre, _cases = centre_with_cases(count=1)
    boss, _only = manager(centre), reviewer(centre)
    sample = draw(centre, boss, rate="1", twice=Decimal(1))

    given_out = assign_sample(sample=sample, user=boss, now=NOW)
    submitted(given_out.assigned[0], **GOOD)

    assert len(given_out.assigned) == len(given_out.refused) == 1
    assert CaseReview.objects.current().get().state == "awaiting_second"


def test_who_reads_second_links_those_whom_no_earlier_sample_has_linked():
    centre, cases = centre_with_cases(count=3)
    boss, [one, other, third] = manager(centre), [reviewer(centre) for _each in range(3)]
    for order, reader in enumerate((one, other), start=1):
        submitted(assignment(cases[0], reader, order=order), **GOOD)
    assignment(cases[1], third)
    assignment(cases[2], one)

    second = add_next_reader(case=cases[2], user=boss, now=NOW)

    assert second.reviewer == third, "the other has room too, and holds no file"


# --- published --------------------------------------------------------------------------------------------------------


def test_a_published_statement_is_anybodys_and_names_no_case(fonts):
    centre, cases = centre_with_cases(count=10)
    boss = manager(centre)
    leave_out(case=cases[0], kind="lost", reason="遗失", user=boss, now=NOW)
    sample = draw(centre, boss)
    row = sample.cases.order_by("pk")[0]
    replaced(row, boss)
    url, paper = (reverse(f"reviews:{name}", args=[sample.public_id]) for name in ("statement", "statement-paper"))
    anybody = Client()
    before = [anybody.get(url).status_code, anybody.get(paper).status_code]

    publish_statement(sample=sample, user=boss, now=NOW)
    page = anybody.get(url).content.decode()
    listed = anybody.get(reverse("reviews:statements")).content.decode()

    assert before == [404, 404]
    assert sample.statement["digest"] in page
    assert url in listed
    assert [word in page for word in ("案卷无法找到", "由中心排除：案卷无法找到")] == [True, True]
    assert not [case.number for case in cases if case.number in page]
    assert anybody.get(paper).content.startswith(b"%PDF")


def test_where_risk_drew_and_who_manages_handled_a_case_no_figure_is_published():
    centre, cases = centre_with_cases(count=20)
    raise_risk_flag(case_id=cases[0].pk, kind=FlagKind.MONEY_ALERT, actor=factories.ACTOR, now=NOW)
    boss = manager(centre)
    sample = draw(centre, boss, rules=[Rule.RANDOM, Rule.RISK])
    plain = statement_shown(sample)
    factories.user(Role.MANAGER, at=centre, of=cases[3].lawyer)

    untold = statement_shown(sample)

    assert (plain.figures, plain.frame, [name for name, _count in plain.counts]) == (
        True, 20, [str(Rule.RANDOM.label), "按规则抽取"],
    )  # fmt: skip
    assert (untold.figures, untold.frame, untold.drawn, untold.digest, untold.counts) == (False, 0, 0, "", ())


def test_a_manager_leaves_out_replaces_and_publishes_on_pages(client):
    centre, cases = centre_with_cases(count=10)
    boss = manager(centre)
    client.force_login(boss)
    left_out = reverse("reviews:left-out")

    wrong = client.post(left_out, {"case": "没有这个案号", "kind": "lost", "reason": "遗失"})
    client.post(left_out, {"case": cases[0].number, "kind": "lost", "reason": "遗失"})
    listed = client.get(left_out).content.decode()
    client.post(reverse("reviews:take-in", args=[FrameExclusion.objects.get().public_id]))
    sample = draw(centre, boss)
    row = sample.cases.order_by("pk")[0]
    replacing = reverse("reviews:replace", args=[sample.public_id, row.case.public_id])
    unsaid = client.post(replacing, {"kind": "lost", "reason": ""})
    client.post(replacing, {"kind": "lost", "reason": "遗失"})
    page = client.get(reverse("reviews:sample", args=[sample.public_id])).content.decode()
    client.post(reverse("reviews:publish-statement", args=[sample.public_id]))

    assert (wrong.status_code, unsaid.status_code) == (422, 422)
    assert cases[0].number in listed
    assert f"替换{row.case.number}" in page
    assert FrameExclusion.objects.get().taken_back_by == boss
    assert Sample.objects.get().published_by == boss


def test_programs_do_all_of_it():
    centre, cases = centre_with_cases(count=10)
    boss, reader, case = manager(centre), reviewer(centre), cases[0]
    api, anybody = Client(), Client()
    api.force_login(boss)

    def post(name, body, *row):
        return api.post(reverse(name, args=row), body, content_type="application/json")

    left = post("api-frame-exclusions", {"case": str(case.public_id), "kind": "lost", "reason": "遗失"})
    again = api.delete(reverse("api-frame-exclusion", args=[left.json()["public_id"]]))
    sample = draw(centre, boss)
    first = sample.cases.order_by("pk")[0].case
    why = {"kind": "secret", "reason": "涉密"}
    came = post("api-file-replacement", why, sample.public_id, first.public_id)
    untold = anybody.get(reverse("api-sampling-statement", args=[sample.public_id]))
    post("api-sample-publication", {}, sample.public_id)
    told = anybody.get(reverse("api-sampling-statement", args=[sample.public_id])).json()
    terms = api.put(
        reverse("api-reviewer-terms", args=[reader.public_id]), {"capacity": 3}, content_type="application/json"
    )
    listed = api.get(reverse("api-reviewers")).json()
    tie = post("api-file-readers", {"opposing_firm": reader.lawyer.memberships.get().firm.name}, case.public_id)
    may = api.get(reverse("api-file-readers", args=[case.public_id])).json()
    objected = post(
        "api-reviewer-objections",
        {
            "reviewer": str(reader.public_id),
            "lawyer": case.lawyer.licence_number,
            "reason": "纠纷",
            "received_on": "2026-11-02",
        },
    )
    decision = post("api-reviewer-objection-decision", {"upheld": True, "answer": "属实"}, objected.json()["public_id"])

    assert [left.status_code, again.status_code, came.status_code, untold.status_code] == [201, 200, 201, 404]
    assert came.json()["replaced_by"] in {each.number for each in cases}
    assert (told["frame"], told["drawn"], told["replaced"]) == (
        10,
        2,
        [{"name": str(NotReadable.SECRET.label), "files": 1}],
    )
    assert (terms.status_code, [row["capacity"] for row in listed]) == (200, [3])
    assert (tie.status_code, may["reviewers"][0]["reasons"]) == (201, ["opposing_firm"])
    assert (objected.status_code, decision.json()["state"]) == (201, "upheld")

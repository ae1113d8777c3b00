"""Observing hearings: planned by a rule, marked apart by several, talked over, recorded once, weighed."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case, EvidenceChange
from qa_service.common.errors import InvalidInput, NotFound
from qa_service.notifications.queries import unread_notifications
from qa_service.notifications.services import rendered
from reviews.enums import Anchor, HearingRule, HearingState, ObservationState
from reviews.models import Hearing, HearingMove, Observation, ObservedMark, RecordedMark, Relation
from reviews.queries import hearing_evidence, waiting_for
from reviews.queries.hearings import hearings_to_come
from reviews.services.assignments import NotTheirsToGive
from reviews.services.hearings import (
    HearingsChanged,
    HearingToCome,
    NotAllHandedIn,
    NotObserved,
    ObservationChanged,
    ObservationLocked,
    ObservedThatDay,
    ObserverTied,
    cancel_hearing,
    move_hearing,
    name_observer,
    plan_hearings,
    remind_of_hearings,
    save_observation,
    submit_observation,
    take_off_observer,
)
from reviews.services.submission import Unfinished
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import checklists, manager
from tests.reviews.hearing_rows import HEARD_ON, UNTIL, handed_in, heard, observer, planned, recorded, saved
from tests.stage import Stage

pytestmark = pytest.mark.django_db
PARTLY = {"H3": Anchor.PARTLY}  # 100 − 12 = 88


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_a_plan_draws_from_the_hearings_of_cases_under_way_and_names_who_is_free():
    checklists()
    centre = factories.centre()
    boss, seer = manager(centre), observer(centre)
    firm = factories.firm(centre)
    handler = factories.lawyer(firm)
    tied = observer(centre, of=handler)
    old_hand = factories.lawyer(firm)
    factories.case(centre, firm=firm, lawyer=old_hand)
    group = factories.open_case(centre, firm=firm, lawyer=old_hand, hearing_on=HEARD_ON, people_helped=12)
    first = factories.open_case(centre, firm=firm, lawyer=handler, hearing_on=HEARD_ON)
    factories.open_case(centre, firm=firm, lawyer=old_hand, hearing_on=date(2027, 3, 1))  # too late
    factories.open_case(centre, firm=firm, lawyer=old_hand)  # no hearing known

    plan = plan_hearings(centre=centre, until=UNTIL, seed="s", rate=Decimal("0.05"), user=boss, now=NOW)
    again = plan_hearings(centre=centre, until=UNTIL, seed="s", rate=Decimal("0.05"), user=boss, now=NOW)

    rows = {row.case_id: row for row in plan.hearings.all()}
    assert again == plan
    assert set(rows) == {group.pk, first.pk}
    assert HearingRule.GROUP in rows[group.pk].rules
    assert HearingRule.FIRST_TIME in rows[first.pk].rules
    assert [row.observer for row in rows[first.pk].observations.all()] == [seer]
    assert tied not in [row.observer for row in Observation.objects.all()]
    assert hearings_to_come(centre=centre, until=UNTIL, now=NOW) == []


def test_a_plan_is_refused_where_hearings_have_moved_since_its_preview():
    centre = factories.centre()
    checklists()
    factories.open_case(centre, hearing_on=HEARD_ON)

    with pytest.raises(HearingsChanged):
        plan_hearings(
            centre=centre, until=UNTIL, seed="s", rate=Decimal(1), frame_digest="old", user=manager(centre), now=NOW
        )

    assert not Hearing.objects.exists()


def test_a_seed_that_planned_another_time_or_share_is_refused_and_so_is_a_number_that_names_no_case():
    centre = factories.centre()
    boss, program = manager(centre), APIClient()
    program.force_authenticate(boss)
    hearing = planned(centre, by=boss)
    body = {"centre": centre.code, "until": str(UNTIL), "rate": "1", "seed": "s"}

    def answered(**other):
        answer = program.post(reverse("api-hearing-plans"), body | other, format="json")
        return answer.status_code, answer.json().get("code")

    assert answered() == (201, None)
    assert answered(until=str(HEARD_ON)) == answered(rate="0.5") == (409, "seed_used")
    nameless = program.post(
        reverse("api-hearing-plans"), body | {"seed": "t", "named": [hearing.case.number, "无此案"]}, format="json"
    )
    assert (nameless.status_code, "无此案" in nameless.content.decode()) == (422, True)
    assert Hearing.objects.count() == 1


def test_less_than_a_twentieth_is_refused_on_the_page_and_nothing_typed_is_lost(client):
    centre = factories.centre()
    client.force_login(manager(centre))
    asked = {"centre": str(centre.pk), "until": "2026-12-31", "rate": "4", "seed": "unser"}

    answer = client.post(reverse("reviews:plan-hearings"), asked)

    assert answer.status_code == 422
    assert 'value="unser"' in answer.content.decode()


def test_the_page_plans_what_it_showed_and_what_was_ticked(client):
    checklists()
    centre = factories.centre()
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    factories.case(centre, firm=firm, lawyer=lawyer)
    numbers = [factories.open_case(centre, firm=firm, lawyer=lawyer, hearing_on=HEARD_ON).number for _n in range(4)]
    observer(centre)
    client.force_login(manager(centre))
    asked = {"centre": str(centre.pk), "until": "2026-12-31", "rate": "5", "seed": "s"}
    page = client.get(reverse("reviews:plan-hearings"), asked).content.decode()
    beside = next(number for number in numbers if f'value="{number}"' in page)

    answer = client.post(reverse("reviews:plan-hearings"), asked | {"named": beside})

    assert answer.status_code == 302
    assert Hearing.objects.count() == 2
    assert Hearing.objects.get(case__number=beside).rules == [HearingRule.NAMED]
    assert beside in client.get(reverse("reviews:hearings")).content.decode()


# --- observing --------------------------------------------------------------------------------------------------------


class TestAHearingThatTwoObserve:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage) -> tuple[Hearing, User]:
        def scene() -> tuple[Hearing, User]:
            centre = factories.centre()
            for _each in range(2):
                observer(centre)
            boss = manager(centre)
            client = factories.client(centre, name="张秀兰")
            return planned(centre, by=boss, client=client), boss

        return stage(scene)

    @pytest.fixture
    def its_day(self, hearing: Hearing) -> Iterator[None]:
        with time_machine.travel(heard(hearing), tick=False):
            yield

    @pytest.fixture
    def hearing(self, built: tuple[Hearing, User]) -> Hearing:
        return deepcopy(built[0])

    @pytest.fixture
    def boss(self, built: tuple[Hearing, User]) -> User:
        return deepcopy(built[1])

    @pytest.fixture
    def both(self, hearing: Hearing) -> list[Observation]:
        return list(hearing.observations.order_by("pk"))

    def test_each_finds_it_on_their_home_and_nobody_elses(self, hearing, both, boss):
        mine = [block.count for block in waiting_for(both[0].observer, NOW)]
        stranger = browser_of(observer(hearing.case.centre))

        pages = [
            browser_of(both[0].observer).get(url).content.decode()
            for url in (
                reverse("reviews:my-hearings"),
                reverse("reviews:observe", args=[both[0].public_id]),
                reverse("reviews:hearing", args=[hearing.public_id]),
            )
        ]

        assert mine == [1]
        assert [(hearing.case.number in page, "张秀兰" in page) for page in pages] == [(True, False)] * 3
        assert hearing.case.number not in stranger.get(reverse("reviews:my-hearings")).content.decode()
        assert stranger.get(reverse("reviews:observe", args=[both[0].public_id])).status_code == 404

    def test_nobody_sees_what_another_marked_until_all_have_handed_in(self, hearing, both, boss):
        handed_in(both[0], **PARTLY)
        url = reverse("reviews:hearing", args=[hearing.public_id])
        before = [browser_of(user).get(url).content.decode() for user in (both[1].observer, boss)]
        with pytest.raises(NotAllHandedIn):
            recorded(hearing, by=boss)

        handed_in(both[1])
        after = browser_of(both[1].observer).get(url).content.decode()

        assert ["88.00" in page or "见笔记" in page for page in before] == [False, False]
        assert "88.00" in after
        assert "见笔记" in after

    def test_the_record_is_made_once_after_a_discussion_and_changes_no_more(self, hearing, both, boss):
        for row in both:
            handed_in(row, **PARTLY)
        with pytest.raises(InvalidInput):
            recorded(hearing, by=both[0].observer, note=" ")

        done = recorded(hearing, by=both[0].observer, **PARTLY)

        assert (done.state, done.total) == (HearingState.RECORDED, Decimal(88))
        assert hearing_evidence([hearing.case_id])[hearing.case_id].score == Decimal(88)
        assert EvidenceChange.objects.filter(case=hearing.case_id).exists()
        with pytest.raises(NotObserved):
            recorded(hearing, by=boss)
        for rows, change in (
            (Hearing.objects, {"total": 90}),
            (RecordedMark.objects, {"anchor": "full"}),
            (ObservedMark.objects, {"anchor": "full"}),
            (Observation.objects, {"comment": "改"}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)

    def test_who_came_to_be_tied_after_handing_in_has_no_part_in_the_record(self, hearing, both, boss):
        first, second = both
        handed_in(first, H3=Anchor.NONE)
        handed_in(second)
        door = reverse("reviews:hearing", args=[hearing.public_id])
        before = browser_of(boss).get(door).content.decode()
        Relation.objects.create(reviewer=first.observer, lawyer=hearing.case.lawyer, declared_at=NOW)
        after = browser_of(boss).get(door).content.decode()

        assert ("见笔记" in before, "见笔记" in after) == (True, False)
        assert "与本案存在利害关系" in after
        with pytest.raises(NotTheirsToGive):
            recorded(hearing, by=first.observer)
        Relation.objects.create(reviewer=second.observer, lawyer=hearing.case.lawyer, declared_at=NOW)
        with pytest.raises(ObserverTied):
            recorded(hearing, by=boss)
        Relation.objects.filter(reviewer=second.observer).update(taken_back_at=NOW, taken_back_reason="误填")
        assert recorded(hearing, by=boss, note="").total == 100

    def test_a_second_device_is_told_and_loses_nothing(self, both):
        saved(both[0], **PARTLY)

        with pytest.raises(ObservationChanged) as conflict:
            save_observation(
                observation_id=both[0].public_id, version=0, entries=[], comment="", user=both[0].observer, now=NOW
            )

        assert conflict.value.marks["H3"]["anchor"] == "partly"

    def test_nobody_hands_in_what_another_device_has_changed_since(self, both):
        saved(both[0], **PARTLY)
        seen = saved(both[0]).version - 1
        handing_in = {"observation_id": both[0].public_id, "user": both[0].observer, "now": heard(both[0].hearing)}

        with pytest.raises(ObservationChanged):
            submit_observation(version=seen, **handing_in)

    def test_the_note_of_the_discussion_names_no_client(self, hearing, both):
        for row in both:
            handed_in(row)

        with pytest.raises(InvalidInput) as refused:
            recorded(hearing, by=both[0].observer, note=f"{hearing.case.client.name}的陈述清楚。")

        assert refused.value.field == "note"
        assert Hearing.objects.get().state == HearingState.PLANNED

    def test_what_was_handed_in_is_locked_and_what_is_unfinished_is_not_taken(self, both):
        on_its_day = heard(both[0].hearing)
        with pytest.raises(Unfinished):
            submit_observation(observation_id=both[0].public_id, version=0, user=both[0].observer, now=on_its_day)
        handed_in(both[1])
        with pytest.raises(ObservationLocked):
            saved(both[1])

    def test_nobody_hands_in_what_has_not_been_heard(self, both):
        row = saved(both[0])

        with pytest.raises(HearingToCome):
            submit_observation(
                observation_id=row.public_id,
                version=row.version,
                user=row.observer,
                now=heard(row.hearing) - timedelta(days=1),
            )
        row.refresh_from_db()
        assert row.state == ObservationState.OPEN

    @pytest.mark.usefixtures("its_day")
    def test_a_deduction_without_a_reason_is_told_once_and_asks_for_no_page(self, both):
        browser, url = browser_of(both[0].observer), reverse("reviews:observe", args=[both[0].public_id])
        marks = {f"H{n}-anchor": "full" for n in range(1, 5)} | {"H5-anchor": "partly"}

        page = browser.post(url, marks | {"version": "0", "next": "submit"}).content.decode()

        assert page.count("H5 · ") == 1
        assert ("H5 · 扣分未选理由" in page, "至少应有一项适用" in page) == (True, False)

    def test_who_has_come_to_be_tied_since_hands_nothing_in(self, both):
        observer_of, case = both[0].observer, both[0].hearing.case
        User.objects.filter(pk=observer_of.pk).update(lawyer=factories.lawyer(case.firm))

        with pytest.raises(ObserverTied):
            handed_in(both[0])

    def test_who_is_taken_off_reaches_it_no_more(self, hearing, both, boss):
        take_off_observer(observation=both[0], user=boss, now=NOW)

        with pytest.raises(NotFound):
            saved(both[0])
        handed_in(both[1])
        with pytest.raises(NotObserved):
            take_off_observer(observation=both[1], user=boss, now=NOW)
        assert recorded(hearing, by=both[1].observer, note="").state == HearingState.RECORDED

    def test_a_hearing_that_is_not_observed_says_why_and_weighs_nothing(self, hearing, both, boss):
        with pytest.raises(InvalidInput):
            cancel_hearing(hearing=hearing, reason=" ", user=boss, now=NOW)

        cancel_hearing(hearing=hearing, reason="改期", user=boss, now=NOW)

        assert hearing_evidence([hearing.case_id]) == {}
        with pytest.raises(ObservationLocked):
            saved(both[0])
        assert [each.case_id for each in hearings_to_come(centre=hearing.case.centre, until=UNTIL, now=NOW)] == [
            hearing.case_id
        ]

    def test_what_an_observer_handed_in_is_laid_aside_by_the_bureau_alone(self, hearing, both, boss):
        handed_in(both[0], **PARTLY)
        url = reverse("reviews:cancel-hearing", args=[hearing.public_id])
        page = reverse("reviews:hearing", args=[hearing.public_id])
        bureau = factories.user(Role.SUPERVISOR, at=hearing.case.centre)
        offered = [url in browser_of(person).get(page).content.decode() for person in (boss, bureau)]

        refused = browser_of(boss).post(url, {"reason": "无人到庭"})
        hearing.refresh_from_db()
        still = hearing.state
        browser_of(bureau).post(url, {"reason": "错填了别案的表"})

        hearing.refresh_from_db()
        assert (offered, refused.status_code, still) == ([False, True], 409, HearingState.PLANNED)
        assert (hearing.state, hearing.note) == (HearingState.CANCELLED, "错填了别案的表")

    def test_who_need_not_go_any_more_is_told(self, hearing, both, boss):
        def told(row: Observation) -> list[str]:
            found = [rendered(each) for each in unread_notifications(row.observer)]
            return [text for text in found if HEARD_ON.isoformat() in text and "不必前往" in text]

        take_off_observer(observation=both[0], user=boss, now=NOW)
        once = [len(told(row)) for row in both]
        cancel_hearing(hearing=hearing, reason="改为不公开审理", user=boss, now=NOW)

        assert (once, [len(told(row)) for row in both]) == ([1, 0], [1, 1])

    def test_whoever_is_tied_to_the_case_is_not_named(self, hearing, boss):
        tied = observer(hearing.case.centre, of=factories.lawyer(hearing.case.firm))

        with pytest.raises(ObserverTied):
            name_observer(hearing=hearing, observer=tied, user=boss, now=NOW)

    @pytest.mark.usefixtures("its_day")
    def test_the_form_is_saved_and_handed_in_without_scripts(self, both):
        browser, url = browser_of(both[0].observer), reverse("reviews:observe", args=[both[0].public_id])
        marks = {f"H{n}-anchor": "full" for n in range(1, 6)}

        kept = browser.post(url, marks | {"version": "0", "comment": "准时到庭"})
        page = browser.get(url).content.decode()
        done = browser.post(url, marks | {"version": "1", "comment": "准时到庭", "next": "submit"})

        both[0].refresh_from_db()
        assert (kept.status_code, done.status_code, both[0].state) == (302, 302, ObservationState.SUBMITTED)
        assert "准时到庭" in page

    @pytest.mark.usefixtures("its_day")
    @pytest.mark.parametrize(
        ("typed", "status"),
        [
            ({"version": "0", "H1-anchor": "none", "H1-comment": "张秀兰没有到", "next": "submit"}, 422),
            ({"version": "0", "H1-anchor": "superb"}, 422),
            ({"version": "7", "H1-anchor": "full"}, 409),
            ({"H1-anchor": "full"}, 409),
            ({"version": "0", "next": "submit", "H1-anchor": "full"}, 422),
        ],
    )
    def test_what_cannot_be_taken_is_refused_and_stands_in_the_form(self, both, typed, status):
        browser, url = browser_of(both[0].observer), reverse("reviews:observe", args=[both[0].public_id])

        answer = browser.post(url, typed | {"comment": "写了这些"})

        assert answer.status_code == status
        assert "写了这些" in answer.content.decode()

    @pytest.mark.usefixtures("its_day")
    def test_a_program_saves_and_hands_in(self, both):
        browser = browser_of(both[0].observer)
        marks = [{"item": f"H{n}", "anchor": "full"} for n in range(1, 6)]
        url = reverse("api-observation-marks", args=[both[0].public_id])

        kept = browser.put(url, {"version": 0, "marks": marks, "comment": "可以"}, "application/json")
        late = browser.put(url, {"version": 0, "marks": []}, "application/json")
        done = browser.post(
            reverse("api-observation-submit", args=[both[0].public_id]), {"version": 1}, "application/json"
        )

        assert (kept.status_code, kept.json()["version"]) == (200, 1)
        assert (late.status_code, late.json()["marks"]["H1"]["anchor"]) == (409, "full")
        assert (done.status_code, done.json()["state"]) == (200, "submitted")


def test_the_manager_names_takes_off_and_records_on_the_page():
    centre = factories.centre()
    boss, hearing = manager(centre), planned(centre)
    browser = browser_of(boss)
    url = reverse("reviews:hearing", args=[hearing.public_id])
    alone = [block.title for block in waiting_for(boss, NOW)]
    person = observer(centre)

    browser.post(reverse("reviews:name-observer", args=[hearing.public_id]), {"observer": str(person.public_id)})
    row: Any = hearing.observations.get()
    handed_in(row)
    page = browser.get(url).content.decode()
    marks = {f"H{n}-anchor": "full" for n in range(1, 6)}
    refused = browser.post(reverse("reviews:record-hearing", args=[hearing.public_id]), {"note": "写了这些"})
    done = browser.post(reverse("reviews:record-hearing", args=[hearing.public_id]), marks)

    hearing.refresh_from_db()
    assert len(alone) == 1
    assert str(person) in page
    assert (refused.status_code, "写了这些" in refused.content.decode()) == (422, True)
    assert (done.status_code, hearing.total) == (302, Decimal(100))


def test_a_program_plans_names_and_records():
    checklists()
    centre = factories.centre()
    boss = browser_of(manager(centre))
    case = factories.open_case(centre, hearing_on=HEARD_ON)
    asked = {"centre": centre.code, "until": "2026-12-31", "seed": "s", "named": [case.number]}

    plan = boss.post(reverse("api-hearing-plans"), asked, "application/json")
    hearing: Any = Hearing.objects.get()
    person = observer(centre)
    of_it = {"hearing_id": hearing.public_id}
    named = boss.post(
        reverse("api-hearing-observers", kwargs=of_it), {"observer": str(person.public_id)}, "application/json"
    )
    handed_in(hearing.observations.get())
    marks = [{"item": f"H{n}", "anchor": "full"} for n in range(1, 6)]
    done = browser_of(person).post(
        reverse("api-hearing-record", kwargs=of_it), {"marks": marks, "note": ""}, "application/json"
    )
    late = boss.post(reverse("api-hearing-off", kwargs=of_it), {"reason": "改期"}, "application/json")
    listed = boss.get(reverse("api-hearings")).json()["results"]

    assert (plan.status_code, plan.json()["counts"]["named"]) == (201, 1)
    assert [answer.status_code for answer in (named, done, late)] == [201, 204, 409]
    assert [(row["state"], row["observers"], row["handed_in"]) for row in listed] == [("recorded", 1, 1)]


def test_a_hearing_put_off_is_told_to_who_observes_and_who_plans():
    centre = factories.centre()
    person, boss = observer(centre), manager(centre)
    hearing = planned(centre, by=boss)
    Case.with_open.filter(pk=hearing.case_id).update(hearing_on=date(2026, 12, 24))

    mine = browser_of(person).get(reverse("reviews:my-hearings")).content.decode()
    theirs = browser_of(boss).get(reverse("reviews:hearing", args=[hearing.public_id])).content.decode()

    assert ["2026-12-24" in page for page in (mine, theirs)] == [True, True]


@pytest.mark.usefixtures("kept_for_ever")
def test_a_hearing_moved_keeps_its_observers_who_are_told_and_is_not_planned_anew():
    centre = factories.centre()
    person, boss = observer(centre), manager(centre)
    hearing = planned(centre, by=boss)
    row: Any = hearing.observations.get()
    saved(row, **PARTLY)
    url = reverse("reviews:move-hearing", args=[hearing.public_id])
    typed = {"move-held_on": "2026-12-24", "move-place": "第三法庭", "move-reason": "法院改期"}

    refused = browser_of(boss).post(url, typed | {"move-held_on": "2026-11-01"})
    moved = browser_of(boss).post(url, typed)

    mine = browser_of(person).get(reverse("reviews:my-hearings")).content.decode()
    page = browser_of(boss).get(reverse("reviews:hearing", args=[hearing.public_id])).content.decode()
    told = [rendered(each) for each in unread_notifications(person)]
    assert (refused.status_code, "第三法庭" in refused.content.decode(), moved.status_code) == (422, True, 302)
    assert ["第三法庭" in shown for shown in (mine, page)] == [True, True]
    assert ("办案系统显示" in page, "现显示为" in mine) == (False, False), "the day of before is no news"
    assert f"您旁听的 {hearing.case.number} 庭审的日期或地点有变，现为 2026-12-24 开庭。" in told
    assert hearings_to_come(centre=centre, until=UNTIL, now=NOW) == []
    assert row.marks.filter(anchor="partly").exists()
    moves = HearingMove.objects.all()
    for change in (lambda: moves.update(held_on=HEARD_ON), lambda: moves._raw_delete(moves.db)):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()

    handed_in(row)
    late = browser_of(boss).post(
        reverse("api-hearing-move", args=[hearing.public_id]),
        {"held_on": "2026-12-28", "reason": "再次改期"},
        "application/json",
    )
    assert (late.status_code, late.json()["code"]) == (409, "hearing_took_place")


def test_a_hearing_is_not_moved_to_itself_nor_to_the_day_of_another_of_its_case():
    centre = factories.centre()
    boss, first = manager(centre), planned(centre)
    Case.with_open.filter(pk=first.case_id).update(hearing_on=date(2026, 12, 10))
    plan_hearings(centre=centre, until=UNTIL, seed="t", rate=Decimal(1), user=boss, now=NOW)

    def move(day: date) -> None:
        move_hearing(hearing=first, held_on=day, place="", reason="改期", user=boss, now=NOW)

    with pytest.raises(InvalidInput):
        move(HEARD_ON)
    with pytest.raises(ObservedThatDay):
        move(date(2026, 12, 10))


def test_observers_are_reminded_once_on_the_working_day_before_of_the_day_that_holds():
    centre = factories.centre()
    person, boss = observer(centre), manager(centre)
    hearing = planned(centre, by=boss)

    def reminded(day: date) -> int:
        return remind_of_hearings(now=datetime.combine(day, time(1), tzinfo=UTC))

    assert [reminded(date(2026, 12, 4)), reminded(date(2026, 12, 7)), reminded(date(2026, 12, 7))] == [0, 1, 0]
    assert f"您将于 2026-12-08 旁听 {hearing.case.number} 的庭审。" in [
        rendered(each) for each in unread_notifications(person)
    ]
    monday = date(2026, 12, 14)
    move_hearing(hearing=hearing, held_on=monday, place="", reason="改期", user=boss, now=NOW)
    assert [reminded(date(2026, 12, 10)), reminded(date(2026, 12, 11)), reminded(monday)] == [0, 1, 0]


def test_who_handles_a_case_manages_no_hearing_of_it():
    centre = factories.centre()
    hearing = planned(centre)
    tied = browser_of(manager(centre, of=Case.with_open.get(pk=hearing.case_id).lawyer))

    assert hearing.case.number not in tied.get(reverse("reviews:hearings")).content.decode()
    assert tied.get(reverse("reviews:hearing", args=[hearing.public_id])).status_code == 404

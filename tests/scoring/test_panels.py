"""A step for which a centre has nobody independent is the bureau's, and a panel that met is on the record."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.notifications.models import Notification
from scoring.enums import Bar, PassedStep, RuleCode
from scoring.models import Notice, PanelMeeting, Proposal, StepLook
from scoring.services.appeals import lodge_appeal
from scoring.services.panels import record_meeting
from scoring.services.passing import pass_steps_on
from scoring.services.proposals import propose
from tests import factories
from tests.at_once import just_before
from tests.qa_service.documents.reading import text_of
from tests.qa_service.documents.test_editable import opened, words
from tests.scoring.deciding import (
    BAD,
    DISPLAY_OVER,
    MONDAY,
    Office,
    SameScene,
    heard,
    issued,
    office,
    proposed,
    read,
    ready,
)
from tests.scoring.test_decision_pages import browser, text, url, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def another_manager(place: Office) -> User:
    return factories.user(Role.MANAGER, at=place.centre)


class TestACentreWithOneManager(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        """Its manager read the file."""
        place = office()
        marks = read(place.case(), BAD)
        Grant.objects.filter(user=place.manager).delete()
        Grant.objects.create(
            user=User.objects.get(pk=marks[0].reviewer_id), role=Role.MANAGER, organisation=place.centre
        )
        # Other readers and whoever asked them in are of the scene and decide nothing here.
        Grant.objects.filter(role=Role.MANAGER, organisation=place.centre).exclude(user=marks[0].reviewer_id).delete()
        propose(now=MONDAY)
        return place, Proposal.objects.get(code=RuleCode.S2)

    def test_what_its_manager_marked_passes_to_the_bureau_once_and_says_why(self, place: Office, row: Proposal) -> None:
        assert [pass_steps_on(now=MONDAY), pass_steps_on(now=MONDAY)] == [Proposal.objects.count(), 0]

        look = StepLook.objects.get(proposal=row)
        assert (look.step, look.bars) == (PassedStep.DECIDE, {Bar.MARKED: 1})
        page = text(browser(place.supervisor).get(url("proposal", row)))
        assert "No manager of the centre may take this step (1 × marked the file or decided about its marks)" in page
        queue = f"{reverse('scoring:proposals')}?state=passed_on"
        assert waiting(place.supervisor)[queue] == Proposal.objects.count()
        assert row.case.number in text(browser(place.supervisor).get(queue))
        assert Notification.objects.filter(user=place.supervisor, url=f"/scoring/proposals/{row.public_id}").exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            StepLook.objects.update(passed=False)

    @pytest.mark.usefixtures("row")
    def test_two_who_look_at_the_same_moment_tell_the_bureau_once(self, place: Office) -> None:
        others: list[int] = []

        with just_before('SELECT "accounts_user"', lambda: others.append(pass_steps_on(now=MONDAY))):
            passed = pass_steps_on(now=MONDAY)

        steps = Proposal.objects.count()
        assert (passed, others, StepLook.objects.count()) == (0, [steps], steps)
        assert Notification.objects.filter(user=place.supervisor, url__startswith="/scoring/").count() == steps

    def test_what_another_manager_can_decide_stays_at_the_centre(self, place: Office, row: Proposal) -> None:
        manager = another_manager(place)

        assert pass_steps_on(now=MONDAY) == 0
        assert "has passed to the supervising bureau" not in text(browser(manager).get(url("proposal", row)))


def test_what_the_only_manager_decided_is_carried_out_by_the_bureau() -> None:
    place, row = ready(RuleCode.R1)
    Grant.objects.filter(role=Role.MANAGER, organisation=place.centre).exclude(user=place.manager).delete()

    pass_steps_on(now=DISPLAY_OVER)

    assert StepLook.objects.get(proposal=row, passed=True).bars == {Bar.DECIDED: 1}


class TestAPanel(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return heard(RuleCode.S2)

    def test_its_day_people_and_minutes_stand_on_the_page(self, place: Office, row: Proposal) -> None:
        form = {
            "held_on": "2026-12-07",
            "members": [place.manager.pk, place.supervisor.pk],
            "others": "外聘专家周某\n",
            "minutes": f"{row.case.client.name}的案卷建议整改。\n无不同意见。",
        }
        manager = browser(place.manager)

        few = manager.post(url("panel", row), form | {"others": ""})
        assert (few.status_code, "A panel is 3 people or more" in text(few)) == (422, True)
        assert manager.post(url("panel", row), form | {"held_on": "2026-12-08"}).status_code == 422
        assert manager.post(url("panel", row), form).status_code == 302

        page = text(manager.get(url("proposal", row)))
        assert f"{place.manager}, {place.supervisor}, 外聘专家周某" in page
        (met,) = manager.get(reverse("api-meetings", args=[row.public_id])).json()
        assert (met["held_on"], len(met["members"]), met["on_appeal"]) == ("2026-12-07", 3, False)
        meeting = PanelMeeting.objects.get()
        minutes, editable = (url(f"panel-minutes{form}", meeting) for form in ("", "-docx"))
        assert minutes in page
        for paper in (text_of(manager.get(minutes).content), words(opened(manager.get(editable).content))):
            for said in (
                "评议小组会议记录",
                "2026年12月7日",
                "外聘专家周某（共3人）",
                row.case.number,
                "案卷建议整改。",
            ):
                assert said in paper
            assert row.case.client.name not in paper
        with pytest.raises(DatabaseError), transaction.atomic():
            PanelMeeting.objects.update(minutes="别的")

    @pytest.mark.parametrize(
        ("another", "said"),
        [
            ("张专家😀", "cannot print 😀"),
            ("{member}", "{member} is named twice"),
            ("{spaced}", "is named twice"),
            ("\u200b\n\u200c", "A panel is 3 people or more"),
            ("——", "“——” is no name"),
        ],
    )
    def test_who_cannot_be_printed_or_sits_twice_is_refused(
        self, place: Office, row: Proposal, another: str, said: str
    ) -> None:
        form = {"held_on": "2026-12-07", "members": [place.manager.pk, place.supervisor.pk], "minutes": "建议整改。"}
        member = str(place.manager)
        others = another.format(member=member, spaced="\u3000".join(member))

        answer = browser(place.manager).post(url("panel", row), form | {"others": others})

        assert answer.status_code == 422
        assert said.format(member=member) in text(answer)
        assert not PanelMeeting.objects.exists()

    def test_a_name_is_one_person_however_it_is_spaced(self, place: Office, row: Proposal) -> None:
        form = {"held_on": "2026-12-07", "members": [place.manager.pk], "minutes": "建议整改。"}
        page = browser(place.manager)

        assert page.post(url("panel", row), form | {"others": "周正平\n周 正 平"}).status_code == 422
        page.post(url("panel", row), form | {"others": "周正平\n周　正平\n何\u200b静"})

        meeting = PanelMeeting.objects.get()
        assert set(meeting.members.values_list("name", flat=True)) == {str(place.manager), "周正平", "何静"}

    def test_a_program_records_it_and_names_nobody_from_elsewhere(self, place: Office, row: Proposal) -> None:
        stranger = factories.user(Role.MANAGER, at=factories.centre())
        body = {"held_on": "2026-12-07", "others": ["甲", "乙"], "minutes": "建议整改。"}

        def sent(person: User) -> int:
            address = reverse("api-meetings", args=[row.public_id])
            with_one = body | {"members": [person.username]}
            return browser(place.manager).post(address, with_one, content_type="application/json").status_code

        assert (sent(stranger), sent(place.supervisor)) == (422, 201)

    def test_who_is_tied_to_the_case_does_not_sit_on_it(self, place: Office, row: Proposal) -> None:
        tied = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

        with pytest.raises(NotIndependent):
            met(row, place.manager, tied)


def met(row: Proposal, *members: User, now: datetime = MONDAY, day: date = TODAY) -> PanelMeeting:
    return record_meeting(
        proposal=row,
        person=members[0],
        held_on=day,
        members=members,
        others=["甲", "乙"],
        minutes="建议整改。",
        now=now,
    )


class TestAPanelOnAnAppeal(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        place, notice = issued(RuleCode.S2)
        lodge_appeal(notice=notice, person=place.handler, text="不服。", now=DISPLAY_OVER)
        return place, notice

    def test_it_meets_without_those_who_first_decided(self, place: Office, notice: Notice) -> None:
        row, other = notice.proposal, another_manager(place)

        for first in (place.manager, place.supervisor):  # decided; issued
            with pytest.raises(NotIndependent):
                met(row, other, first, now=DISPLAY_OVER)
        meeting = met(row, other, now=DISPLAY_OVER, day=DISPLAY_OVER.date())

        assert meeting.appeal is not None
        assert meeting.appeal.notice == notice


def test_a_closed_proposal_needs_no_panel() -> None:
    place, row = proposed(RuleCode.R1)
    with pytest.raises(InvalidInput):
        record_meeting(
            proposal=row, person=place.manager, held_on=None, members=[], others=["甲", "乙", "丙"], minutes="好的",
            now=MONDAY,
        )  # fmt: skip

"""Who has a tie to a case does nothing about its file, its sample, its hearing or its calibration, whoever asks."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import NotPermitted
from qa_service.organisations.models import Organisation
from reviews.enums import PaperGround
from reviews.models import CalibrationFile, Relation, SampledCase, SelfAssessment
from reviews.services.assignments import NotTheirsToGive
from reviews.services.calibration import close_round
from reviews.services.calibration.opening import PersonTied
from reviews.services.hearings import cancel_hearing, move_hearing, name_observer, take_off_observer
from reviews.services.reviewers import enter_tie, take_out_tie
from reviews.services.sample_changes import leave_out, replace_file, take_in
from reviews.services.scans import Upload, allow_scans, keep_on_paper, remove_scan, upload_scan
from reviews.services.self_assessments import key_in_self_assessment
from tests import factories
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.reviews import calibrating, hearing_rows, self_rows
from tests.reviews.factories import checklists, manager, reviewer
from tests.reviews.scanning import uploaded

pytestmark = pytest.mark.django_db
REFUSED = (NotTheirsToGive, PersonTied, NotPermitted)
# What it is about, and the act itself.
Prepared = tuple[Any, Callable[[], object]]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def upload(centre: Organisation, person: User) -> Prepared:
    case, data = factories.case(centre), pdf(["one"])
    paper = Upload(stream=io.BytesIO(data), size=len(data), name="卷宗.pdf")
    return case, lambda: upload_scan(case=case, upload=paper, declared_open=True, user=person, now=NOW)


def take_an_upload_off(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    scan = uploaded(case)
    return case, lambda: remove_scan(case=case, scan=scan, user=person, now=NOW)


def keep_it_on_paper(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    return case, lambda: keep_on_paper(case=case, ground=PaperGround.SECRET, user=person, now=NOW)


def let_it_be_copied(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    keep_on_paper(case=case, ground=PaperGround.SECRET, user=manager(centre), now=NOW)
    return case, lambda: allow_scans(case=case, reason="点错了", user=person, now=NOW)


def leave_it_out(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    return case, lambda: leave_out(case=case, kind="lost", reason="遗失", user=person, now=NOW)


def take_it_in_again(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    left = leave_out(case=case, kind="lost", reason="遗失", user=manager(centre), now=NOW)
    return case, lambda: take_in(exclusion=left, user=person, now=NOW)


def have_another_take_its_place(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    self_rows.drawn(case, on=False)
    row = SampledCase.objects.get(case=case)
    return case, lambda: replace_file(row=row, kind="lost", reason="遗失", user=person, now=NOW)


def key_in_what_the_lawyer_marked(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    self_rows.drawn(case)
    row = SelfAssessment.objects.get()
    given: dict[str, Any] = {"entries": self_rows.entries(row), "comment": "", "received_on": NOW.date()}
    return case, lambda: key_in_self_assessment(assessment=row, **given, user=person, now=NOW)


def say_who_stood_on_the_other_side(centre: Organisation, person: User) -> Prepared:
    case, firm = factories.case(centre), factories.firm(centre)
    return case, lambda: enter_tie(case=case, opposing_firm=firm, user=person, now=NOW)


def take_back_who_stood_there(centre: Organisation, person: User) -> Prepared:
    case = factories.case(centre)
    tie = enter_tie(case=case, opposing_firm=factories.firm(centre), user=manager(centre), now=NOW)
    return case, lambda: take_out_tie(tie=tie, user=person, now=NOW)


def name_an_observer(centre: Organisation, person: User) -> Prepared:
    hearing = hearing_rows.planned(centre)
    who = hearing_rows.observer(centre)
    return hearing.case, lambda: name_observer(hearing=hearing, observer=who, user=person, now=NOW)


def take_an_observer_off(centre: Organisation, person: User) -> Prepared:
    hearing_rows.observer(centre)
    hearing = hearing_rows.planned(centre)
    return hearing.case, lambda: take_off_observer(observation=hearing.observations.get(), user=person, now=NOW)


def move_the_hearing(centre: Organisation, person: User) -> Prepared:
    hearing = hearing_rows.planned(centre)
    to: dict[str, Any] = {"held_on": hearing_rows.UNTIL, "place": "", "reason": "延期"}
    return hearing.case, lambda: move_hearing(hearing=hearing, **to, user=person, now=NOW)


def observe_no_hearing(centre: Organisation, person: User) -> Prepared:
    hearing = hearing_rows.planned(centre)
    return hearing.case, lambda: cancel_hearing(hearing=hearing, reason="不公开", user=person, now=NOW)


def record_the_hearing(centre: Organisation, person: User) -> Prepared:
    hearing_rows.observer(centre)
    hearing = hearing_rows.planned(centre)
    hearing_rows.handed_in(hearing.observations.get())
    return hearing.case, lambda: hearing_rows.recorded(hearing, by=person)


def open_a_round(centre: Organisation, person: User) -> Prepared:
    case, boss = factories.case(centre), manager(centre)
    panel = [boss, reviewer(centre)]
    return case, lambda: calibrating.opened(centre, by=person, cases=[case, factories.case(centre)], panel=panel)


def settle_marks(centre: Organisation, person: User) -> Prepared:
    a_round = calibrating.all_trialled(calibrating.opened(centre, panel=[person, manager(centre)]))
    file = CalibrationFile.objects.filter(round=a_round).select_related("case", "round__checklist")[0]
    return file.case, lambda: calibrating.agreed(file, by=person)


def close_a_round(centre: Organisation, person: User) -> Prepared:
    a_round = calibrating.all_trialled(calibrating.opened(centre, panel=[person, manager(centre)]))
    for file in a_round.files.all():
        calibrating.agreed(file, by=person)
    return a_round.files.all()[0].case, lambda: close_round(round_=a_round, user=person, now=NOW)


ACTS = (
    upload, take_an_upload_off, keep_it_on_paper, let_it_be_copied, leave_it_out, take_it_in_again,
    have_another_take_its_place, key_in_what_the_lawyer_marked, say_who_stood_on_the_other_side,
    take_back_who_stood_there, name_an_observer, take_an_observer_off, move_the_hearing, observe_no_hearing,
    record_the_hearing, open_a_round, settle_marks, close_a_round,
)  # fmt: skip


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "free"])
@pytest.mark.parametrize("prepare", ACTS)
def test_who_declared_a_relation_to_the_lawyer_does_nothing_about_the_case(
    prepare: Callable[[Organisation, User], Prepared], tied: bool
) -> None:
    checklists()
    centre = factories.centre()
    person = factories.user(Role.MANAGER, Role.REVIEWER, at=centre)
    case, act = prepare(centre, person)
    if tied:
        Relation.objects.create(reviewer=person, lawyer=case.lawyer, declared_at=NOW)
        with pytest.raises(REFUSED):
            act()
    else:
        act()

"""Two people at the same moment, on the database that lets them: each sees what the other did."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.files.enums import Trouble
from qa_service.files.models import StoredFile
from qa_service.notifications.models import Notification
from reviews.enums import Anchor, CalibrationState, FileState, NotReadable, PaperGround, ReviewState, Rule
from reviews.models import (
    Assignment,
    CalibrationRound,
    CaseReview,
    FileAcceptance,
    FrameExclusion,
    Objection,
    Review,
    Sample,
    SampledCase,
    Scan,
    Trial,
    VetoMark,
)
from reviews.services.acceptance import DefectEntry, FileChanged, accept_file, return_file
from reviews.services.assignments import (
    ConflictOfInterest,
    NotOpen,
    ReaderNotNeeded,
    add_next_reader,
    assign_case,
    assign_sample,
    decline,
    hand_over,
)
from reviews.services.calibration import TrialChanged, open_round, submit_trial
from reviews.services.marks import MarkEntry, MarksChanged, ReviewLocked, save_marks
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.results import recombine
from reviews.services.sample_changes import InASample, PlaceChanged, leave_out, replace_file
from reviews.services.samples import FrameChanged
from reviews.services.scans import MOST_PAGES, FileOnPaper, Upload, draw_scan, keep_on_paper
from reviews.services.submission import submit_review
from reviews.services.telling import begin_anew_for_new_lawyers
from reviews.services.telling_vetoes import hear_new_lawyers
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from scoring.models import CaseScore
from scoring.services.schemes import publish_default_scheme
from scoring.services.scores import rescore_changed
from tests import factories
from tests.at_once import at_once, meanwhile, one_while_the_other_is_at_it
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.reviews import accepting, calibrating
from tests.reviews.factories import GOOD, account_of, assignment, manager, marked, released, reviewer, submitted
from tests.reviews.scanning import uploaded
from tests.reviews.test_samples import centre_with_cases, draw

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def read_and_marked() -> tuple[Assignment, Review, User]:
    centre = factories.centre()
    person = reviewer(centre)
    row = assignment(factories.case(centre), person)
    return row, marked(row), person


def submit(review: Review, person: User) -> Callable[[], object]:
    return lambda: submit_review(review_id=review.public_id, version=review.version, user=person, now=NOW)


def save(review: Review, person: User) -> Callable[[], object]:
    entry = MarkEntry(item="A1", anchor=Anchor.NONE, reason_code="other", page="3", comment="无委托书")
    return lambda: save_marks(review_id=review.public_id, version=review.version, entries=[entry], user=person, now=NOW)


def test_a_mark_saved_in_another_window_while_the_review_is_handed_in_is_refused_and_changes_nothing() -> None:
    _row, review, person = read_and_marked()

    raised = one_while_the_other_is_at_it(submit(review, person), save(review, person))

    assert [type(error) for error in raised] == [MarksChanged]
    assert {mark.anchor for mark in review.marks.all()} == {Anchor.FULL}


def test_what_is_handed_in_while_another_window_saves_is_never_the_marks_of_before() -> None:
    _row, review, person = read_and_marked()

    raised = one_while_the_other_is_at_it(save(review, person), submit(review, person))

    assert [type(error) for error in raised] == [MarksChanged]
    assert (Review.objects.get().state, CaseReview.objects.count()) == (ReviewState.DRAFT, 0)


def test_of_two_windows_that_save_on_one_version_the_second_is_refused_and_what_the_first_saved_stays() -> None:
    _row, review, person = read_and_marked()
    others = [MarkEntry(item="A1", anchor=Anchor.FULL), MarkEntry(item="A2", anchor=Anchor.NONE)]

    def save_others() -> object:
        return save_marks(review_id=review.public_id, version=review.version, entries=others, user=person, now=NOW)

    raised = one_while_the_other_is_at_it(save(review, person), save_others)

    assert [type(error) for error in raised] == [MarksChanged]
    stored = dict(review.marks.values_list("item__code", "anchor"))
    assert (stored["A1"], stored["A2"]) == (Anchor.NONE, Anchor.FULL)


def test_two_who_mark_for_calibration_do_not_wait_for_each_other_and_one_who_hands_in_misses_no_mark() -> None:
    row = calibrating.opened(factories.centre())
    mine, other = Trial.objects.filter(file__round=row).order_by("file", "reviewer")[:2]

    with meanwhile(lambda: calibrating.saved(other), before='INSERT INTO "reviews_trialmark"', waits=False):
        calibrating.saved(mine)
    mine.refresh_from_db()
    raised = one_while_the_other_is_at_it(
        lambda: calibrating.saved(mine),
        lambda: submit_trial(trial_id=mine.public_id, version=mine.version, user=mine.reviewer, now=NOW),
    )

    assert [type(error) for error in raised] == [TrialChanged]
    assert Trial.objects.get(pk=mine.pk).version == 2


def test_of_two_who_hand_in_the_last_two_files_at_once_one_calls_the_panel() -> None:
    row = calibrating.opened(factories.centre())
    *before, one, other = Trial.objects.filter(file__round=row).order_by("file", "reviewer")
    for trial in before:
        calibrating.trialled(trial)
    versions = {trial.pk: calibrating.saved(trial).version for trial in (one, other)}

    def handing_in(trial: Trial) -> Callable[[], object]:
        return lambda: submit_trial(trial_id=trial.public_id, version=versions[trial.pk], user=trial.reviewer, now=NOW)

    assert one_while_the_other_is_at_it(handing_in(one), handing_in(other)) == []
    row.refresh_from_db()
    assert row.state == CalibrationState.DISCUSSION


def test_an_objection_is_decided_while_a_second_reader_hands_in_and_both_count() -> None:
    case = factories.case(factories.centre())
    first = released(case)
    handler, judge, second = account_of(case.lawyer), manager(case.centre), reviewer(case.centre)
    objection = lodge_objection(result=first, items=["A2"], statement="见第3页", user=handler, now=NOW)
    review = marked(add_next_reader(case=case, reviewer=second, user=judge, now=NOW))
    rulings = [Ruling("A2", upheld=True, mark=MarkEntry(item="A2", anchor=Anchor.FULL))]

    raised = one_while_the_other_is_at_it(
        submit(review, second),
        lambda: decide_objection(objection=objection, rulings=rulings, answer="成立", user=judge, now=NOW),
    )

    newest = CaseReview.objects.current().get(case=case)
    assert (raised, newest.version, newest.readers) == ([], 3, 2)


def objected_to(case: Case, by: User) -> Callable[[], object]:
    """Lodged; what comes back is the decision of this person."""
    own = account_of(case.lawyer)
    lodged = lodge_objection(result=released(case), items=["A2"], statement="见第3页", user=own, now=NOW)
    rulings = [Ruling("A2", upheld=False)]
    return lambda: decide_objection(objection=lodged, rulings=rulings, answer="维持", user=by, now=NOW)


def vetoed(case: Case, by: User) -> Callable[[], object]:
    """Marked and answered; what comes back is the decision of this person."""
    row, own = assignment(case), account_of(case.lawyer)
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V9", statement="无代理词", page="目录", user=reader, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get(review=row.review)
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=own, now=NOW)
    return lambda: decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=by, now=NOW)


@pytest.mark.parametrize("contested", [objected_to, vetoed])
@pytest.mark.parametrize("decided_first", [True, False])
def test_nobody_decides_about_a_file_and_is_made_its_reader_at_the_same_moment(
    contested: Callable[[Case, User], Callable[[], object]], decided_first: bool
) -> None:
    case = factories.case(factories.centre())
    boss, both = manager(case.centre), reviewer(case.centre)
    decide = contested(case, both)

    def give() -> object:
        return add_next_reader(case=case, reviewer=both, user=boss, now=NOW)

    raised = one_while_the_other_is_at_it(*((decide, give) if decided_first else (give, decide)))

    assert [type(error) for error in raised] == [ConflictOfInterest if decided_first else NotIndependent]
    assert Assignment.objects.filter(case=case, reviewer=both).exists() is not decided_first


def a_result_is_made_meanwhile(case: Case, act: Callable[[], object]) -> list[BaseException]:
    """Whoever makes it holds the case when the act begins, and needs what the act holds before it ends."""
    return one_while_the_other_is_at_it(
        lambda: Case.objects.locked().get(pk=case.pk), act, then=lambda: recombine(case=case, reason="x", now=NOW)
    )


def test_a_case_is_weighed_while_its_result_is_made_and_neither_waits_for_ever() -> None:
    case = released(factories.case(factories.centre())).case
    publish_default_scheme(now=NOW)

    assert a_result_is_made_meanwhile(case, lambda: rescore_changed(now=NOW)) == []

    assert CaseScore.objects.filter(case=case).count() == 1


def test_an_objection_is_lodged_while_the_result_is_made_and_neither_waits_for_ever() -> None:
    result = released(factories.case(factories.centre()))
    handler = account_of(result.case.lawyer)

    raised = a_result_is_made_meanwhile(
        result.case, lambda: lodge_objection(result=result, items=["A2"], statement="见第3页", user=handler, now=NOW)
    )

    assert (raised, Objection.objects.count()) == ([], 1)


def test_a_result_begins_anew_for_a_new_lawyer_while_another_is_made_and_neither_waits_for_ever() -> None:
    case = released(factories.case(factories.centre())).case
    Case.objects.filter(pk=case.pk).update(lawyer=factories.lawyer(case.firm))
    case.refresh_from_db()

    assert a_result_is_made_meanwhile(case, lambda: begin_anew_for_new_lawyers(now=NOW)) == []

    assert CaseReview.objects.current().get(case=case).version == 2


def test_the_register_is_put_right_while_a_veto_is_put_to_another_and_the_lawyer_stays_told() -> None:
    row = assignment()
    told, other = account_of(row.case.lawyer), account_of(factories.lawyer(row.case.firm))
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V6", statement="未会见", page="3", user=reader, now=NOW)
    submitted(row, **GOOD)
    cases = Case.objects.filter(pk=row.case_id)
    cases.update(lawyer=other.lawyer_id)

    raised = one_while_the_other_is_at_it(
        lambda: cases.update(lawyer=told.lawyer_id), lambda: hear_new_lawyers(now=NOW)
    )

    assert raised == []
    assert (VetoMark.objects.get().told_lawyer_id, Notification.objects.filter(user=other).count()) == (
        told.lawyer_id,
        0,
    )


def test_marks_handed_in_while_their_reader_gives_the_file_back_do_not_count() -> None:
    row, review, person = read_and_marked()

    raised = one_while_the_other_is_at_it(
        lambda: decline(assignment=row, reason="同学", relation="lawyer", user=person, now=NOW), submit(review, person)
    )

    assert [type(error) for error in raised] == [ReviewLocked]
    assert (Assignment.objects.get().state, CaseReview.objects.count()) == ("declined", 0)


def test_marks_handed_in_while_the_file_is_handed_over_do_not_count() -> None:
    row, review, person = read_and_marked()
    other, boss = reviewer(row.case.centre), manager(row.case.centre)

    raised = one_while_the_other_is_at_it(
        lambda: hand_over(assignment=row, reviewer=other, reason="休假", user=boss, now=NOW), submit(review, person)
    )

    assert [type(error) for error in raised] == [ReviewLocked]
    states = Assignment.objects.order_by("pk").values_list("reviewer", "state")
    assert list(states) == [(person.pk, "withdrawn"), (other.pk, "open")]


def test_a_file_is_neither_given_back_nor_handed_over_while_its_marks_are_handed_in() -> None:
    row, review, person = read_and_marked()
    boss = manager(row.case.centre)

    raised = one_while_the_other_is_at_it(
        submit(review, person), lambda: hand_over(assignment=row, reviewer=None, reason="休假", user=boss, now=NOW)
    )

    assert [type(error) for error in raised] == [NotOpen]
    assert (Assignment.objects.get().state, CaseReview.objects.get().readers) == ("submitted", 1)


def test_a_second_reader_is_named_while_the_first_hands_in_and_nobody_waits_for_ever() -> None:
    for _attempt in range(4):
        row, review, person = read_and_marked()
        other, boss = reviewer(row.case.centre), manager(row.case.centre)

        raised = at_once(
            submit(review, person),
            lambda row=row, other=other, boss=boss: add_next_reader(case=row.case, reviewer=other, user=boss, now=NOW),
        )

        assert raised == []
        assert Assignment.objects.filter(case=row.case).count() == 2


def test_two_readers_who_submit_at_once_make_two_versions() -> None:
    for _attempt in range(4):
        centre = factories.centre()
        people = [reviewer(centre), reviewer(centre)]
        case = factories.case(centre)
        reviews = [marked(assignment(case, person, order=order)) for order, person in enumerate(people, start=1)]

        raised = at_once(
            *(
                lambda review=review, person=person: submit_review(
                    review_id=review.public_id, version=review.version, user=person, now=NOW
                )
                for review, person in zip(reviews, people, strict=True)
            )
        )

        results = CaseReview.objects.filter(case=case).order_by("version")
        assert raised == []
        assert [(row.version, row.readers, row.superseded_at is None) for row in results] == [
            (1, 1, False),
            (2, 2, True),
        ]


def test_two_managers_who_give_out_one_sample_at_once_give_each_file_once() -> None:
    centre, _cases = centre_with_cases()
    for _number in range(2):
        reviewer(centre)
    boss, other = manager(centre), manager(centre)
    sample = draw(centre, user=boss)
    drawn = sample.cases.count()

    raised = at_once(*(lambda user=user: assign_sample(sample=sample, user=user, now=NOW) for user in (boss, other)))

    assert (raised, Assignment.objects.count(), Review.objects.count()) == ([], drawn, drawn)


@pytest.mark.parametrize("one_file_first", [True, False])
def test_a_file_given_to_a_reader_while_its_sample_is_given_out_has_one_and_the_others_have_theirs(
    one_file_first: bool,
) -> None:
    centre, _cases = centre_with_cases(count=4)
    chosen, _other, boss = reviewer(centre), reviewer(centre), manager(centre)
    sample = draw(centre, user=boss, rules=[Rule.RANDOM, Rule.EVERY_LAWYER])
    case = sample.cases.order_by("pk")[0].case
    acts: list[Callable[[], object]] = [
        lambda: assign_case(case=case, reviewer=chosen, user=boss, now=NOW),
        lambda: assign_sample(sample=sample, user=boss, now=NOW),
    ]

    raised = one_while_the_other_is_at_it(*(acts if one_file_first else reversed(acts)))

    given = Assignment.objects.order_by("case").values_list("case", flat=True)
    assert [type(error) for error in raised] == ([] if one_file_first else [ReaderNotNeeded])
    assert list(given) == list(sample.cases.order_by("case").values_list("case", flat=True))


@pytest.mark.parametrize("accepted_first", [True, False])
def test_of_two_clerks_who_act_on_one_file_at_once_the_second_is_told(accepted_first: bool) -> None:
    case = accepting.checked()
    clerk, other = accepting.by(case), accepting.by(case)
    defects = [DefectEntry(kind="missing", paper="cover")]
    acts: list[Callable[[], object]] = [
        lambda: accept_file(words="", **clerk),
        lambda: return_file(defects=defects, due_on=None, told_how="电话", **other),
    ]

    raised = one_while_the_other_is_at_it(*(acts if accepted_first else reversed(acts)))

    assert [type(error) for error in raised] == [FileChanged]
    assert FileAcceptance.objects.get().state == (FileState.ACCEPTED if accepted_first else FileState.RETURNED)


def test_two_clicks_at_once_draw_one_sample_and_the_second_finds_it() -> None:
    centre, _cases = centre_with_cases()
    boss = manager(centre)
    found: list[Sample] = []

    raised = one_while_the_other_is_at_it(
        lambda: found.append(draw(centre, user=boss)), lambda: found.append(draw(centre, user=boss))
    )

    assert (raised, found) == ([], [Sample.objects.get()] * 2)


@pytest.mark.parametrize("left_out_first", [True, False])
def test_no_file_is_drawn_and_left_out_at_once(left_out_first: bool) -> None:
    centre, cases = centre_with_cases(count=2)
    boss = manager(centre)
    rest: dict[str, Any] = {"kind": NotReadable.LOST, "reason": "外借", "user": boss, "now": NOW}
    acts: list[Callable[[], object]] = [
        lambda: leave_out(case=cases[0], **rest),
        lambda: draw(centre, user=boss, rules=[Rule.RANDOM, Rule.EVERY_LAWYER]),
    ]

    raised = one_while_the_other_is_at_it(*(acts if left_out_first else reversed(acts)))

    assert [type(error) for error in raised] == [FrameChanged if left_out_first else InASample]
    assert not SampledCase.objects.filter(case__in=FrameExclusion.objects.values("case")).exists()


def test_a_round_that_is_opened_while_a_sample_is_drawn_holds_none_of_its_files() -> None:
    centre, cases = centre_with_cases(count=2, lawyers=2)
    boss = manager(centre)
    people = {"readers": [reviewer(centre) for _each in range(3)], "panel": [boss, manager(centre)]}

    raised = one_while_the_other_is_at_it(
        lambda: draw(centre, user=boss, rules=[Rule.RANDOM, Rule.EVERY_LAWYER]),
        lambda: open_round(centre=centre, name="一", cases=cases, **people, due_on=NOW.date(), user=boss, now=NOW),
    )

    assert ([type(error) for error in raised], CalibrationRound.objects.count()) == ([InvalidInput], 0)


def a_file_to_replace() -> tuple[SampledCase, list[Case], User]:
    """One that was drawn, the others of its stratum in the order in which they would come for it, and who acts."""
    centre, _cases = centre_with_cases(count=4)
    boss = manager(centre)
    row = draw(centre, user=boss, rules=[Rule.RANDOM]).cases.get()
    order = []
    with transaction.atomic():
        came = replacing(row, boss)()
        while came is not None:
            order.append(came.case)
            came = replacing(came, boss)()
        transaction.set_rollback(True)
    return row, order, boss


def replacing(row: SampledCase, boss: User) -> Callable[[], SampledCase | None]:
    return lambda: replace_file(row=row, kind=NotReadable.LOST, reason="卷宗遗失", user=boss, now=NOW)


@pytest.mark.parametrize("left_out_first", [True, False])
def test_no_file_comes_for_another_and_is_left_out_at_once(left_out_first: bool) -> None:
    row, [comes, *_others], boss = a_file_to_replace()
    acts: list[Callable[[], object]] = [
        lambda: leave_out(case=comes, kind=NotReadable.LOST, reason="外借", user=boss, now=NOW),
        replacing(row, boss),
    ]

    raised = one_while_the_other_is_at_it(*(acts if left_out_first else reversed(acts)))

    in_samples = SampledCase.objects.filter(replaced_at=None).values_list("case", flat=True)
    assert [type(error) for error in raised] == [PlaceChanged if left_out_first else InASample]
    assert list(in_samples) == [row.case_id if left_out_first else comes.pk]
    assert FrameExclusion.objects.filter(case=comes).exists() is left_out_first


def test_a_round_that_is_opened_while_a_file_comes_for_another_does_not_hold_it() -> None:
    row, cases, boss = a_file_to_replace()
    centre = cases[0].centre
    people = {"readers": [reviewer(centre) for _each in range(3)], "panel": [boss, manager(centre)]}

    raised = one_while_the_other_is_at_it(
        replacing(row, boss),
        lambda: open_round(centre=centre, name="一", cases=cases, **people, due_on=NOW.date(), user=boss, now=NOW),
    )

    assert ([type(error) for error in raised], CalibrationRound.objects.count()) == ([InvalidInput], 0)


def test_of_two_uploads_that_are_opened_at_once_only_one_takes_the_last_pages_of_its_case(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = accepting.waiting_case()
    before, *queued = (uploaded(case) for _each in range(3))
    Scan.objects.filter(pk=before.pk).update(pages=MOST_PAGES - 5)

    raised = one_while_the_other_is_at_it(
        *(lambda scan=scan: draw_scan(scan_id=scan.pk, now=NOW) for scan in queued),
    )

    assert (raised, [Scan.objects.get(pk=scan.pk).trouble for scan in queued]) == ([], ["", Trouble.CASE_FULL])


def test_a_paper_attached_while_the_file_is_kept_on_paper_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    result = released(factories.case(factories.centre()))
    lawyer, boss, data = account_of(result.case.lawyer), manager(result.case.centre), pdf(["x"])
    paper = Upload(stream=BytesIO(data), size=len(data), name="a.pdf")

    raised = one_while_the_other_is_at_it(
        lambda: keep_on_paper(case=result.case, ground=PaperGround.SECRET, user=boss, now=NOW),
        lambda: lodge_objection(result=result, items=["A2"], statement="已会见", papers=[paper], user=lawyer, now=NOW),
    )

    assert ([type(error) for error in raised], StoredFile.objects.count()) == ([FileOnPaper], 0)

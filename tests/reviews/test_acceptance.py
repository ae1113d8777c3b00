"""A file is handed in, checked, sent back or accepted; who may, on what they saw, and what follows of it elsewhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.models import Case, EvidenceChange
from qa_service.common.errors import DomainError, InvalidInput, NotPermitted
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear
from reviews.enums import Anchor, DefectKind, FileState, Finding, PleaState, Queue, Rule
from reviews.models import AcceptedLateness, FileAcceptance, FileDefect, FileEvent, FilePaper
from reviews.queries import accepted_files
from reviews.queries.acceptance import file_shown
from reviews.queries.accepted_files import found_at_the_desk
from reviews.queries.file_lists import file_line, files_at_desk, files_of_handlers, open_pleas, queue
from reviews.queries.lateness import days_late, late_files
from reviews.queries.sampling import frame_of
from reviews.services.acceptance import (
    DefectEntry,
    FileChanged,
    FileNotNow,
    FileUnchecked,
    NotOverdue,
    PaperEntry,
    PleaNotOpen,
    PleaWaits,
    accept_file,
    decide_plea,
    receive_file,
    remind_lawyer,
    reopen_file,
    return_file,
    save_papers,
    state_lateness,
    undo_receipt,
)
from reviews.services.assignments import NotTheirsToGive
from reviews.services.lateness import NotLate
from scoring.calculation import weigh_case
from scoring.queries.evidence import Gathered, gathered
from scoring.queries.schemes import published_schemes, rules_by
from scoring.services.schemes import publish_default_scheme
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.reviews.accepting import TODAY, by
from tests.reviews.factories import account_of, manager

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def row_of(case: Case) -> FileAcceptance:
    return FileAcceptance.objects.get(case=case)


def told(case: Case) -> list[str]:
    return list(Notification.objects.filter(user__lawyer=case.lawyer).order_by("pk").values_list("text", flat=True))


def test_the_whole_way_of_a_file_that_was_sent_back_once() -> None:
    case = accepting.waiting_case()
    account_of(case.lawyer)
    accepting.returned(case, due_on=TODAY + 7 * A_DAY)
    out = row_of(case)
    receive_file(handed_in_on=TODAY, **by(case))
    save_papers(papers=accepting.papers(case), last_page=60, **by(case))
    clerk = accepting.clerk(case.centre)
    accept_file(**by(case, clerk))
    row, shown = row_of(case), file_shown(files_at_desk(clerk).get(pk=case.pk), now=NOW)

    assert (out.state, out.correct_by, out.returns) == (FileState.RETURNED, TODAY + 7 * A_DAY, 1)
    assert (row.state, row.accepted_on, row.accepted_by) == (FileState.ACCEPTED, TODAY, clerk)
    assert [event.act for event in shown.events] == ["handed_in", "returned", "handed_in", "accepted"]
    assert {(d.paper, d.kind) for d in shown.events[1].defects} == {("meeting", "missing"), ("", "other")}
    assert ["sent back" in text or "accepted" in text for text in told(case)] == [True, True]
    assert {"reviews.file_handed_in", "reviews.file_returned", "reviews.file_accepted", "reviews.file_checked"} <= set(
        Entry.objects.values_list("action", flat=True)
    )


def test_what_the_case_system_says_came_in_is_checked_without_another_entry() -> None:
    case = accepting.waiting_case(filed_on=TODAY - 3 * A_DAY)
    save_papers(papers=accepting.papers(case), last_page=60, **by(case))

    assert (row_of(case).handed_in_on, FileEvent.objects.get().act) == (TODAY - 3 * A_DAY, "handed_in")
    to_come = accepting.waiting_case(case.centre, filed_on=TODAY + A_DAY)
    with pytest.raises(FileNotNow):
        save_papers(papers=accepting.papers(to_come), last_page=60, **by(to_come))


def test_of_two_clerks_at_once_the_second_is_told_and_changes_nothing() -> None:
    case = accepting.checked()
    one, other = by(case), by(case)
    return_file(defects=[DefectEntry(kind="missing", paper="cover")], due_on=TODAY + A_DAY, told_how="电话", **one)

    with pytest.raises(FileChanged) as refused:
        accept_file(**other)
    assert refused.value.details == {"version": row_of(case).version}
    assert row_of(case).state == FileState.RETURNED


def test_an_act_that_does_not_follow_the_state_is_refused() -> None:
    accepted, awaited = accepting.accepted(), accepting.waiting_case()
    for case, act in (
        (accepted, lambda c: accept_file(**by(c))),
        (accepted, lambda c: receive_file(handed_in_on=TODAY, **by(c))),
        (accepted, lambda c: save_papers(papers=[], last_page=None, **by(c))),
        (accepted, lambda c: undo_receipt(reason="误录", **by(c))),
        (awaited, lambda c: accept_file(**by(c))),
        (awaited, lambda c: return_file(defects=[DefectEntry(kind="missing")], due_on=None, told_how="电话", **by(c))),
        (awaited, lambda c: reopen_file(reason="误收", **by(c))),
    ):
        before = FileEvent.objects.count()
        with pytest.raises(FileNotNow):
            act(case)
        assert FileEvent.objects.count() == before


def test_a_day_of_receipt_that_cannot_be_is_refused() -> None:
    case = accepting.waiting_case()
    for day in (None, case.accepted_on - A_DAY, TODAY + A_DAY):
        with pytest.raises(InvalidInput) as refused:
            receive_file(handed_in_on=day, **by(case))
        assert refused.value.field == "handed_in_on"
    accepting.returned(case)
    with pytest.raises(InvalidInput):  # back before it was sent
        receive_file(handed_in_on=TODAY - A_DAY, **by(case))


def test_who_handled_the_case_or_is_tied_to_who_did_accepts_nothing() -> None:
    case = accepting.checked()
    colleague = factories.user(Role.FOLLOW_UP, at=case.centre, of=factories.lawyer(case.firm))

    with pytest.raises(NotTheirsToGive):
        accept_file(**by(case, colleague))
    assert not files_at_desk(colleague).exists()
    assert not files_at_desk(accepting.clerk(factories.centre())).exists()


def test_pages_and_papers_that_cannot_be_are_refused_by_their_code() -> None:
    case = accepting.received()
    there = Finding.PRESENT
    for entry in (
        PaperEntry(code="cover", finding=there, pages="9-3"),
        PaperEntry(code="cover", finding=there, pages="2卷3"),
        PaperEntry(code="cover", finding="lost"),
        PaperEntry(code="cover", finding=Finding.MISSING, pages="3"),
        PaperEntry(code="cover", finding=there, dated=TODAY + A_DAY),
        PaperEntry(code="nothing", finding=there),
    ):
        with pytest.raises(InvalidInput) as refused:
            save_papers(papers=[entry], last_page=None, **by(case))
        assert refused.value.field == entry.code
    for last_page in (0, 100_001):
        with pytest.raises(InvalidInput):
            save_papers(papers=[], last_page=last_page, **by(case))
    assert not FilePaper.objects.exists()


def test_a_file_is_accepted_once_all_papers_are_looked_at_and_defects_that_stay_have_a_remark() -> None:
    case = accepting.received()
    with pytest.raises(FileUnchecked):
        accept_file(**by(case))
    gone = accepting.papers(case, meeting=PaperEntry(code="meeting", finding=Finding.MISSING))
    save_papers(papers=gone, last_page=60, **by(case))
    with pytest.raises(InvalidInput) as refused:
        accept_file(**by(case))
    accept_file(words="会见系视频进行，录像另存。", **by(case))

    assert refused.value.field == "words"
    assert [(d.paper, d.kind) for d in FileDefect.objects.all()] == [("meeting", DefectKind.MISSING)]


def test_words_that_the_form_cannot_print_or_that_name_the_client_are_refused() -> None:
    case = accepting.received()
    name = case.client.name
    for defects, words in (
        ([], ""),
        ([DefectEntry(kind="gone")], ""),
        ([DefectEntry(kind="other")], ""),
        ([DefectEntry(kind="missing", paper="nothing")], ""),
        ([DefectEntry(kind="missing", note=f"缺{name}的签字")], ""),
        ([DefectEntry(kind="missing", note="长" * 301)], ""),
        ([DefectEntry(kind="missing"), DefectEntry(kind="missing", note="二")], ""),
        ([DefectEntry(kind="missing")], "😀"),
    ):
        with pytest.raises(InvalidInput):
            return_file(defects=defects, due_on=TODAY + A_DAY, words=words, **by(case))
    for due_on in (TODAY, TODAY + 91 * A_DAY):
        with pytest.raises(InvalidInput) as refused:
            return_file(defects=[DefectEntry(kind="missing")], due_on=due_on, told_how="电话", **by(case))
        assert refused.value.field == "due_on"


def test_a_file_is_due_back_after_five_working_days_unless_a_day_is_given() -> None:
    case = accepting.returned(due_on=None)

    assert row_of(case).correct_by == date(2026, 11, 27)


def test_without_the_calendar_the_day_is_asked_for() -> None:
    case = accepting.received()
    CalendarYear.objects.all().delete()
    with pytest.raises(InvalidInput) as refused:
        return_file(defects=[DefectEntry(kind="missing")], due_on=None, told_how="电话", **by(case))
    assert refused.value.field == "due_on"


def test_a_receipt_entered_by_mistake_is_taken_out_and_an_acceptance_taken_back() -> None:
    case = accepting.received()
    with pytest.raises(InvalidInput):
        undo_receipt(reason=" ", **by(case))
    undo_receipt(reason="录错案号", **by(case))
    assert (row_of(case).state, days_late(case, now=NOW)) == (FileState.AWAITED, 0)

    accepting.accepted(case)
    reopen_file(reason="漏收判决书", **by(case, manager(case.centre)))
    assert (row_of(case).state, row_of(case).accepted_by) == (FileState.TO_CHECK, None)
    assert list(accepted_files(centre=case.centre, period=Period(TODAY, TODAY + A_DAY))) == []


def test_a_file_that_came_back_in_time_is_entered_on_its_day_whatever_was_typed_since() -> None:
    """A receipt put on the wrong day and taken out, or a reminder sent before somebody looked on the shelf."""
    mistyped, reminded = (accepting.returned(due_on=TODAY + 7 * A_DAY) for _file in range(2))
    came, later = TODAY + 4 * A_DAY, NOW + timedelta(days=10)
    receive_file(handed_in_on=TODAY + 9 * A_DAY, **by(mistyped) | {"now": later})
    undo_receipt(reason="录错日期", **by(mistyped) | {"now": later})
    remind_lawyer(words="电话催告", **by(reminded) | {"now": later})

    for case in (mistyped, reminded):
        receive_file(handed_in_on=came, **by(case) | {"now": later})
        assert (row_of(case).handed_in_on, row_of(case).counts_on) == (came, TODAY)
        undo_receipt(reason="录错案号", **by(case) | {"now": later})
        with pytest.raises(InvalidInput):  # still not before it was sent
            receive_file(handed_in_on=TODAY - A_DAY, **by(case) | {"now": later})


def test_the_days_that_a_file_lay_at_the_desk_are_not_its_lawyers() -> None:
    """In on time, looked at after forty days, due back in five, and back a day too late."""
    case = accepting.received(accepting.waiting_case())
    sent, back = (NOW + timedelta(days=days) for days in (40, 46))
    told = by(case) | {"now": sent}
    return_file(defects=[DefectEntry(kind="missing")], due_on=TODAY + 45 * A_DAY, told_how="电话", **told)
    case.refresh_from_db()
    out = days_late(case, now=back), case in [late for late, _days, _why in late_files(told["user"], now=back)]

    receive_file(handed_in_on=TODAY + 46 * A_DAY, **by(case) | {"now": back})

    case.refresh_from_db()
    assert (out, days_late(case, now=back)) == ((0, False), 0)  # ten days of the thirty, and six
    long_after = NOW + timedelta(days=80)
    undo_receipt(reason="录错案号", **by(case) | {"now": long_after})
    case.refresh_from_db()
    assert days_late(case, now=long_after) == 20  # ten, and forty of eighty


def test_what_payment_reads_is_the_lateness_at_the_last_acceptance() -> None:
    case = accepting.accepted(accepting.waiting_case(closed_on=TODAY - 40 * A_DAY))
    reopen_file(reason="漏收判决书", **by(case, manager(case.centre)))
    Case.objects.filter(pk=case.pk).update(judgment_received_on=TODAY - 5 * A_DAY)
    accept_file(words="", **by(case))

    (paid,) = accepted_files(centre=case.centre, period=Period(TODAY, TODAY + A_DAY))
    counted = FileEvent.objects.filter(act="accepted").values_list("days_late", flat=True)
    assert (list(counted), paid.days_late) == ([10, 0], 0)


def test_only_the_lawyer_of_an_overdue_file_is_reminded_and_once_a_day() -> None:
    case = accepting.waiting_case(closed_on=TODAY - 31 * A_DAY)
    account_of(case.lawyer)
    remind_lawyer(words="电话催告", **by(case))
    with pytest.raises(NotOverdue):
        remind_lawyer(words="", **by(case))
    with pytest.raises(NotOverdue):
        remind_lawyer(words="", **by(accepting.waiting_case(case.centre)))

    assert (row_of(case).reminders, len(told(case)), row_of(case).state) == (1, 1, FileState.AWAITED)


class TestLateness:
    def late(self) -> Case:
        return accepting.waiting_case(closed_on=TODAY - 40 * A_DAY)

    def test_a_lawyer_is_heard_and_a_manager_decides(self) -> None:
        case, refused = self.late(), self.late()
        boss = manager(case.centre)
        plea = state_lateness(case=case, words="法院送达迟延。", user=account_of(case.lawyer), now=NOW)
        assert [list(open_pleas(user)) for user in (boss, plea.stated_by)] == [[plea], []]
        asked = Notification.objects.filter(user=boss, read_at=None, url=f"/reviews/files/{case.public_id}")
        waiting = asked.count()
        decide_plea(plea=plea, accepted=True, reason="", user=manager(case.centre), now=NOW)
        assert (waiting, asked.count()) == (1, 0)
        plea.refresh_from_db()
        other = state_lateness(case=refused, words="工作忙。", user=account_of(refused.lawyer), now=NOW)
        with pytest.raises(InvalidInput):
            decide_plea(plea=other, accepted=False, reason="", user=manager(refused.centre), now=NOW)
        decide_plea(plea=other, accepted=False, reason="不属正当理由。", user=manager(refused.centre), now=NOW)
        with pytest.raises(PleaNotOpen):
            decide_plea(plea=other, accepted=True, reason="", user=manager(refused.centre), now=NOW)

        assert (plea.state, AcceptedLateness.objects.get().reason) == (PleaState.ACCEPTED, "法院送达迟延。")
        assert len(told(case)) == len(told(refused)) == 1
        decisions = Entry.objects.filter(action="reviews.lateness_decided").order_by("pk")
        assert [entry.details["accepted"] for entry in decisions] == [True, False]

    @pytest.mark.parametrize(("accepted", "weight", "in_time"), [(True, 100, Anchor.FULL), (False, 50, Anchor.PARTLY)])
    def test_reasons_heard_change_the_time_limit_and_what_the_reader_is_told_of_it(
        self, accepted: bool, weight: int, in_time: Anchor
    ) -> None:
        """Ten days late: half the points, unless a manager accepts why."""
        publish_default_scheme(now=NOW)
        case = self.late()
        accepting.checked(case)
        plea = state_lateness(case=case, words="法院送达迟延。", user=account_of(case.lawyer), now=NOW)

        def told() -> tuple[Any, Anchor]:
            (gathered_now,) = gathered([case.pk], schemes=published_schemes(), now=NOW)
            line = next(row for row in weigh(gathered_now) if row.source == "time_limits")
            desk = found_at_the_desk(files_at_desk(plea.decided_by or boss).get(pk=case.pk), now=NOW)
            assert desk is not None
            return line.value, desk.anchors["F1"]

        boss = manager(case.centre)
        before = told()
        EvidenceChange.objects.all().delete()
        decide_plea(plea=plea, accepted=accepted, reason="不属正当理由。", user=boss, now=NOW)

        assert (before, told()) == ((50, Anchor.PARTLY), (weight, in_time))
        assert EvidenceChange.objects.filter(case=case).exists() == accepted

    def test_nobody_else_says_why_and_only_of_a_late_file_once(self) -> None:
        case = self.late()
        handler, colleague = account_of(case.lawyer), account_of(factories.lawyer(case.firm))
        in_time = accepting.waiting_case(case.centre, lawyer=case.lawyer, firm=case.firm)
        with pytest.raises(NotPermitted):
            state_lateness(case=case, words="忙", user=colleague, now=NOW)
        with pytest.raises(NotLate):
            state_lateness(case=in_time, words="忙", user=handler, now=NOW)
        for words in ("", "长" * 501, f"{case.client.name}住院"):
            with pytest.raises(InvalidInput):
                state_lateness(case=case, words=words, user=handler, now=NOW)
        state_lateness(case=case, words="忙", user=handler, now=NOW)
        with pytest.raises(PleaNotOpen):
            state_lateness(case=case, words="忙", user=handler, now=NOW)

    def test_a_file_is_not_accepted_before_its_lawyer_was_heard(self) -> None:
        case = self.late()
        plea = state_lateness(case=case, words="法院送达迟延。", user=account_of(case.lawyer), now=NOW)
        accepting.checked(case)
        with pytest.raises(PleaWaits):
            accept_file(**by(case))
        decide_plea(plea=plea, accepted=True, reason="", user=manager(case.centre), now=NOW)
        accept_file(**by(case))

        (paid,) = accepted_files(centre=case.centre, period=Period(TODAY, TODAY + A_DAY))
        assert (paid.case_id, paid.days_late, paid.excused) == (case.pk, 10, True)

    def test_who_is_tied_to_the_lawyer_decides_nothing(self) -> None:
        case = self.late()
        plea = state_lateness(case=case, words="忙", user=account_of(case.lawyer), now=NOW)
        colleague = factories.user(Role.MANAGER, at=case.centre, of=factories.lawyer(case.firm))
        for accepted in (True, False):
            with pytest.raises(NotTheirsToGive):
                decide_plea(plea=plea, accepted=accepted, reason="不属正当理由。", user=colleague, now=NOW)
        assert not open_pleas(colleague).exists()


def test_the_day_of_receipt_counts_for_the_time_limit_the_late_list_and_the_draw() -> None:
    """Each line: closed and handed in so many days ago, sent back and due so many days ago, what the source weighs."""
    publish_default_scheme(now=NOW)
    centre = factories.centre(settings={"acceptance_from": date(2026, 1, 1)})
    for closed, came, due, weight, late in (
        (40, 15, None, 100, 0),
        (40, 5, None, 50, 5),
        (70, 5, None, 0, 35),
        (40, 15, 0, 100, 0),  # out to be put right, and today is the last day
        (43, 6, 2, None, 10),  # out beyond its day: as not handed in, which weighs once it is 60 days
        (70, 6, 2, 0, 37),  # but for the three days on which it lay at the desk
        (70, 50, 2, None, 0),  # and there were forty-seven of them
    ):
        case = accepting.waiting_case(centre, closed_on=TODAY - closed * A_DAY)
        with time_machine.travel(NOW - came * A_DAY, tick=False):
            accepting.received(case, on=TODAY - came * A_DAY)
        if due is not None:
            then = NOW - (due + 1) * A_DAY
            defect = [DefectEntry(kind="missing")]
            return_file(defects=defect, due_on=TODAY - due * A_DAY, told_how="电话", **by(case) | {"now": then})
        (found,) = gathered([case.pk], schemes=published_schemes(), now=NOW)
        line = next(row for row in weigh(found) if row.source == "time_limits")
        fresh = files_at_desk(manager(centre)).get(pk=case.pk)
        assert (line.value, days_late(fresh, now=NOW)) == (weight, late), (closed, came, due)
        assert found.weigh_again_on == {0: TODAY + A_DAY, None: None}.get(due, found.weigh_again_on)
        listed = [each.pk for each, _days, _reason in late_files(manager(centre), now=NOW)]
        assert (case.pk in listed) == bool(late)
    drawn = frame_of(centre=centre, period=Period(date(2026, 1, 1), TODAY), now=NOW)
    assert sum(Rule.LATE_FILING in each.always for each in drawn) == 2


def weigh(found: Gathered) -> Any:

    return weigh_case(found.evidence, rules_by(found.scheme)).lines


def test_every_receipt_return_and_acceptance_has_the_case_weighed_anew() -> None:
    case = accepting.waiting_case()
    for act in (
        lambda: receive_file(handed_in_on=TODAY, **by(case)),
        lambda: return_file(defects=[DefectEntry(kind="missing")], due_on=TODAY + A_DAY, told_how="电话", **by(case)),
    ):
        EvidenceChange.objects.all().delete()
        act()
        assert EvidenceChange.objects.filter(case=case).exists()


def test_each_file_stands_in_the_lists_where_it_waits() -> None:
    centre = factories.centre(settings={"acceptance_from": TODAY - 60 * A_DAY, "filing_limit_days": 30})
    factories.centre(settings={"filing_limit_days": 50})
    waiting, late = (accepting.waiting_case(centre, closed_on=TODAY - days * A_DAY) for days in (30, 31))
    served = accepting.waiting_case(centre, closed_on=TODAY - 40 * A_DAY, judgment_received_on=TODAY - 5 * A_DAY)
    accepting.waiting_case(centre, closed_on=TODAY - 61 * A_DAY)  # history
    here, by_register = (
        accepting.received(accepting.waiting_case(centre)),
        accepting.waiting_case(centre, filed_on=TODAY),
    )
    out, gone = (accepting.waiting_case(centre) for _each in range(2))
    accepting.returned(out)
    with time_machine.travel(NOW - 5 * A_DAY, tick=False):
        receive_file(handed_in_on=TODAY - 5 * A_DAY, **by(gone) | {"now": NOW - 5 * A_DAY})
        defects = [DefectEntry(kind="missing")]
        return_file(defects=defects, due_on=TODAY - A_DAY, told_how="电话", **by(gone) | {"now": NOW - 5 * A_DAY})
    done = accepting.accepted(accepting.waiting_case(centre))
    wanted = {
        Queue.TO_CHECK: {here, by_register},
        Queue.RETURNED: {out, gone},
        Queue.OVERDUE: {late, gone},
        Queue.AWAITED: {waiting, late, served},
        Queue.ACCEPTED: {done},
    }
    for name, cases in wanted.items():
        found = list(queue(files_at_desk(manager(centre)), name, now=NOW))
        assert set(found) == cases, name
        lines = [file_line(case, now=NOW) for case in found]
        assert name != Queue.OVERDUE or all(line.overdue and line.over == 1 for line in lines)
    assert set(files_of_handlers(account_of(late.lawyer))) == {late}


def test_the_reader_of_the_file_is_told_what_the_desk_found() -> None:
    case = accepting.waiting_case()
    assert found_at_the_desk(case, now=NOW) is None
    accepting.returned(case)
    accepting.accepted(case)
    found = found_at_the_desk(case, now=NOW)

    assert found is not None
    assert (found.returns, found.accepted_on) == (1, TODAY)
    assert found.anchors == {"F1": Anchor.FULL, "F2": Anchor.MOSTLY, "F3": Anchor.MOSTLY}


def test_the_database_keeps_the_record_as_it_is() -> None:
    case = accepting.returned()
    accepting.accepted(case)
    event = FileEvent.objects.filter(acceptance__case=case)
    for write in (
        lambda: event.update(happened_on=TODAY - A_DAY),
        lambda: event.update(told_here=True),
        lambda: event.update(told_how="当面"),
        lambda: FileDefect.objects.update(kind="unsigned"),
        lambda: FilePaper.objects.update(signed=True),
        lambda: FilePaper.objects.create(acceptance=row_of(case), code="x", finding="present"),
        lambda: FileAcceptance.objects.update(state="returned", correct_by=TODAY),
        lambda: FileAcceptance.objects.update(accepted_by=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_refused_act_leaves_no_trace() -> None:
    case = accepting.waiting_case()
    with pytest.raises(DomainError):
        accept_file(**by(case))
    assert not FileAcceptance.objects.exists()

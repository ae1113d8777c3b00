"""Bound files of the demo in every state of acceptance, brought there by the acts that do it in life."""

from datetime import datetime, timedelta
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.cases.models import Case
from qa_service.organisations.models import CentreSettings, Organisation
from reviews.enums import DefectKind, Finding, Queue
from reviews.models import FileAcceptance
from reviews.queries.acceptance import file_shown
from reviews.queries.file_lists import files_at_desk, files_of_handlers, queue
from reviews.services.acceptance import (
    DefectEntry,
    PaperEntry,
    accept_file,
    decide_plea,
    receive_file,
    return_file,
    save_papers,
    state_lateness,
)
from reviews.services.lateness import NotLate

ACCEPTED_FROM_DAYS = 75
ACCEPTED = 8
A_DAY = timedelta(days=1)


def show_acceptance(*, centre: Organisation, desk: User, lawyers: list[User], now: datetime) -> None:
    """Accept some of what came in, send some back (one overdue, one put right), and hear a lawyer or two.

    Where the demo's lawyers have files, theirs are taken first: whoever tries the demo as a lawyer sees them move.
    """
    CentreSettings.objects.filter(centre=centre).update(acceptance_from=now.date() - ACCEPTED_FROM_DAYS * A_DAY)
    came = list(queue(files_at_desk(desk).filter(centre=centre), Queue.TO_CHECK, now=now))
    own = {lawyer.lawyer_id for lawyer in lawyers}
    came.sort(key=lambda case: case.lawyer_id not in own)
    overdue, out, put_right, *rest = came
    _send_back(overdue, desk, back=6, sent=now - 8 * A_DAY)
    _send_back(out, desk, back=6, sent=now - 2 * A_DAY)
    _send_back(put_right, desk, back=5, sent=now - 6 * A_DAY)
    day = (now - 2 * A_DAY).date()
    receive_file(case=put_right, handed_in_on=day, version=_version(put_right), user=desk, now=now - A_DAY)
    for case in (put_right, *rest[:ACCEPTED]):
        _accept(case, desk, now=now - A_DAY)
    _hear(centre, desk, lawyers, now=now)


def _send_back(case: Case, desk: User, *, back: int, sent: datetime) -> None:
    defects = (
        DefectEntry(paper="meeting", kind=DefectKind.MISSING),
        DefectEntry(paper="closing", kind=DefectKind.UNSIGNED, note="结案报告缺承办人员签名"),
    )
    given: dict[str, Any] = {"user": desk, "now": sent}
    due_on = sent.date() + back * A_DAY
    # Few of the demo's lawyers have an account.
    how = "" if reads_here(case.lawyer_id) else "电话告知，补正清单当面交付"
    return_file(case=case, defects=defects, due_on=due_on, told_how=how, version=_version(case), **given)


def _accept(case: Case, desk: User, *, now: datetime) -> None:
    catalogue = file_shown(_fresh(case, desk), now=now).papers
    papers = [
        PaperEntry(code=paper.code, finding=Finding.PRESENT, pages=f"{3 * number + 1}-{3 * number + 3}")
        for number, paper in enumerate(catalogue)
    ]
    last_page = 3 * len(papers)
    save_papers(case=case, papers=papers, last_page=last_page, version=_version(case), user=desk, now=now)
    accept_file(case=case, version=_version(case), user=desk, now=now)


def _hear(centre: Organisation, desk: User, lawyers: list[User], *, now: datetime) -> None:
    """The first late file of each lawyer of the demo: one is decided, the others wait."""
    decided = False
    for lawyer in lawyers:
        late = queue(files_of_handlers(lawyer).filter(centre=centre), Queue.OVERDUE, now=now).first()
        if late is None or not lawyer.has_role(Role.LAWYER):
            continue
        try:
            plea = state_lateness(case=late, words="裁判文书送达迟延，收到后方能归档。", user=lawyer, now=now)
        except NotLate:  # sent back and overdue, yet within the days of the whole
            continue
        if not decided:
            decided = True
            decide_plea(plea=plea, accepted=True, reason="", user=desk, now=now)


def _fresh(case: Case, desk: User) -> Case:
    return files_at_desk(desk).get(pk=case.pk)


def _version(case: Case) -> int:
    return FileAcceptance.objects.filter(case=case).values_list("version", flat=True).first() or 0

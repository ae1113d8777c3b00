"""Files of cases on their way to the archive, each brought there through the services that do it in life."""

from datetime import date, timedelta
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from reviews.enums import Finding
from reviews.models import Checklist, FileAcceptance
from reviews.services.acceptance import (
    DefectEntry,
    PaperEntry,
    accept_file,
    receive_file,
    return_file,
    save_papers,
)
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scenes import scene

TODAY = NOW.date()


def clerk(at: Organisation) -> User:
    return factories.user(Role.FOLLOW_UP, at=at)


@scene
def waiting_case(at: Organisation | None = None, **fields: Any) -> Case:
    """Closed ten days ago, its file not handed in."""
    if not Checklist.objects.exists():
        reviews.checklists()
    place = at or factories.centre(settings={"acceptance_from": date(2026, 1, 1)})
    return factories.case(place, **({"closed_on": TODAY - timedelta(days=10), "filed_on": None} | fields))


def version(case: Case) -> int:
    row = FileAcceptance.objects.filter(case=case).first()
    return row.version if row else 0


def by(case: Case, user: User | None = None) -> dict[str, Any]:
    """Who acts on the file, and on what they saw."""
    return {"case": case, "version": version(case), "user": user or clerk(case.centre), "now": NOW}


def papers(case: Case, **findings: Any) -> list[PaperEntry]:
    """Every paper of the catalogue in the file, one page each, but for what is said otherwise."""
    catalogue = Checklist.objects.get(state="published", purpose="file_review", case_type=case.case_type).catalogue
    return [
        findings.get(paper["code"]) or PaperEntry(code=paper["code"], finding=Finding.PRESENT, pages=str(number))
        for number, paper in enumerate(catalogue, start=1)
    ]


@scene
def received(case: Case | None = None, *, on: date = TODAY, user: User | None = None) -> Case:
    case = case or waiting_case()
    receive_file(handed_in_on=on, **by(case, user))
    return case


@scene
def checked(case: Case | None = None, user: User | None = None, **findings: Any) -> Case:
    case = received(case, user=user)
    save_papers(papers=papers(case, **findings), last_page=60, **by(case, user))
    return case


@scene
def returned(
    case: Case | None = None, *, due_on: date | None = TODAY + timedelta(days=7), user: User | None = None
) -> Case:
    case = received(case, user=user)
    what = [DefectEntry(kind="missing", paper="meeting"), DefectEntry(kind="other", note="目录与卷内页码不符")]
    return_file(defects=what, due_on=due_on, told_how="电话告知", **by(case, user))
    return case


@scene
def accepted(case: Case | None = None, user: User | None = None, words: str = "") -> Case:
    case = checked(case, user=user)
    accept_file(words=words, **by(case, user))
    return case

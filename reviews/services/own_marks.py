"""What an observer's and a firm's own marks have in common: kept beside their form, and no silent loss between two."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_service.cases.models import Case
from qa_service.common.errors import Conflict
from reviews.marking import Defect, Sheet, defects
from reviews.models import ObservedMark, SelfMark, TrialMark
from reviews.queries.checklists import Standard
from reviews.queries.scorecard import MARKED, Marks, values_of
from reviews.services.marks import COMMENT_LIMIT, MarkEntry, checked_entries
from reviews.services.words import require_quotable, whole
from reviews.stages import out_of_stage


class ChangedElsewhere(Conflict):
    """Another device saved first. `marks` and `comment` are as stored; `version` is the one to build on."""

    def __init__(self, *, version: int, marks: Marks, comment: str) -> None:
        super().__init__(_("This form was changed on another device."))
        self.version = version
        self.marks = marks
        self.comment = comment


def checked_form(
    entries: Iterable[MarkEntry], comment: str, *, standard: Standard, clients: Collection[str]
) -> tuple[Marks, str]:
    """What was typed, fit to be stored: the marks, and the comment on the whole. Neither names a client.

    :param clients: the names of everybody whom the case helped.
    :raises MarksInvalid: what cannot be taken, each named; :raises InvalidInput: the comment.
    """
    given = checked_entries(entries, standard, clients=clients)
    said = whole(comment, limit=COMMENT_LIMIT, field="comment")
    require_quotable(said, clients=clients, field="comment")
    return given, said


def lacking(sheet: Sheet, stored: Marks, *, case: Case) -> list[Defect]:
    """As of a review, but that no page is named here, and own words are a reason: a firm's marks, and for practice.

    :param case: whose file it is.
    """
    said = {code for code, mark in stored.items() if mark["comment"]}
    marks = values_of(stored)
    early = out_of_stage(sheet, marks, case_type=case.case_type, stage=case.stage)
    found = without_pages([*defects(sheet, marks), *early])
    return [each for each in found if not (each.missing == "reason" and each.item in said)]


def without_pages(found: Iterable[Defect]) -> list[Defect]:
    """Of a form that has no box for them: a hearing has no pages, and a firm knows its own file."""
    return [each for each in found if each.missing != "page"]


def store_marks(
    model: type[ObservedMark] | type[SelfMark] | type[TrialMark], *, given: Marks, standard: Standard, **of: Any
) -> None:
    """One statement, whatever their number. :param of: the form they stand on, by the name of its field."""
    rows: list[Any] = [model(item=standard.items[code], **of, **_worded(mark)) for code, mark in given.items()]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[*of, "item"], update_fields=[*MARKED]
    )


def _worded(mark: Mapping[str, str]) -> dict[str, str]:
    return {name: mark[name] for name in MARKED}

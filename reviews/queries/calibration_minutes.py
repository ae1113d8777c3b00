"""What the paper of a closed calibration round says, read from its record."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from qa_service.accounts.models import User
from qa_service.organisations.queries import issuer_name, today_at
from reviews.documents.content import CalibratedFile, CalibrationContent
from reviews.models import CalibrationRound
from reviews.queries.calibration import FileDiscussed, ItemDiscussed, files_discussed, outcome_of


def calibration_content(
    round_: CalibrationRound, *, language: str, printed_by: User, now: datetime
) -> CalibrationContent:
    """In the language given; for managers and the panel, once it is closed."""
    with override(language):
        outcome = outcome_of(round_)
        return CalibrationContent(
            language=language,
            centre=issuer_name(round_.centre_id),
            name=round_.name,
            checklist=str(round_.checklist),
            opened_on=today_at(round_.centre, round_.opened_at),
            closed_on=today_at(round_.centre, round_.closed_at or now),
            closed_by=str(round_.closed_by or ""),
            panel=tuple(str(row.person) for row in round_.panelists.select_related("person").order_by("pk")),
            aligned=outcome.aligned,
            readers=tuple((line.person, line.aligned) for line in outcome.readers),
            items=tuple((line.title, line.aligned) for line in outcome.items),
            files=tuple(map(_file, files_discussed(round_))),
            printed_at=now,
            printed_by=str(printed_by),
        )


def _file(found: FileDiscussed) -> CalibratedFile:
    return CalibratedFile(
        case=found.file.case.number,
        note=found.file.note,
        items=tuple(
            (
                f"{item.code} {item.title}",
                item.anchor_label,
                item.reason,
                _given(item),
            )
            for item in found.items
        ),
    )


def _given(item: ItemDiscussed) -> str:
    if {given.anchor_value for given in item.given} == {item.anchor}:
        return _("all as agreed")
    return _("; ").join(
        _("%(person)s: %(mark)s") % {"person": given.person, "mark": given.anchor} for given in item.given
    )

"""Which items of a list cannot apply at the stage of a case (pure).

Source of the rule: the default criminal checklist's practice. Before trial there is no hearing, so nothing of it can be
marked; what was written to the police or the procurator is marked with the opinion.
"""

from collections.abc import Mapping
from typing import Final

from qa_service.cases.enums import CaseType, Stage
from reviews.enums import Anchor
from reviews.marking import Defect, MarkValue, Sheet

BEFORE_TRIAL: Final = frozenset({Stage.INVESTIGATION, Stage.PROSECUTION_REVIEW})
# How a defect is called that lies in the stage of the case.
STAGE: Final = "stage"


def inapplicable(sheet: Sheet, *, case_type: str, stage: str) -> tuple[str, ...]:
    """Codes of the items of the hearing in a criminal case before trial; none in any other.

    An item whose list does not offer "not applicable" stays, and so does a list that asks of nothing but the hearing:
    nobody could hand it in.
    """
    if case_type != CaseType.CRIMINAL or stage not in BEFORE_TRIAL:
        return ()
    items = [item for section in sheet.sections if section.hearing for item in section.items]
    found = tuple(item.code for item in items if Anchor.NOT_APPLICABLE in item.offered)
    return () if len(found) == len(sheet.codes()) else found


def out_of_stage(sheet: Sheet, marks: Mapping[str, MarkValue], *, case_type: str, stage: str) -> list[Defect]:
    """Marks other than "not applicable" where nothing else can stand. An item that is not marked lacks its mark."""
    return [
        Defect(code, STAGE)
        for code in inapplicable(sheet, case_type=case_type, stage=stage)
        if code in marks and marks[code].anchor != Anchor.NOT_APPLICABLE
    ]

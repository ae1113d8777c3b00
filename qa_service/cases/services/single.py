"""One case by the API: the same reading, comparing and writing as a file of one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.cases.enums import FaultReason
from qa_service.cases.intake import Columns
from qa_service.cases.models import Case
from qa_service.cases.services.erased import refuse_erased
from qa_service.cases.services.intake import Batch, Intake, Tally
from qa_service.cases.tables import Row
from qa_service.common.errors import InvalidInput, NotPermitted
from qa_service.organisations.models import Organisation


class RowRefused(InvalidInput):
    """`field` is the field's English name, `reason` the same words as in a file's report."""

    code = "case_refused"


class OwnCaseGivenAway(NotPermitted):
    """`field` is the field's English name."""

    code = "own_case_given_away"


@dataclass(frozen=True, slots=True)
class PutResult:
    case: Case
    created: bool
    changed: bool
    oddities: tuple[str, ...]


@transaction.atomic
def put_case(
    *, centre: Organisation, fields: Mapping[str, str | float | date | None], actor: Actor, now: datetime
) -> PutResult:
    """Add or change one case. `fields` are named as in `intake.columns.TITLES`.

    :raises RowRefused: the case would be refused in a file, too.
    :raises PersonErased: the personal data of its client was erased, on request or after its time.
    :raises OwnCaseGivenAway: the actor or their firm handled it, and it names another lawyer, firm or closing date.
    """
    names = list(fields)
    columns = Columns(
        line=0,
        indexes={name: index for index, name in enumerate(names)},
        titles={name: name for name in names},
        width=len(names),
        unknown=(),
        missing=(),
    )
    intake = Intake(centre=centre, columns=columns, actor=actor, now=now)
    batch = intake.read([Row(1, list(fields.values()))])
    _require_no_fault(batch)
    number = batch.readings[0].case.number
    tally: Tally = intake.write(batch)
    _require_no_fault(batch)
    case = Case.with_open.select_related("client").get(centre=centre, number=number)
    refuse_erased(case.client)
    return PutResult(
        case=case, created=bool(tally.new), changed=bool(tally.new or tally.updated), oddities=tuple(tally.oddities)
    )


def _require_no_fault(batch: Batch) -> None:
    for fault in batch.faults:
        label = FaultReason(fault.reason).label
        if fault.reason == FaultReason.OWN_CASE:
            raise OwnCaseGivenAway(label, field=fault.column)
        raise RowRefused(label, field=fault.column, reason=fault.reason.value)

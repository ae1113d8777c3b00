"""The record of a case as its page tells it."""

from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from qa_service.cases.models import Case

# What is recorded because of something the client said. It stands with the matter, before those who may read that.
OF_FEEDBACK: Final = ("surveys.alert_", "surveys.recovery_", "surveys.complaint_", "surveys.lawyer_", "surveys.second_")

FIELDS: Final = {
    "case_type": _("Type"),
    "cause": _("Cause"),
    "stage": _("Stage"),
    "people_helped": _("People helped"),
    "organ": _("Organ"),
    "accepted_on": _("Accepted"),
    "assigned_on": _("Assigned"),
    "closed_on": _("Closed"),
    "judgment_received_on": _("Judgment received"),
    "filed_on": _("File handed in"),
    "outcome": _("Outcome"),
    "recovered_amount": _("Recovered (yuan)"),
    "client_id": _("Client"),
    "station_id": _("Station"),
    "lawyer_id": _("Lawyer"),
    "firm_id": _("Firm"),
    "contact": _("how to reach the client"),
}


def told_of_case(case: Case) -> QuerySet[Entry]:
    """What was done to the case, newest first, without a trace of what its client said, whoever looks."""
    told = Q()
    for beginning in OF_FEEDBACK:
        told |= Q(action__startswith=beginning)
    return history(case).exclude(told)


def changed_fields(entry: Entry) -> list[str]:
    """The fields by name, in the order recorded; those of another kind of entry are none."""
    return [str(FIELDS[name]) for name in entry.details.get("fields", []) if name in FIELDS]

"""The record of a case as its page tells it."""

from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work
from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from qa_service.cases.models import Case, Client

# What was recorded beside the case because of something the client said, before it stood with the matter alone.
OF_FEEDBACK: Final = (
    "surveys.alert_",
    "surveys.complaint_",
    "surveys.disowned",
    "surveys.lawyer_",
    "surveys.own_answer_",
    "surveys.recovery_",
    "surveys.second_",
    "surveys.told_afterwards",
)

FIELDS: Final = {
    "case_type": _("Type"),
    "cause": _("Cause"),
    "stage": _("Stage"),
    "people_helped": _("People helped"),
    "organ": _("Organ"),
    "organ_number": _("Case number at the organ"),
    "accepted_on": _("Accepted"),
    "decided_on": _("Aid granted"),
    "assigned_on": _("Assigned"),
    "closed_on": _("Closed"),
    "hearing_on": _("Next hearing"),
    "judgment_received_on": _("Judgment received"),
    "filed_on": _("File handed in"),
    "subsidy_paid_on": _("Subsidy paid"),
    "outcome": _("Outcome"),
    "recovered_amount": _("Recovered (yuan)"),
    "client_id": _("Client"),
    "station_id": _("Station"),
    "lawyer_id": _("Lawyer"),
    "firm_id": _("Firm"),
    "contact": _("how to reach the client"),
}


def told_of_case(case: Case, user: User) -> QuerySet[Entry] | None:
    """What was done to the case, newest first, without a trace of what its client said, whoever looks.

    None for who handled it, themselves or their firm: to them that somebody was busy with it may tell enough.
    """
    if _handled(Case.with_open.filter(pk=case.pk), user):
        return None
    told = Q()
    for beginning in OF_FEEDBACK:
        told |= Q(action__startswith=beginning)
    return history(case).exclude(told)


def told_of_person(client: Client, user: User) -> QuerySet[Entry] | None:
    """The same of a person, with every look at their number: why somebody looked may be what they said."""
    return None if _handled(Case.with_open.filter(client=client), user) else history(client)


def _handled(cases: QuerySet[Case], user: User) -> bool:
    return cases.filter(own_work(user, lawyer="lawyer", firm="firm")).exists()


def changed_fields(entry: Entry) -> list[str]:
    """The fields by name, in the order recorded; those of another kind of entry are none."""
    return [str(FIELDS[name]) for name in entry.details.get("fields", []) if name in FIELDS]

"""What an entry of the record says was changed in a case, in the words of its page."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qa_service.audit.models import Entry

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


def changed_fields(entry: Entry) -> list[str]:
    """The fields by name, in the order recorded; those of another kind of entry are none."""
    return [str(FIELDS[name]) for name in entry.details.get("fields", []) if name in FIELDS]

"""The record in the reader's language. Entries keep short names for ever; what a name is called is said here.

Only acts that stand on a page about a case or a person are named; a test holds the services to it.
"""

from typing import Final

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

ACTS: Final = {
    "cases.added": _("added"),
    "cases.changed": _("changed"),
    "cases.survey_released": _("released for follow-up"),
    "cases.client_added": _("client added to the case"),
    "cases.client_taken_off": _("client taken off the case"),
    "cases.contact_plan_changed": _("contact plan changed"),
    "cases.phone_revealed": _("looked at a number"),
    "cases.phone_corrected": _("number corrected"),
    "cases.name_corrected": _("name corrected"),
    "privacy.number_looked_up": _("looked up by number"),
    "privacy.person_looked_up": _("looked up by name and case"),
    "privacy.request_registered": _("request about their own data entered"),
    "privacy.request_answered": _("request about their own data answered"),
    "privacy.copied": _("everything held was shown or copied"),
    "privacy.rest_erased": _("what had to wait was erased"),
    "surveys.invited": _("follow-up begun"),
    "surveys.clients_drawn": _("clients to be asked drawn by lot"),
    "surveys.postponed": _("follow-up put off: the person was asked about another matter"),
    "surveys.withdrawn": _("follow-up given up before anybody was contacted"),
    "surveys.organ_asked": _("court or other organ asked"),
    "surveys.rung_changed": _("next way of follow-up"),
    "surveys.disowned": _("answers found to be somebody else's"),
    "surveys.own_answer_counts": _("answered by the client themself; what somebody else had answered is kept beside"),
    "surveys.called": _("call recorded"),
    "surveys.interviewed": _("answers keyed in"),
    "surveys.errand_recorded": _("visit, letter or paper form recorded"),
    "surveys.printed": _("paper printed"),
    "surveys.told_afterwards": _("what was said after the end kept"),
    "surveys.second_entry_kept": _("keyed in a second time; the first answers stand"),
    "surveys.alert_acknowledged": _("matter taken on"),
    "surveys.alert_closed": _("matter closed"),
    "surveys.recovery_take": _("matter taken on"),
    "surveys.recovery_miss": _("client not reached about the matter"),
    "surveys.recovery_reach": _("spoke with the client about the matter"),
    "surveys.recovery_verify": _("matter verified"),
    "surveys.recovery_fix": _("matter put right or explained"),
    "surveys.recovery_tell": _("client told the outcome"),
    "surveys.recovery_ask": _("client asked again"),
    "surveys.recovery_send_back": _("matter sent back"),
    "surveys.recovery_sign_off": _("matter signed off"),
    "surveys.recovery_let_be": _("matter closed without contact"),
    "surveys.recovery_convert": _("made a complaint"),
    "surveys.lawyer_asked": _("lawyer asked, with the client's consent"),
    "surveys.lawyer_question_withdrawn": _("question to the lawyer withdrawn"),
    "surveys.lawyer_replied": _("lawyer replied"),
    "scoring.next_file_flagged": _("file put before the sample"),
}
# The service itself, by the part of it that acted.
PARTS: Final = {
    "system:setup": _("Setting up"),
    "system:centre": _("Operator's command"),
    "system:import_cases": _("Operator's command"),
}


def act_in_words(action: str) -> str:
    """What was done; a name of an older version that nobody remembers is still no raw word on a page."""
    return str(ACTS[action]) if action in ACTS else gettext("another act")


def who_in_words(actor_id: str, label: str) -> str:
    """A person by their name, a part of the service as such."""
    if actor_id.startswith("system:"):
        return str(PARTS[actor_id]) if actor_id in PARTS else pgettext("record", "The service")
    return label

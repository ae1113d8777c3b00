"""What a client goes on writing once their matter stands in the register: with the complaint, not among what is read
at the centre some day."""

from datetime import datetime

from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import people_with
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from surveys import recovery
from surveys.conversation import says_more
from surveys.models import Complaint, Conversation
from surveys.services.answering.answers import RESPONDENT

WROTE = gettext_noop("The client of complaint %(label)s has written.")


def heard_with_complaint(conversation: Conversation, text: str, *, now: datetime) -> bool:
    """Whether there are words in it, and this is the second question of a matter that became a complaint, which is
    open still: whoever handles it is told, and reads them there."""
    if not recovery.is_second(conversation.wave) or not says_more(text):
        return False
    open_ones = Complaint.objects.open().filter(source__recovery__asked_again=conversation)
    complaint = open_ones.select_related("bureau", "handler").first()
    if complaint is None:
        return False
    users = [complaint.handler] if complaint.handler else people_with(Role.SUPERVISOR, complaint.bureau)
    url = f"/surveys/complaints/{complaint.public_id}/"
    notify(users=users, text=WROTE, params={"label": complaint.label}, url=url, now=now)
    record(actor=RESPONDENT, action="surveys.complaint_heard", subject=complaint, at=now)
    return True

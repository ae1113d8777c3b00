"""What of asking waits for a person, for the one home."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.waiting import Waiting
from surveys.enums import AlertState
from surveys.models import Alert
from surveys.queries.telephone import telephone_list

FOLLOW_UP_ROLES = (Role.FOLLOW_UP, Role.MANAGER)


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """Blocks with something in them, the urgent first."""
    if not user.has_role(*FOLLOW_UP_ROLES, Role.SUPERVISOR):
        return []
    url = reverse("surveys:telephone-list")
    blocks = []
    alerts = Alert.objects.visible_to(user).filter(state=AlertState.OPEN).count()
    if alerts:
        raised = reverse("surveys:alerts")
        blocks.append(Waiting(title=_("Matters a client raised"), count=alerts, url=raised, urgent=True))
    if user.has_role(*FOLLOW_UP_ROLES):
        calls = telephone_list(user=user, now=now).order_by()
        count, urgent = calls.count(), calls.filter(urgent=True).exists()
        if count:
            blocks.append(Waiting(title=_("Clients to telephone"), count=count, url=url, urgent=urgent))
    return blocks

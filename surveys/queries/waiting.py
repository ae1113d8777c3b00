"""What of asking waits for a person, for the one home."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.cases.queries import awaiting_release
from qa_service.common.waiting import Waiting
from surveys.enums import AlertState
from surveys.models import Alert, Complaint, LawyerQuestion
from surveys.models.organs import BOOK_KEEPERS
from surveys.queries.alerts import alerts_seen_by
from surveys.queries.binding import records_to_bind
from surveys.queries.complaints import past_due
from surveys.queries.errands import errands_to_do
from surveys.queries.organ_book import unknown_names
from surveys.queries.organ_letters import batches_to_send, letters_to_print
from surveys.queries.telephone import telephone_list

# Sheets are bound once a quarter at the latest: only then does the home say so.
BOUND_WITHIN = timedelta(days=90)
FOLLOW_UP_ROLES = (Role.FOLLOW_UP, Role.MANAGER)


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """Blocks with something in them, the urgent first."""
    blocks = _asked_of_lawyer(user) + _organs_unknown(user, now)
    if not user.has_role(*FOLLOW_UP_ROLES, Role.SUPERVISOR):
        return blocks
    url = reverse("surveys:telephone-list")
    alerts = Alert.objects.visible_to(user).filter(state=AlertState.OPEN).count()
    if alerts:
        raised = reverse("surveys:alerts")
        blocks.append(Waiting(title=_("Matters a client raised"), count=alerts, url=raised, urgent=True))
    blocks += _to_sign(user, now) + _complaints(user, now)
    blocks += _to_release(user)
    if user.has_role(*FOLLOW_UP_ROLES):
        calls = telephone_list(user=user, now=now).order_by()
        count, urgent = calls.count(), calls.filter(urgent=True).exists()
        if count:
            blocks.append(Waiting(title=_("Clients to telephone"), count=count, url=url, urgent=urgent))
        errands = errands_to_do(user=user, now=now).order_by().count()
        if errands:
            to_do = reverse("surveys:errand-list")
            blocks.append(Waiting(title=_("Visits, letters and paper forms"), count=errands, url=to_do))
        unbound = records_to_bind(user).filter(finished_at__lt=now - BOUND_WITHIN).order_by().count()
        if unbound:
            to_bind = reverse("surveys:records-to-bind")
            blocks.append(Waiting(title=_("Records to bind"), count=unbound, url=to_bind))
        blocks += _letters_to_organs(user)
    return blocks


def _letters_to_organs(user: User) -> list[Waiting]:
    """To be printed, and printed without having left: both lie on one page."""
    url = reverse("surveys:organ-letters")
    blocks = (
        Waiting(title=_("Letters to courts and other organs to print"), count=letters_to_print(user).count(), url=url),
        Waiting(title=_("Printed letters to organs that have not left"), count=batches_to_send(user).count(), url=url),
    )
    return [block for block in blocks if block.count]


def _organs_unknown(user: User, now: datetime) -> list[Waiting]:
    """Names in cases to which no letter can go before somebody completes the address book."""
    if not user.has_role(*BOOK_KEEPERS):
        return []
    count = len(unknown_names(user, now=now))
    url = reverse("surveys:organ-book")
    return [Waiting(title=_("Organs of cases to complete in the address book"), count=count, url=url)] if count else []


def _asked_of_lawyer(user: User) -> list[Waiting]:
    if not user.has_role(Role.LAWYER):
        return []
    count = LawyerQuestion.objects.visible_to(user).filter(replied_at=None).count()
    url = reverse("surveys:lawyer-questions")
    return [Waiting(title=_("Questions of the centre"), count=count, url=url)] if count else []


def _to_sign(user: User, now: datetime) -> list[Waiting]:
    """Settled matters wait for somebody who handled no part of them."""
    if not user.has_role(Role.SUPERVISOR):
        return []
    count = alerts_seen_by(user, now=now, show="sign").order_by().count()
    url = f"{reverse('surveys:alerts')}?show=sign"
    return [Waiting(title=_("Unhappy clients' matters to sign off"), count=count, url=url)] if count else []


def _to_release(user: User) -> list[Waiting]:
    """Cases that came late: nobody is asked about them before a manager says so."""
    if not user.has_role(Role.MANAGER):
        return []
    count = awaiting_release().filter(within(user, "centre__path", Role.MANAGER)).count()
    return [Waiting(title=_("Cases to release"), count=count, url=reverse("surveys:release-list"))] if count else []


def _complaints(user: User, now: datetime) -> list[Waiting]:
    if not user.has_role(Role.MANAGER, Role.SUPERVISOR):
        return []
    rows = Complaint.objects.visible_to(user).open()
    count = rows.count()
    if not count:
        return []
    late, url = rows.filter(past_due(now)).exists(), reverse("surveys:complaints")
    left = Complaint.objects.visible_to(user).left_behind().count()
    return [
        Waiting(title=_("Complaints whose handler is gone"), count=left, url=f"{url}?state=left", urgent=True),
        Waiting(title=_("Open complaints"), count=count, url=url, urgent=late),
    ][not left :]

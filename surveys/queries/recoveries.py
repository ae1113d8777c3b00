"""Reading what is done about unhappy clients."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.common.errors import NotFound
from surveys import recovery as rules
from surveys.enums import RecoveryAct
from surveys.models import Alert, Conversation, LawyerQuestion, Recovery
from surveys.queries.alerts import everyday_reading
from surveys.queries.forms import answers_of, response_of

HANDLING = (Role.FOLLOW_UP, Role.MANAGER)


class RecoveryUnknown(NotFound):
    code = "recovery_unknown"


def recovery_of(alert: Alert) -> Recovery | None:
    return (
        Recovery.objects.select_related("alert__case__centre", "asked_again__response", "signed_by")
        .filter(pk=alert.pk)
        .first()
    )


def steps_of(alert: Alert) -> Recovery:
    """:raises RecoveryUnknown: the matter has no steps of its own."""
    found = recovery_of(alert)
    if found is None:
        raise RecoveryUnknown(_("This matter has no steps of this kind."))
    return found


def may_sign(recovery: Recovery, user: User) -> bool:
    """A supervisor who took no step in it; a manager of the centre where no bureau has a supervisor above it."""
    if not Alert.objects.visible_to(user).filter(pk=recovery.pk).exists():
        return False
    if recovery.steps.filter(by=user).exclude(act__in=rules.SIGNING).exists():
        return False
    above = people_with(Role.SUPERVISOR, recovery.alert.case.centre)
    if above.filter(pk=user.pk).exists():
        return True
    manages = people_with(Role.MANAGER, recovery.alert.case.centre).filter(pk=user.pk)
    return not above.exists() and manages.exists()


def handlers_of(alert: Alert) -> tuple[Role, ...]:
    """Whose work it is: the centre's, or the bureau's once it was passed on."""
    return (Role.SUPERVISOR,) if alert.for_bureau else HANDLING


def acts_for(recovery: Recovery, user: User) -> tuple[RecoveryAct, ...]:
    """The steps this person may take now; turning it into a complaint has its own form."""
    open_now = rules.open_acts(recovery.standing)
    signs = any(act in rules.SIGNING for act in open_now) and may_sign(recovery, user)
    handles = user.has_role(*handlers_of(recovery.alert))
    by_hand = [act for act in open_now if act not in (RecoveryAct.LET_BE, RecoveryAct.CONVERT)]
    return tuple(act for act in by_hand if (signs if act in rules.SIGNING else handles))


@dataclass(frozen=True, slots=True)
class Ratings:
    """What the client first said, and what they said when asked again; None where not said."""

    first: int | None
    second: int | None
    second_text: str

    def __repr__(self) -> str:
        return "Ratings(…)"


def ratings_of(recovery: Recovery) -> Ratings:
    again = recovery.asked_again
    said = answers_of(response_of(again)).get("q11") if again else None
    return Ratings(
        first=_rating(recovery.alert.conversation),
        second=_rating(again) if again else None,
        second_text=everyday_reading(again).read(said.text).words if again and said and said.text else "",
    )


def _rating(conversation: Conversation) -> int | None:
    given = answers_of(response_of(conversation)).get("q1")
    return int(given.value) if given is not None and given.value.isdigit() else None


class QuestionUnknown(NotFound):
    code = "lawyer_question_unknown"


def questions_to(user: User) -> list[LawyerQuestion]:
    """What the centre asked this lawyer, those without a reply first."""
    asked = LawyerQuestion.objects.visible_to(user).select_related("recovery__alert__case")
    return list(asked.order_by("replied_at", "-put_at", "pk"))


def question_to(*, user: User, public_id: UUID) -> LawyerQuestion:
    """:raises QuestionUnknown: none to this lawyer, or the client took their consent back."""
    asked = LawyerQuestion.objects.visible_to(user).select_related("recovery__alert__case")
    found = asked.filter(public_id=public_id).first()
    if found is None:
        raise QuestionUnknown(_("There is no such question."))
    return found

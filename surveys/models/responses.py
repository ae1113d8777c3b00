from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.queries import own_work, within
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId, Timestamped
from surveys.enums import Answerer, Audience, Mode
from surveys.models.conversations import STAFF_ROLES

if TYPE_CHECKING:
    from qa_service.accounts.models import User


# Nobody else keys in what comes by these.
OWN_MODES = (Mode.SMS, Mode.WEB)


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: "User") -> Self:
        """As conversations: of the subtree, and never of one's own cases."""
        own = own_work(user, lawyer="conversation__case__lawyer", firm="conversation__case__firm")
        return self.filter(within(user, "conversation__case__centre__path", *STAFF_ROLES)).exclude(own)

    def with_record(self) -> Self:
        """Finished interviews, visits, letters and paper forms of clients that staff keyed in: each has its sheet."""
        keyed = self.filter(finished_at__isnull=False, entered_by__isnull=False)
        return keyed.filter(conversation__audience=Audience.CLIENT)

    def to_bind(self) -> Self:
        """Those whose sheet nobody has confirmed to be bound, where the centre keeps a binder."""
        return self.with_record().filter(
            bound_record=None, conversation__case__centre__settings__records_bound_first=True
        )


class Response(PublicId, Timestamped):
    """What one conversation brought. Never more than one, whatever is pressed twice or answered by two ways."""

    conversation = models.OneToOneField("surveys.Conversation", on_delete=models.PROTECT, related_name="response")
    mode = models.CharField(max_length=10, choices=Mode)
    answerer = models.CharField(max_length=12, choices=Answerer, default=Answerer.CLIENT)
    language = models.CharField(max_length=10, default="zh-hans")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Came after the survey had closed, before the last day on which it is taken.
    late = models.BooleanField(default=False)
    entered_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The number a client may quote, shown after the last page.
    receipt = models.CharField(max_length=12, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["finished_at"], name="response_by_moment")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_by_another(self) -> bool:
        """Somebody else answered, who may not answer for the client: counted nowhere, nor in the way of theirs."""
        return self.finished_at is not None and self.answerer == Answerer.OTHER

    @property
    def begun_by_themself(self) -> bool:
        """By text or on their own form, whoever keyed in what followed."""
        return self.mode in OWN_MODES


class BoundRecord(models.Model):
    """Somebody confirmed that the printed record of an interview was bound: from then on its words may be erased."""

    response = models.OneToOneField(Response, on_delete=models.PROTECT, primary_key=True, related_name="bound_record")
    bound_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    bound_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"record of response {self.response_id}"


class Answer(models.Model):
    """One answered question. No row is no answer; "would rather not say" is a choice of its own."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey("surveys.Question", on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey("surveys.Choice", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(blank=True, default="")
    answered_at = models.DateTimeField()
    # Where it came by another way than the first of its response; empty: by that.
    mode = models.CharField(max_length=10, choices=Mode, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once_per_question")]

    def __str__(self) -> str:
        return f"{self.response_id}:{self.question_id}"

"""The register of what persons ask about their own data: who asked, by when, what was decided and by whom."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.cases.models import Case
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from qa_service.privacy.enums import Asker, CameBy, Proof, RequestKind, RequestState

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# The centre answers; the bureau where the manager handled the person's case.
HANDLERS = (Role.MANAGER, Role.SUPERVISOR)
OPEN = Q(state=RequestState.OPEN)


def of_own_cases(user: "User", client: str) -> Exists:
    """The condition that the user, or a firm of theirs, handled a case of the client; `client` is the path to them."""
    handled = Case.with_open.filter(own_work(user, lawyer="lawyer", firm="firm"))
    return Exists(handled.filter(Q(client=OuterRef(client)) | Q(co_clients__client=OuterRef(client))))


class PersonRequestQuerySet(models.QuerySet["PersonRequest"]):
    def visible_to(self, user: "User") -> Self:
        """Of the user's subtrees, never of a person whose case they handled: what is held may be what was said."""
        return self.filter(within(user, "centre__path", *HANDLERS)).exclude(of_own_cases(user, "client"))

    def open(self) -> Self:
        return self.filter(OPEN)


class PersonRequest(PublicId):
    """One entry of the register. The words go after their term; that it was asked and answered stays."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("cases.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=RequestKind)
    asker = models.CharField(max_length=10, choices=Asker, default=Asker.PERSON)
    asker_name = EncryptedTextField(blank=True, default="")
    proof = models.CharField(max_length=10, choices=Proof)
    came_by = models.CharField(max_length=10, choices=CameBy)
    wanted = EncryptedTextField(blank=True, default="")
    received_on = models.DateField()
    # Empty where the official calendar of the year is missing; a sweep sets it.
    due_on = models.DateField(null=True, blank=True)
    registered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    reason = EncryptedTextField(blank=True, default="")
    decided_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    # Of an erasure, rule by rule: what went, what stays, why and until when. Keys, counts and days.
    outcome = models.JSONField(default=list, blank=True)
    # What stays only until something is finished; a sweep erases it then.
    rest_waits = models.BooleanField(default=False)
    # Since then nothing is left here of what anybody wrote.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PersonRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind"], condition=OPEN, name="person_request_open_once"),
            models.CheckConstraint(
                condition=(OPEN & Q(decided_by=None, done_on=None))
                | (~OPEN & Q(decided_by__isnull=False, done_on__isnull=False)),
                name="person_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(done_on__gte=models.F("received_on")), name="person_request_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | Q(reason__isempty=False) | Q(erased_at__isnull=False),
                name="person_request_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(asker=Asker.PERSON) | Q(asker_name__isempty=False) | Q(erased_at__isnull=False),
                name="person_request_asker_named",
            ),
            models.CheckConstraint(
                condition=Q(rest_waits=False) | Q(kind=RequestKind.ERASURE, state=RequestState.PARTLY),
                name="person_request_rest_of_erasure",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "due_on"], name="person_request_by_deadline"),
            models.Index(fields=["id"], condition=Q(rest_waits=True), name="person_request_rest"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    def late(self, *, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today

"""Numbered notices: number, frozen content and the state *issuing* are written together; the file follows."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import firms_of, own_work, within
from qa_service.common.models import PublicId
from scoring.enums import OF_A_LAWYER, AppealState, NoticeKind, NoticeState, PrintRefusal
from scoring.models.decisions import DECIDING_ROLES, Proposal

if TYPE_CHECKING:
    from qa_service.cases.models import Case
    from qa_service.organisations.models import Firm, Lawyer

IN_THE_OPEN = (NoticeState.ISSUED, NoticeState.WITHDRAWN)
# A sanction leaves the view of the lawyer and the firm after 24 months (`domain` 4.9).
SANCTION_SHOWN_FOR = timedelta(days=730)


class NumberCounter(models.Model):
    """The last number given by an issuer to a kind of notice in a year. Its row is locked while one is drawn."""

    issuer = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "kind", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> "NoticeQuerySet":
        """Those who decide in their subtree; the lawyer and the firm concerned, once it is out and not yet expired.

        A firm sees no rectification before the lawyer does: it takes effect when it is served, and whoever is to answer
        it must not hear of it from somebody else. Nor does one of those who decide who belongs to it. What praises a
        body is read by whoever answers for it; a bureau's letter by the managers of the centre that it goes to.
        """
        condition = within(user, "issuer__path", *DECIDING_ROLES) & ~own_work(user, lawyer="lawyer", firm="firm")
        shown = Q(kind=NoticeKind.COMMENDATION) | Q(issued_at__gte=timezone.now() - SANCTION_SHOWN_FOR)
        out = Q(state__in=IN_THE_OPEN, issued_at__isnull=False) & shown
        if isinstance(user, User) and user.lawyer_id and user.has_role(Role.LAWYER):
            condition |= out & Q(lawyer_id=user.lawyer_id)
        firms = firms_of(user)
        if isinstance(user, User):
            # A station's praise goes to whoever answers for it, whom a centre's own reach leaves out, and so does a
            # letter of the bureau above.
            places = [held.organisation_id for held in user.held if held.role == Role.MANAGER]
            condition |= out & Q(station__in=places)
            condition |= Q(
                kind=NoticeKind.SUPERVISION, proposal__centre__in=places, state__in=IN_THE_OPEN, issued_at__isnull=False
            )
        if firms:
            served = Q(kind=NoticeKind.COMMENDATION) | Q(delivered_on__isnull=False)
            condition |= out & served & Q(firm_id__in=firms)
        return self.filter(condition)


class Notice(PublicId):
    """A numbered paper about one proposal: what came of it, the decision behind that, or the one on an appeal.

    Its content never changes; a withdrawn one keeps its number.

    `number` counts in the issuer's own series; empty where the bureau's office gave another, which `label` bears.
    """

    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.ISSUING)
    issuer = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True, blank=True)
    label = models.CharField(max_length=60)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="papers", related_query_name="paper", db_index=False
    )
    # Empty where the proposal is about a body, or about no single case.
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    station = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    verify_code = models.CharField(max_length=10, unique=True)
    numbered_at = models.DateTimeField()
    numbered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_sha256 = models.CharField(max_length=64, blank=True)
    # When printing was last refused, and why: managers see it, and the sweep takes the others first.
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_for = models.CharField(max_length=30, choices=PrintRefusal.choices, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    # When it reached the lawyer: on their home, or on paper, and then who entered it. Empty: their time has not begun.
    delivered_on = models.DateField(null=True, blank=True)
    served_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    # Since when the case no longer has the grade that the notice speaks of; empty while it has.
    ground_gone_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kind", "year", "number"], name="notice_number_once"),
            models.UniqueConstraint(fields=["issuer", "label"], name="notice_label_once"),
            # One that was withdrawn for what it says, and not for what was decided, is issued anew.
            models.UniqueConstraint(
                fields=["proposal", "kind"], condition=~Q(state=NoticeState.WITHDRAWN), name="notice_kind_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.ISSUED) | (Q(file__isnull=False) & Q(issued_at__isnull=False)),
                name="issued_notice_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=OF_A_LAWYER) | Q(case__isnull=False, lawyer__isnull=False, firm__isnull=False),
                name="sanction_of_a_lawyer_in_a_case",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.WITHDRAWN) | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="withdrawn_notice_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["issuer", "-numbered_at"], name="notice_issuer"),
            models.Index(fields=["lawyer", "-numbered_at"], name="notice_lawyer"),
            models.Index(fields=["id"], condition=Q(state=NoticeState.ISSUING), name="notice_issuing"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def the_case(self) -> "Case":
        """:raises ValueError: it hangs on no single case."""
        if self.case is None:
            raise ValueError(f"notice {self.pk} hangs on no case")
        return self.case

    @property
    def the_lawyer(self) -> "Lawyer":
        """:raises ValueError: it is about a body."""
        if self.lawyer is None:
            raise ValueError(f"notice {self.pk} is about no lawyer")
        return self.lawyer

    @property
    def the_firm(self) -> "Firm":
        """:raises ValueError: it is about no firm, nor about anybody of one."""
        if self.firm is None:
            raise ValueError(f"notice {self.pk} is about no firm")
        return self.firm

    @property
    def whose(self) -> str:
        """The name of the person or the body that it praises, corrects or is written to."""
        named = self.lawyer or self.station or self.firm
        if self.kind == NoticeKind.SUPERVISION:
            named = self.proposal.centre
        return named.name if named else ""


class Appeal(PublicId):
    """The lawyer's appeal to a decision; decided by people who had no part in it.

    `received_on`: it came on paper from a lawyer who has no account, or none any more, and `lodged_by` entered it.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="appeals")
    lodged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField()
    received_on = models.DateField(null=True, blank=True)
    text = models.TextField()
    # Empty until the calendar of working days reaches so far.
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.LODGED)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice"], name="appeal_once_a_notice")]

    def __str__(self) -> str:
        return f"appeal {self.pk}"

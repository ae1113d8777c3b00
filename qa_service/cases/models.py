"""Clients, how each may be contacted, their cases, and what other rooms must hear of a case."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.queries import firms_of, within
from qa_service.cases.enums import (
    CaseType,
    ClientGroup,
    ContactReason,
    FaultReason,
    FlagKind,
    Gender,
    ImportState,
    NumberOwner,
    Relation,
    SpokenLanguage,
    Stage,
)
from qa_service.cases.plans import TERMS, Terms
from qa_service.cases.plans import expired as plan_expired
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId, Timestamped

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Who may bring cases in, each within the subtree where the role is held.
IMPORT_ROLES = (Role.MANAGER, Role.OPERATOR)


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ClientQuerySet":
        return self.filter(within(user, "centre__path", *STAFF_ROLES))


class Client(PublicId, Timestamped):
    """A person a centre acted for. Name and number are encrypted; the indexes find equal ones without reading."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField()
    name_index = models.CharField(max_length=64)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    phone_masked = models.CharField(max_length=12, blank=True)
    # The number before the last correction: an export that still has it means the same person.
    former_phone_index = models.CharField(max_length=64, blank=True)
    phone_owner = models.CharField(max_length=10, choices=NumberOwner.choices, default=NumberOwner.CLIENT)
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    group = models.CharField(max_length=20, choices=ClientGroup.choices, default=ClientGroup.OTHER)
    # Which colleague can speak with the person, and how far a visit is. Never a street or a house.
    township = models.CharField(max_length=40, blank=True)
    dialect = models.CharField(max_length=40, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "name_index", "phone_index"], name="client_once_a_centre"),
        ]
        indexes = [
            models.Index(fields=["phone_index"], name="client_phone"),
            models.Index(
                fields=["former_phone_index"], condition=~Q(former_phone_index=""), name="client_former_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"


class ContactPlan(models.Model):
    """How one person may be reached. Checked when a contact is planned and again at the instant of sending.

    `expires_on` is the last day on which the permission to text holds; after it a person asks again by telephone.
    """

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="contact_plan")
    sms_allowed = models.BooleanField(default=False)
    phone_allowed = models.BooleanField(default=True)
    visit_allowed = models.BooleanField(default=True)
    # Letters and paper forms by post, which lie about: none to a home where somebody is to be feared.
    letter_allowed = models.BooleanField(default=True)
    reason = models.CharField(max_length=20, choices=ContactReason.choices, blank=True)
    needs_safety_check = models.BooleanField(default=False)
    guardian_only = models.BooleanField(default=False)
    safe_from = models.TimeField(null=True, blank=True)
    safe_until = models.TimeField(null=True, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    code_word = EncryptedTextField(blank=True)
    guardian_name = EncryptedTextField(blank=True)
    guardian_phone = EncryptedTextField(blank=True)
    guardian_relation = models.CharField(max_length=12, choices=Relation.choices, blank=True)
    guardian_cleared = models.BooleanField(default=False)
    note = EncryptedTextField(blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    # Two people may have the same plan open: the second is shown what the first wrote.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sms_allowed=False) | Q(reason=ContactReason.NONE), name="no_text_where_a_reason_stands"
            ),
            models.CheckConstraint(
                condition=Q(sms_allowed=False) | Q(expires_on__isnull=False), name="no_text_without_an_expiry"
            ),
            models.CheckConstraint(
                condition=Q(guardian_relation="") | Q(guardian_cleared=True), name="guardian_is_not_the_opponent"
            ),
            models.CheckConstraint(
                condition=Q(safe_from__isnull=True, safe_until__isnull=True) | Q(safe_from__lt=F("safe_until")),
                name="safe_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"contact plan of client {self.client_id}"

    @property
    def terms(self) -> Terms:
        """What it says, as plain values. A plan that forbids texts without saying why counts as no consent."""
        given = {name: getattr(self, name) for name in TERMS}
        given["guardian_relation"] = Relation(self.guardian_relation)
        given["reason"] = ContactReason(self.reason)
        if not self.sms_allowed and not self.reason:
            given["reason"] = ContactReason.NOT_CONSENTED
        return Terms(**given)

    @property
    def language_name(self) -> str:
        """The language under its own name."""
        known = self.language in SpokenLanguage.values
        return str(SpokenLanguage(self.language).label) if known else self.language

    def expired(self, *, today: date) -> bool:
        return plan_expired(self.expires_on, today=today)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CaseQuerySet":
        """Staff see their subtree, a lawyer the cases they handled, the head of a firm the firm's."""
        condition = within(user, "centre__path", *STAFF_ROLES)
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            condition |= Q(lawyer_id=lawyer_id)
        firms = firms_of(user)
        if firms:
            condition |= Q(firm_id__in=firms)
        return self.filter(condition)


class Case(PublicId, Timestamped):
    """One closed case, as the case system exported it. Unique per centre and number."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    case_type = models.CharField(max_length=16, choices=CaseType.choices)
    cause = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cases")
    people_helped = models.PositiveIntegerField(default=1)
    station = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, related_name="+")
    organ = models.CharField(max_length=100, blank=True)
    accepted_on = models.DateField()
    assigned_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField()
    judgment_received_on = models.DateField(null=True, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    recovered_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    first_seen_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    # Empty: history or seen too late; a person must release it before the client is asked.
    survey_released_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "number"], name="case_once_a_centre"),
            models.CheckConstraint(condition=~Q(number=""), name="case_has_a_number"),
            models.CheckConstraint(condition=Q(closed_on__gte=F("accepted_on")), name="case_closed_after_accepted"),
            models.CheckConstraint(condition=Q(recovered_amount__gte=0), name="case_recovered_not_negative"),
            models.CheckConstraint(condition=Q(case_type__in=CaseType.values), name="case_type_known"),
        ]
        indexes = [
            models.Index(fields=["centre", "closed_on"], name="case_centre_closed"),
            models.Index(fields=["lawyer", "closed_on"], name="case_lawyer_closed"),
            models.Index(fields=["firm", "closed_on"], name="case_firm_closed"),
            models.Index(
                fields=["survey_released_at"], condition=Q(survey_released_at__isnull=False), name="case_released"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def type_and_stage(self) -> str:
        """Both in words; a matter outside litigation has no stage of its own, so it is said once."""
        kind = CaseType(self.case_type).label
        return str(kind) if self.stage == self.case_type else f"{kind} · {Stage(self.stage).label}"


class RiskFlag(models.Model):
    """Something that sampling should know. The reason of a sealed kind is never shown with the draw."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="risk_flags")
    kind = models.CharField(max_length=20, choices=FlagKind.choices)
    sealed = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(cleared_at__isnull=True), name="flag_once_while_open"
            ),
        ]

    def __str__(self) -> str:
        return f"flag on case {self.case_id}"


class EvidenceChange(models.Model):
    """Evidence about a case has changed since it was last scored; the version grows with every change."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"evidence of case {self.case_id}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ImportQuerySet":
        return self.filter(within(user, "centre__path", *IMPORT_ROLES))


class Import(PublicId):
    """One file on its way in. Batches commit with these figures, so that a broken run goes on where it stopped."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    # An export holds everybody's number in clear: its bytes go as soon as they are no longer needed.
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.QUEUED)
    # A dry run reads and compares everything and writes no case.
    dry_run = models.BooleanField(default=True)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    progressed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expected_rows = models.PositiveIntegerField(default=0)
    last_line = models.PositiveIntegerField(default=0)
    # Starts since the last batch that was written.
    attempts = models.PositiveSmallIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Oddity → [how many rows, the first of their lines]; never the cells themselves.
    oddities = models.JSONField(default=dict)
    ignored_columns = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
        ]
        indexes = [models.Index(fields=["centre", "-created_at"], name="import_centre_newest")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def rows_read(self) -> int:
        return self.new_count + self.updated_count + self.unchanged_count + self.refused_count


class ImportFault(models.Model):
    """Why one row of an import was refused. The cell may hold a name or a number, hence it is encrypted."""

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="faults")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60)
    reason = models.CharField(max_length=60, choices=FaultReason.choices)
    value = EncryptedTextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "line"], name="fault_once_a_line")]

    def __str__(self) -> str:
        return f"fault in line {self.line} of import {self.job_id}"

"""Clients, and how each may be contacted."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import STAFF_ROLES
from qa_service.accounts.queries import within
from qa_service.cases.enums import ClientGroup, ContactReason, Gender, NumberOwner, Relation, SpokenLanguage
from qa_service.cases.plans import TERMS, Terms
from qa_service.cases.plans import expired as plan_expired
from qa_service.common.encryption import EncryptedTextField, blind_index
from qa_service.common.models import PublicId, Timestamped

if TYPE_CHECKING:
    from qa_service.accounts.models import User


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
    # The same of the name.
    former_name_index = models.CharField(max_length=64, blank=True)
    phone_owner = models.CharField(max_length=10, choices=NumberOwner.choices, default=NumberOwner.CLIENT)
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    group = models.CharField(max_length=20, choices=ClientGroup.choices, default=ClientGroup.OTHER)
    # Which colleague can speak with the person, and how far a visit is. Never a street or a house.
    township = models.CharField(max_length=40, blank=True)
    dialect = models.CharField(max_length=40, blank=True)
    # Since then nothing is left that tells who it was; the row stays, for what is counted.
    erased_at = models.DateTimeField(null=True, blank=True)

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
            models.Index(
                fields=["centre", "former_name_index"], condition=~Q(former_name_index=""), name="client_former_name"
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def reached_on(self) -> str:
        """The index of the number that is rung: the guardian's where the guardian alone is spoken with."""
        plan = getattr(self, "contact_plan", None)
        return plan.guardian_index if plan and plan.guardian_only and plan.guardian_index else self.phone_index

    @property
    def numbers(self) -> frozenset[str]:
        """The indexes of all numbers on which this person may be reached."""
        return frozenset({self.phone_index, self.reached_on} - {""})


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
    # The reason was found by comparing numbers, not told by anybody: it ends when nobody else has the number any more.
    found_shared = models.BooleanField(default=False)
    needs_safety_check = models.BooleanField(default=False)
    guardian_only = models.BooleanField(default=False)
    safe_from = models.TimeField(null=True, blank=True)
    safe_until = models.TimeField(null=True, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    code_word = EncryptedTextField(blank=True)
    guardian_name = EncryptedTextField(blank=True)
    guardian_phone = EncryptedTextField(blank=True)
    # Who rings is known by it, and whoever answers for several people is one person to ask.
    guardian_index = models.CharField(max_length=64, blank=True)
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
                condition=Q(found_shared=False) | Q(reason=ContactReason.NUMBER_SHARED),
                name="found_shared_where_the_reason_says_so",
            ),
            models.CheckConstraint(
                condition=Q(guardian_relation="") | Q(guardian_cleared=True), name="guardian_is_not_the_opponent"
            ),
            models.CheckConstraint(
                condition=Q(safe_from__isnull=True, safe_until__isnull=True) | Q(safe_from__lt=F("safe_until")),
                name="safe_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(guardian_phone__isempty=True, guardian_index="")
                | Q(guardian_phone__isempty=False) & ~Q(guardian_index=""),
                name="guardian_is_found_by_the_number",
            ),
        ]
        indexes = [
            models.Index(
                fields=["guardian_index"], condition=~Q(guardian_index=""), name="contact_plan_guardian_number"
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

    def keep_guardian(self, phone: str) -> None:
        """Take the guardian's number, E.164 or empty, with what it is found by. The caller saves."""
        self.guardian_phone, self.guardian_index = phone, blind_index(phone)

    def expired(self, *, today: date) -> bool:
        return plan_expired(self.expires_on, today=today)

"""The tree of bureaux, centres and stations; firms and lawyers with their history; the working-day calendar."""

from datetime import time

from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from qa_service.common.models import PublicId
from qa_service.organisations.enums import FirmKind, LawyerKind, OrganisationKind


class Organisation(MP_Node, PublicId):  # type: ignore[django-manager-missing,misc]  # treebeard is untyped
    """A node of the tree. A subtree is the prefix of `path`, whose steps have a fixed length: /1 never matches /12."""

    kind = models.CharField(max_length=10, choices=OrganisationKind.choices)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CentreSettings(models.Model):
    """How one centre works. A fresh centre asks nobody by text until `sms_enabled` is set."""

    centre = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="settings")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    go_live_on = models.DateField(null=True, blank=True)
    sms_enabled = models.BooleanField(default=False)
    first_contact_delay_days = models.PositiveSmallIntegerField(default=3)
    contact_opens = models.TimeField(default=time(9))
    contact_closes = models.TimeField(default=time(20))
    # For so long a client's consent, or what staff last confirmed with the client, lets a text be sent.
    contact_plan_days = models.PositiveSmallIntegerField(default=180)
    office_phone = models.CharField(max_length=20, blank=True)
    issuer_name = models.CharField(max_length=100, blank=True)
    document_prefix = models.CharField(max_length=20, blank=True)
    filing_limit_days = models.PositiveSmallIntegerField(default=30)
    # Working days in which an unhappy client's matter is taken on, the client spoken with, the matter settled; and how
    # many more pass before the bureau is told of one that is late (domain.md 1.6).
    recovery_acknowledge_days = models.PositiveSmallIntegerField(default=1)
    recovery_contact_days = models.PositiveSmallIntegerField(default=5)
    recovery_settle_days = models.PositiveSmallIntegerField(default=15)
    recovery_bureau_after_days = models.PositiveSmallIntegerField(default=3)
    # Its people are invented: no gateway that reaches real telephones may be used beside it.
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(contact_opens__lt=F("contact_closes")), name="contact_hours_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.centre)


class Firm(PublicId):
    """A law firm, a basic-level legal service office, or the centre's own staff, as one centre knows it."""

    centre = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=FirmKind.choices)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="firm_once_a_centre")]

    def __str__(self) -> str:
        return self.name


class Lawyer(PublicId):
    """Who acts for the client (承办人员), found by licence number wherever they practise."""

    name = models.CharField(max_length=50)
    licence_number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20, choices=LawyerKind.choices)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A lawyer's time with a firm, half-open; `ends_on` empty means still there."""

    lawyer = models.ForeignKey(Lawyer, on_delete=models.PROTECT, related_name="memberships")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lawyer", "firm", "starts_on"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="membership_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lawyer} · {self.firm}"


class CalendarYear(models.Model):
    """A year whose official notice of holidays has been imported; other years cannot be counted in."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a weekend made up for one."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

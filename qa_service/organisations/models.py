"""The tree of bureaux, centres and stations; firms and lawyers with their history; the working-day calendar."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from qa_service.common.models import PublicId
from qa_service.organisations.countries import CountryLimit, NotCountries, read_countries
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


A_FEW_DAYS = [MinValueValidator(1), MaxValueValidator(60)]


def time_zone_known(name: str) -> None:
    """:raises ValidationError: no such zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValidationError(_("Not a time zone. An example: Asia/Shanghai.")) from unknown


def _price(label: Any) -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In the currency of the installation. Empty: not known, and what an answer costs says so."),
    )


def _minutes(label: Any) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MaxValueValidator(1440)],
        help_text=_("Empty: not known, and what an answer costs says so."),
    )


def countries_known(text: str) -> None:
    """:raises ValidationError: naming the entry that is no dialling code, or stands there twice."""
    try:
        read_countries(text)
    except NotCountries as wrong:
        sentence = _("“%(entry)s” is no dialling code, or stands there twice. An example: 86, 852=50/1000.")
        raise ValidationError(sentence % {"entry": wrong.entry}) from wrong


class CentreSettings(models.Model):
    """How one centre works. A fresh centre asks nobody by text until `sms_enabled` is set.

    Every field is explained here once, for the page, the endpoint and the command alike.
    """

    centre = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="settings", editable=False)
    go_live_on = models.DateField(
        _("First day of closing asked about"),
        null=True,
        blank=True,
        help_text=_(
            "Clients of cases closed earlier are asked only when a manager releases them. Empty: nobody is asked "
            "at all. A change holds for what is imported from now on."
        ),
    )
    sms_enabled = models.BooleanField(
        _("Text messages"),
        default=False,
        help_text=_("Off: clients are asked by telephone, visit, letter, paper. On also needs a gateway."),
    )
    first_contact_delay_days = models.PositiveSmallIntegerField(
        _("Days from closing to the first text"),
        default=3,
        validators=[MaxValueValidator(20)],
        help_text=_("3 to 7 is usual. Asking ends 21 days after closing."),
    )
    # "A few of them, never the whole group" (domain.md 4.6).
    clients_asked_a_case = models.PositiveSmallIntegerField(
        _("Clients asked about one case"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_(
            "If a case has more clients than this, so many are drawn by lot, each with a telephone number of their own."
        ),
    )
    contact_opens = models.TimeField(
        _("Texts from"), default=time(9), help_text=_("Earlier than this nobody is texted, nor on days off.")
    )
    contact_closes = models.TimeField(_("Texts until"), default=time(20))
    # A slip, or somebody who makes us text, is stopped here; what is above a limit waits and is not lost.
    texts_a_day = models.PositiveIntegerField(
        _("Texts a day, at most"),
        default=500,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Anything above it waits for the next day. Confirmations of a stop are always sent."),
    )
    texts_a_month = models.PositiveIntegerField(
        _("Texts a month, at most"),
        default=5000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("Anything above it waits for the next month."),
    )
    text_countries = models.CharField(
        _("Countries texted"),
        max_length=200,
        default="86, 852, 853, 886",
        validators=[countries_known],
        help_text=_(
            "Dialling codes; people with other numbers are telephoned. A code may have its own limits a day and a "
            "month: 852=50/1000."
        ),
    )
    takes_open_cases = models.BooleanField(
        _("Take in cases under way"),
        default=False,
        help_text=_(
            "On: rows of an export that have no closing date are kept for follow-up while the case runs. Such a case "
            "is in no sample, grade or figure until it closes. Off: these rows are refused."
        ),
    )
    # For so long a client's consent, or what staff last confirmed with the client, lets a text be sent.
    contact_plan_days = models.PositiveSmallIntegerField(
        _("Days a consent to texts holds"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(1100)],
        help_text=_("After that a person telephones instead, and asks again."),
    )
    organs_from = models.DateField(
        _("First day of closing about which courts and other organs are asked"),
        null=True,
        blank=True,
        help_text=_("Empty: no organ is asked. A unit is asked once it stands in the address book of organs."),
    )
    organ_delay_days = models.PositiveSmallIntegerField(
        _("Days from closing to asking the organ"),
        default=10,
        validators=[MaxValueValidator(60)],
        help_text=_("Long enough for the judgment to be served, short enough for the case to be remembered."),
    )
    office_phone = models.CharField(
        _("Telephone of the centre"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9+()\- ]*$", _("Digits, spaces and dashes only."))],
        help_text=_("Named in texts that ask to call, and on notices."),
    )
    postal_address = models.CharField(
        _("Postal address"),
        max_length=120,
        blank=True,
        help_text=_("Printed on letters to courts and other organs, to which their sheets come back."),
    )
    issuer_name = models.CharField(
        _("Name that signs notices"), max_length=100, blank=True, help_text=_("Empty: the centre's own name.")
    )
    document_prefix = models.CharField(
        _("Prefix of document numbers"),
        max_length=20,
        blank=True,
        help_text=_("Such as 临援, before the year and number."),
    )
    filing_limit_days = models.PositiveSmallIntegerField(
        _("Days to hand in the file"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("From the end of the case, as the province sets it. Files later than this count as late."),
    )
    # The centre's own clocks (Legal Aid Law art. 39, 43, 52; domain.md 1.1).
    decision_limit_days = models.PositiveSmallIntegerField(
        _("Centre's clocks: days from the application to the decision"),
        default=7,
        validators=A_FEW_DAYS,
        help_text=_("Counted where the export brings the day of the decision."),
    )
    assignment_limit_days = models.PositiveSmallIntegerField(
        _("Centre's clocks: days from the decision to the assignment"),
        default=3,
        validators=A_FEW_DAYS,
        help_text=_("Where the day of the decision is not known, from the application, with the days of both."),
    )
    subsidy_limit_days = models.PositiveSmallIntegerField(
        _("Centre's clocks: days from the acceptance of the file to the payment of the subsidy"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("None of these three touches a lawyer's score."),
    )
    acceptance_from = models.DateField(
        _("First day of closing whose files are accepted here"),
        null=True,
        blank=True,
        help_text=_("Files of cases closed earlier are history. Empty: as the first day of closing asked about."),
    )
    blind_review = models.BooleanField(
        _("Readers of files are not told the lawyer's name"),
        default=False,
        help_text=_(
            "The pages and the programs of readers leave it out. In the papers of the file itself it can be read."
        ),
    )
    self_assessment = models.BooleanField(
        _("Firms assess their own files"),
        default=False,
        help_text=_(
            "On: when a sample is drawn, each file's lawyer and firm are asked to mark it themselves, "
            "before they see what its readers found. How near they come to it, item by item, is a small part of the "
            "case's grade; how high they mark is not."
        ),
    )
    self_assessment_days = models.PositiveSmallIntegerField(
        _("Firms' self-assessment: working days to hand it in"),
        default=5,
        validators=A_FEW_DAYS,
        help_text=_("From the day the sample is drawn. One not handed in when the result is released is closed."),
    )
    time_zone = models.CharField(_("Time zone"), max_length=40, default="Asia/Shanghai", validators=[time_zone_known])
    # Working days in which an unhappy client's matter is taken on, the client spoken with, the matter settled; and how
    # many more pass before the bureau is told of one that is late (domain.md 1.6).
    recovery_acknowledge_days = models.PositiveSmallIntegerField(
        _("Unhappy clients: working days until somebody takes it on"), default=1, validators=A_FEW_DAYS
    )
    recovery_contact_days = models.PositiveSmallIntegerField(
        _("Unhappy clients: working days until they are spoken with"), default=5, validators=A_FEW_DAYS
    )
    recovery_settle_days = models.PositiveSmallIntegerField(
        _("Unhappy clients: working days until it is settled"),
        default=15,
        validators=A_FEW_DAYS,
        help_text=_("All three run from the day the matter was raised."),
    )
    recovery_bureau_after_days = models.PositiveSmallIntegerField(
        _("Unhappy clients: working days late before the bureau is told"), default=3, validators=A_FEW_DAYS
    )
    records_bound_first = models.BooleanField(
        _("Follow-up records are bound on paper"),
        default=True,
        help_text=_(
            "On: a client's words are erased only after somebody confirmed that the printed record was bound. "
            "Off: the centre keeps no such binder."
        ),
    )
    person_request_days = models.PositiveSmallIntegerField(
        _("Requests about personal data: working days to answer"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("From the day a person asks to see, correct or erase what is held of them."),
    )
    # What asking costs a centre, in the currency of the installation; empty is not known, never nothing.
    call_cost = _price(_("What one telephone call costs"))
    visit_cost = _price(_("What one visit costs"))
    letter_cost = _price(_("What one letter costs, postage and paper"))
    paper_cost = _price(_("What one paper form costs, postage and paper"))
    call_minutes = _minutes(_("Minutes one telephone call takes"))
    visit_minutes = _minutes(_("Minutes one visit takes, the way included"))
    # Its people are invented: no gateway that reaches real telephones may be used beside it.
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact_opens__lt=F("contact_closes")),
                name="contact_hours_in_order",
                violation_error_message=_("The hours of texting must begin before they end."),
            ),
            models.CheckConstraint(
                condition=Q(call_cost__gte=0, visit_cost__gte=0, letter_cost__gte=0, paper_cost__gte=0),
                name="asking_costs_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(self.centre)

    @property
    def countries(self) -> Mapping[int, CountryLimit]:
        """What `text_countries` says."""
        return read_countries(self.text_countries)


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


class FormerName(models.Model):
    """A name that a place or firm gave up: exports go on using it for a while, other centres perhaps for good."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="former_names"
    )
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, blank=True, related_name="former_names")
    name = models.CharField(max_length=100, db_index=True)
    given_up_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(firm__isnull=True), name="former_name_of_one_thing"
            ),
            models.UniqueConstraint(fields=["organisation", "name"], name="former_name_once_a_place"),
            models.UniqueConstraint(fields=["firm", "name"], name="former_name_once_a_firm"),
        ]

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

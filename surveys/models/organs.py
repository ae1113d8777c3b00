"""Courts and other organs that are asked: where each is reached, and every letter that went to one."""

from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.enums import FOUNDING_ROLES, Role
from qa_service.accounts.queries import within
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId, Timestamped
from surveys.enums import LetterWay, OrganKind, OrganLanguage, OrganWay

if TYPE_CHECKING:
    from qa_service.accounts.models import User

LONGEST_NAME = 100
# Who asks organs and keys their answers in; who looks on.
ORGAN_STAFF = (Role.FOLLOW_UP, Role.MANAGER)
ORGAN_READERS = (*ORGAN_STAFF, Role.SUPERVISOR)
# Who keeps the address book, and who reads it.
BOOK_KEEPERS = FOUNDING_ROLES
BOOK_READERS = (*BOOK_KEEPERS, Role.FOLLOW_UP, Role.SUPERVISOR)


class OrganQuerySet(models.QuerySet["Organ"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(within(user, "centre__path", *BOOK_READERS))

    def kept_by(self, user: "User") -> Self:
        return self.filter(within(user, "centre__path", *BOOK_KEEPERS))

    def asked(self) -> Self:
        """Those to whom letters and e-mails go."""
        return self.filter(active=True).exclude(way=OrganWay.NOT_ASKED)


class Organ(PublicId, Timestamped):
    """One unit in the address book of one centre. Never a person: a judge is not asked by name."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=14, choices=OrganKind)
    way = models.CharField(max_length=12, choices=OrganWay, default=OrganWay.LETTER_AND_LINK)
    # When the unit agreed to be asked in this way; before it no e-mail goes.
    agreed_on = models.DateField(null=True, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    # In which it is written to.
    language = models.CharField(max_length=10, choices=OrganLanguage, default=OrganLanguage.CHINESE)
    active = models.BooleanField(default=True)

    objects = OrganQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="organ_once_a_centre"),
            models.CheckConstraint(condition=~models.Q(name=""), name="organ_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(way=OrganWay.EMAIL) | (~models.Q(email="") & models.Q(agreed_on__isnull=False)),
                name="organ_by_email_agreed_and_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_asked(self) -> bool:
        return self.active and self.way != OrganWay.NOT_ASKED


class OrganName(models.Model):
    """A name under which cases mean a unit: its own, and how the case system writes it besides."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="names")
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="organ_name_means_one_unit")]

    def __str__(self) -> str:
        return self.name


class LetterBatchQuerySet(models.QuerySet["LetterBatch"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(within(user, "organ__centre__path", *ORGAN_READERS))


class LetterBatch(PublicId):
    """Letters to one unit that are printed together and leave together."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_on__isnull=True, sent_by__isnull=True)
                | models.Q(sent_on__isnull=False, sent_by__isnull=False),
                name="letter_batch_sent_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["organ"], condition=models.Q(sent_on__isnull=True), name="letter_batch_to_send"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class OrganLetter(PublicId):
    """One letter about one case, by e-mail or on paper: the first asks, the later ones remind."""

    conversation = models.ForeignKey("surveys.Conversation", on_delete=models.PROTECT, related_name="letters")
    step = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=6, choices=LetterWay)
    mail = models.ForeignKey("notifications.Mail", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Empty on paper: still to be printed.
    batch = models.ForeignKey(LetterBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    written_at = models.DateTimeField()
    # What became of its e-mail has been seen to.
    followed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "step", "way"], name="organ_letter_once_a_step"),
            models.CheckConstraint(
                condition=models.Q(way=LetterWay.EMAIL, mail__isnull=False, batch__isnull=True)
                | models.Q(way=LetterWay.PAPER, mail__isnull=True),
                name="organ_letter_goes_one_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation"],
                condition=models.Q(way=LetterWay.PAPER, batch__isnull=True),
                name="organ_letter_to_print",
            ),
            models.Index(
                fields=["mail"],
                condition=models.Q(way=LetterWay.EMAIL, followed_at__isnull=True),
                name="organ_letter_to_follow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.step}"


class SignedOpinion(models.Model):
    """Who signed for the unit, and when the sheet came in. For the centre alone: a lawyer reads means."""

    response = models.OneToOneField(
        "surveys.Response", on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    signed_by = EncryptedTextField(blank=True, default="")
    received_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"signature of {self.response_id}"

"""The standard a file is marked by. A published checklist is frozen: services refuse, and so do database triggers."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from qa_service.accounts.queries import within
from qa_service.common.models import PublicId
from reviews.enums import EVERY_STAGE, MANAGING, ChecklistState, Measure, Purpose, VetoEffect

if TYPE_CHECKING:
    from qa_service.accounts.models import User


def in_language(texts: dict[str, str]) -> str:
    """The text of the reader's language, else Chinese, which all that is published has."""
    language = (get_language() or "zh-hans").split("-")[0]
    return texts.get(language) or texts.get("zh", "")


class Titled(models.Model):
    """A heading in both languages: {"zh": …, "en": …}."""

    title = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.title)


class ChecklistQuerySet(models.QuerySet["Checklist"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What is published is no secret; a draft is for those who may write it."""
        return self.filter(~Q(state=ChecklistState.DRAFT) | within(user, "owner__path", *MANAGING))

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """The service's own belong to nobody: one makes one's own from them."""
        return self.filter(within(user, "owner__path", *MANAGING))


class Checklist(PublicId, Titled):
    """One version of one list. `reasons` maps the codes that items offer to their texts; `catalogue` lists the papers
    a complete file holds: [{"code", "title"}]. `case_type` or `stage` empty: for every one.

    A draft is the document in `draft`, as unfinished as it may be; its rows are written when it is published.
    """

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.FILE_REVIEW)
    case_type = models.CharField(max_length=16, blank=True)
    stage = models.CharField(max_length=20, blank=True, default=EVERY_STAGE)
    measure = models.CharField(max_length=10, choices=Measure.choices, default=Measure.POINTS)
    # Null: it came with the service, and serves every centre for which no body above it has one of its own.
    owner = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=ChecklistState.choices, default=ChecklistState.DRAFT)
    reasons = models.JSONField(default=dict)
    catalogue = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    # Counts the changes of a draft: who edits an older one is told.
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    # The day from which it is used, said when it is published; empty for those published before that was asked.
    effective_from = models.DateField(null=True, blank=True)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["purpose", "case_type", "stage"],
                condition=Q(state=ChecklistState.PUBLISHED, owner__isnull=True),
                name="checklist_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["owner", "purpose", "case_type", "stage"],
                condition=Q(state=ChecklistState.PUBLISHED),
                name="checklist_of_owner_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state=ChecklistState.DRAFT), name="checklist_one_draft_a_code"
            ),
            models.CheckConstraint(
                condition=Q(state=ChecklistState.DRAFT) | Q(published_at__isnull=False), name="checklist_published_at"
            ),
        ]


class Section(Titled):
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    note = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="section_once_a_checklist")]


class Item(Titled):
    """`reasons`: codes offered on a deduction. `floors`: reason code → least share of the points it leaves.

    `anchors`: those that may be chosen; none said: all of them.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2)
    evidence = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    floors = models.JSONField(default=dict, blank=True)
    anchors = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "code"], name="item_once_a_checklist"),
            models.CheckConstraint(condition=Q(points__gt=0), name="item_points_positive"),
        ]


class Veto(Titled):
    """An event that decides the grade whatever the points. `transfer`: it also goes to another authority."""

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="vetoes")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    effect = models.CharField(max_length=12, choices=VetoEffect.choices)
    transfer = models.BooleanField(default=False)
    basis = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="veto_once_a_checklist")]


class CatalogueEntry(models.Model):
    """Where a paper of the required catalogue stands in a paper binder, typed by a reader for their own reading."""

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    first_page = models.PositiveIntegerField()
    last_page = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "code"], name="catalogue_paper_once"),
            models.CheckConstraint(
                condition=Q(first_page__gte=1) & Q(last_page__gte=F("first_page")), name="catalogue_pages_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.pages}"

    @property
    def pages(self) -> str:
        return str(self.first_page) if self.first_page == self.last_page else f"{self.first_page}–{self.last_page}"

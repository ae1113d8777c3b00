"""The standard a file is marked by. A published checklist is frozen: services refuse, and so do database triggers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from qa_service.common.models import PublicId
from reviews.enums import ChecklistState, Purpose, VetoEffect


def in_language(texts: dict[str, str]) -> str:
    """The text of the reader's language, else Chinese, which every checklist has."""
    language = (get_language() or "zh-hans").split("-")[0]
    return texts.get(language) or texts["zh"]


class Titled(models.Model):
    """A heading in both languages: {"zh": …, "en": …}."""

    title = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.title)


class Checklist(PublicId, Titled):
    """One version of one list. `reasons` maps the codes that items offer to their texts; `catalogue` lists the papers
    a complete file holds: [{"code", "title"}]. `case_type` empty: for every type of case."""

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.FILE_REVIEW)
    case_type = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=12, choices=ChecklistState.choices, default=ChecklistState.DRAFT)
    reasons = models.JSONField(default=dict)
    catalogue = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["purpose", "case_type"],
                condition=Q(state=ChecklistState.PUBLISHED),
                name="checklist_in_force_once",
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
    """`reasons`: codes offered on a deduction. `floors`: reason code → least share of the points it leaves."""

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2)
    evidence = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    floors = models.JSONField(default=dict, blank=True)

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

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import reached_paths, within
from qa_service.common.errors import Conflict
from qa_service.common.models import PublicId, Timestamped
from qa_service.organisations.models import Organisation
from surveys.enums import Audience, Publication, QuestionKind

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class QuestionnaireFrozen(Conflict):
    code = "questionnaire_frozen"


NOT_WRITTEN: Mapping[str, str] = {}


def in_language(*, chinese: str, english: str, further: Mapping[str, str] = NOT_WRITTEN) -> str:
    """The text in the language of the current reader; what is not written in it is read in Chinese."""
    language = get_language() or "en"
    if language.startswith("en"):
        return english or chinese
    return further.get(language) or chinese or english


# Who may write questionnaires: managers for their centre, supervisors for their bureau and what is below it.
EDITORS = (Role.MANAGER, Role.SUPERVISOR)
READERS = (*EDITORS, Role.FOLLOW_UP)


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: "User") -> Self:
        """The service's own, those of the user's subtrees, and what the bodies above have published."""
        paths = reached_paths(user, *READERS)
        if not paths:
            return self.none()
        above = {
            path[:length] for path in paths for length in range(Organisation.steplen, len(path), Organisation.steplen)
        }
        published = ~models.Q(state=Publication.DRAFT)
        return self.filter(
            within(user, "owner__path", *READERS)
            | published & models.Q(owner__path__in=sorted(above))
            | published & models.Q(owner=None)
        )

    def editable_by(self, user: "User") -> Self:
        """The service's own belong to nobody: one makes one's own from them."""
        return self.filter(within(user, "owner__path", *EDITORS))


class Questionnaire(PublicId, Timestamped):
    """One version of a set of questions. Once published it never changes: a change is the next version.

    A draft is the document in `draft`, as unfinished as it may be; its rows are written when it is published.
    """

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    audience = models.CharField(max_length=10, choices=Audience)
    # Null: it came with the service, and serves every centre that has none of its own.
    owner = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    title_further = models.JSONField(default=dict, blank=True)
    # Beside Chinese and English: those in which nothing is missing, so that they may be offered.
    languages = models.JSONField(default=list, blank=True)
    # Its own texts to telephones: {"invitation.sms_link": {"zh-hans": "…", "en": "…"}}.
    texts = models.JSONField(default=dict, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    # Counts the changes of a draft: who edits an older one is told.
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=Publication, default=Publication.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state=Publication.PUBLISHED),
                name="questionnaire_one_published_per_key",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state=Publication.DRAFT), name="questionnaire_one_draft_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(state=Publication.DRAFT) | models.Q(published_at__isnull=False),
                name="questionnaire_published_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def title(self) -> str:
        return in_language(chinese=self.title_zh, english=self.title_en, further=self.title_further)

    @property
    def frozen(self) -> bool:
        return self.state != Publication.DRAFT


class PartOfQuestionnaire(models.Model):
    """A part refuses to be written once its questionnaire is published."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_when_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.refuse_when_frozen()
        return super().delete(*args, **kwargs)

    def owner(self) -> Questionnaire:
        raise NotImplementedError

    def refuse_when_frozen(self) -> None:
        if self.owner().frozen:
            raise QuestionnaireFrozen(_("A published questionnaire does not change. Make a new version."))


class Question(PartOfQuestionnaire):
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="questions")
    code = models.SlugField(max_length=20)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    hint_zh = models.CharField(max_length=300, blank=True)
    hint_en = models.CharField(max_length=300, blank=True)
    text_further = models.JSONField(default=dict, blank=True)
    hint_further = models.JSONField(default=dict, blank=True)
    # The modes in which it may be asked; empty means all (the money question never goes by text).
    modes = models.JSONField(default=list, blank=True)
    # Conditions joined by "or": [{"question": "q1", "any_of": ["1", "2"]}]; empty means always.
    shown_when = models.JSONField(default=list, blank=True)
    by_text = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once"),
            models.UniqueConstraint(fields=["questionnaire", "position"], name="question_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id}:{self.code}"

    def owner(self) -> Questionnaire:
        return self.questionnaire

    @property
    def text(self) -> str:
        return in_language(chinese=self.text_zh, english=self.text_en, further=self.text_further)

    @property
    def hint(self) -> str:
        return in_language(chinese=self.hint_zh, english=self.hint_en, further=self.hint_further)


class Choice(PartOfQuestionnaire):
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="choices")
    value = models.SlugField(max_length=20)
    position = models.PositiveSmallIntegerField()
    text_zh = models.CharField(max_length=120)
    text_en = models.CharField(max_length=120)
    text_further = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "value"], name="choice_value_once"),
            models.UniqueConstraint(fields=["question", "position"], name="choice_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}:{self.value}"

    def owner(self) -> Questionnaire:
        return self.question.questionnaire

    @property
    def text(self) -> str:
        return in_language(chinese=self.text_zh, english=self.text_en, further=self.text_further)


class Plan(Timestamped):
    """When one wave asks: days counted from the invitation (domain.md 4.6). The default has no centre."""

    wave = models.SlugField(max_length=30, default="closing")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.CLIENT)
    centre = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    questionnaire_key = models.SlugField(max_length=40)
    contact_days = models.JSONField(default=list)
    closes_after_days = models.PositiveSmallIntegerField(default=21)
    late_until_days = models.PositiveSmallIntegerField(default=60)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "audience", "centre"], name="plan_wave_once_per_centre"),
            models.UniqueConstraint(
                fields=["wave", "audience"], condition=models.Q(centre__isnull=True), name="plan_wave_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(late_until_days__gte=models.F("closes_after_days")), name="plan_late_after_closing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.wave}"

"""Writing questionnaires: a draft grows out of a published version or a file, is changed, published or given up."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.drafts import DraftChanged, DraftExists, NotADraft
from qa_service.common.errors import Conflict, InvalidInput, NotFound
from qa_service.organisations.models import Organisation
from surveys.blueprint import Blueprint, Problem, read_document, to_document
from surveys.enums import Publication
from surveys.models import Plan, Questionnaire
from surveys.queries.questionnaires import problems_of
from surveys.services.questionnaires.publishing import put_in_force, write_content, write_heading

Edit = Callable[[Blueprint], Blueprint]
PUBLISHED_MEANWHILE = _("This version was published meanwhile. Make a new version to change it.")


class KeyTaken(Conflict):
    """Questionnaires of this key belong to somebody else, or ask another audience."""

    code = "key_taken"


class NotInForce(Conflict):
    code = "not_in_force"


class StillUsed(Conflict):
    code = "still_used"


class Unsound(InvalidInput):
    """It may not be published; `problems` say why."""

    code = "questionnaire_unsound"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(_("This questionnaire cannot be published yet."))
        self.problems = problems


@transaction.atomic
def begin_draft(*, blueprint: Blueprint, owner: Organisation, actor: Actor, now: datetime) -> Questionnaire:
    """The next version of the blueprint's key, as a draft of the owner's.

    :raises DraftExists: there is one; it is left as it is.
    :raises KeyTaken: the key is another owner's, or asks another audience.
    """
    versions = Questionnaire.objects.filter(key=blueprint.key)
    if versions.exclude(owner=owner, audience=blueprint.audience).exists():
        raise KeyTaken(
            _("A questionnaire with the short name “%(key)s” belongs to somebody else. Choose another one.")
            % {"key": blueprint.key},
            field="key",
        )
    last = versions.aggregate(last=Max("version"))["last"] or 0
    try:
        with transaction.atomic():
            draft = Questionnaire(
                key=blueprint.key,
                version=last + 1,
                audience=blueprint.audience,
                owner=owner,
                draft=to_document(blueprint),
                created_at=now,
                updated_at=now,
            )
            write_heading(draft, blueprint)
            draft.save()
    except IntegrityError:
        raise DraftExists(_("A draft of this questionnaire exists already. Go on with that one.")) from None
    _record(draft, "surveys.questionnaire_drafted", actor=actor, now=now)
    return draft


@transaction.atomic
def change_draft(
    *, questionnaire: Questionnaire, edit: Edit, revision: int, actor: Actor, now: datetime
) -> Questionnaire:
    """Apply one edit to the draft as it was read at `revision`.

    :raises DraftChanged: it has been changed since.
    :raises NotADraft: it was published or given up meanwhile.
    """
    draft = _locked_draft(questionnaire, revision=revision)
    changed = edit(read_document(draft.draft))
    draft.draft = to_document(changed)
    draft.revision += 1
    draft.updated_at = now
    write_heading(draft, changed)
    draft.save()
    _record(draft, "surveys.questionnaire_changed", actor=actor, now=now, revision=draft.revision)
    return draft


@transaction.atomic
def publish_draft(*, questionnaire: Questionnaire, revision: int, actor: Actor, now: datetime) -> Questionnaire:
    """Put the draft in force and freeze it; conversations that began with an older version keep that.

    :raises Unsound: something forbids it; nothing is changed.
    :raises DraftChanged: what was looked at is not what would be published.
    """
    draft = _locked_draft(questionnaire, revision=revision)
    blueprint = read_document(draft.draft)
    found = problems_of(blueprint, owner=draft.owner)
    if found:
        raise Unsound(found)
    write_content(draft, blueprint, now=now)
    draft.save()
    put_in_force([draft], [blueprint], now=now)
    _record(draft, "surveys.questionnaire_published", actor=actor, now=now)
    return draft


@transaction.atomic
def discard_draft(*, questionnaire: Questionnaire, actor: Actor, now: datetime) -> None:
    """A draft asked nobody anything, so nothing is lost with it but work.

    :raises NotADraft: it was published meanwhile.
    """
    draft = _locked(questionnaire)
    if draft.state != Publication.DRAFT:
        raise NotADraft(_("This version is published; it can be retired, not given up."))
    _record(draft, "surveys.questionnaire_discarded", actor=actor, now=now)
    draft.delete()


@transaction.atomic
def retire(*, questionnaire: Questionnaire, actor: Actor, now: datetime) -> Questionnaire:
    """Nobody new is asked by it. Conversations that began with it go on.

    :raises StillUsed: a plan names it: those centres would ask nobody.
    :raises NotInForce: it is not the version in force.
    """
    found = _locked(questionnaire)
    if found.state != Publication.PUBLISHED:
        raise NotInForce(_("Only the version in force can be retired."))
    users = Plan.objects.filter(questionnaire_key=found.key, active=True).select_related("centre")
    if users:
        names = "、".join(str(plan.centre or _("every centre")) for plan in users[:5])
        raise StillUsed(
            _("It is still in use (%(centres)s). Let them ask by another questionnaire first.") % {"centres": names}
        )
    found.state = Publication.RETIRED
    found.updated_at = now
    found.save(update_fields=["state", "updated_at"])
    _record(found, "surveys.questionnaire_retired", actor=actor, now=now)
    return found


@transaction.atomic
def use_at(
    *, questionnaire: Questionnaire, wave: str, centres: Iterable[Organisation], among: Iterable[Organisation],
    actor: Actor, now: datetime,
) -> int:  # fmt: skip
    """Of the centres `among` which the user decides, these ask by it from now on; the others no longer do.

    A centre that no longer does asks by the default again. When and how often is taken from the default plan of the
    wave. Returns how many plans were changed.

    :raises NotInForce: no version of it is published.
    :raises NotFound: no such wave asks this audience.
    """
    if not Questionnaire.objects.filter(key=questionnaire.key, state=Publication.PUBLISHED).exists():
        raise NotInForce(_("Publish it first: nobody can be asked by a draft."))
    default = Plan.objects.filter(centre=None, wave=wave, audience=questionnaire.audience).first()
    if default is None:
        raise NotFound("")
    chosen = {centre.pk for centre in centres}
    changed = sum(
        _begin_use(default, centre, questionnaire.key, now=now)
        if centre.pk in chosen
        else _end_use(default, centre, questionnaire.key, now=now)
        for centre in among
    )
    if changed:
        _record(questionnaire, "surveys.questionnaire_used", actor=actor, now=now, wave=wave, centres=len(chosen))
    return changed


def _begin_use(default: Plan, centre: Organisation, key: str, *, now: datetime) -> int:
    plan, created = Plan.objects.select_for_update().get_or_create(
        wave=default.wave,
        audience=default.audience,
        centre=centre,
        defaults={
            "questionnaire_key": key,
            "contact_days": default.contact_days,
            "closes_after_days": default.closes_after_days,
            "late_until_days": default.late_until_days,
        },
    )
    if created:
        return 1
    return (
        Plan.objects.filter(pk=plan.pk)
        .exclude(questionnaire_key=key, active=True)
        .update(questionnaire_key=key, active=True, updated_at=now)
    )


def _end_use(default: Plan, centre: Organisation, key: str, *, now: datetime) -> int:
    """A plan of its own stays with its days, and asks by the default's questionnaire again."""
    plans = Plan.objects.filter(wave=default.wave, audience=default.audience, centre=centre, questionnaire_key=key)
    return plans.exclude(questionnaire_key=default.questionnaire_key).update(
        questionnaire_key=default.questionnaire_key, updated_at=now
    )


def _locked(questionnaire: Questionnaire) -> Questionnaire:
    found = Questionnaire.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=questionnaire.pk)
    draft = found.first()
    if draft is None:
        raise NotADraft(_("This draft was given up meanwhile."))
    return draft


def _locked_draft(questionnaire: Questionnaire, *, revision: int) -> Questionnaire:
    draft = _locked(questionnaire)
    if draft.state != Publication.DRAFT:
        raise NotADraft(PUBLISHED_MEANWHILE)
    if draft.revision != revision:
        raise DraftChanged(
            _("Somebody has changed this draft since you opened it. What you typed is not saved yet; look, then save.")
        )
    return draft


def _record(questionnaire: Questionnaire, action: str, *, actor: Actor, now: datetime, **details: object) -> None:
    named = {"key": questionnaire.key, "version": questionnaire.version, **details}
    record(actor=actor, action=action, subject=questionnaire, details=named, at=now)

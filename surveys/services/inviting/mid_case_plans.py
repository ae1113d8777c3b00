"""Publishing when and how clients are asked while their case runs, and ending it. Off until a manager publishes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import CentreSettings, Organisation
from surveys.enums import Occasion
from surveys.mid_case import CLOSES_AFTER, DAYS, REMIND_AFTER, MidCaseTerms, TermsWrong, check_terms
from surveys.models import MidCasePlan
from surveys.queries.mid_case import plan_in_force, questionnaires_to_ask_by


class NoOpenCases(Conflict):
    """The centre does not take in cases under way, so nobody could be asked."""

    code = "no_open_cases"


@transaction.atomic
def publish_mid_case_plan(
    *, centre: Organisation, occasion: Occasion, terms: MidCaseTerms, user: User, now: datetime
) -> MidCasePlan:
    """Put these terms in force as the next version. Those that stand already change nothing.

    :raises NoOpenCases: the centre refuses the rows of cases under way.
    :raises InvalidInput: a term is out of its bounds, or the questionnaire is not one that the centre may ask by.
    """
    settings = CentreSettings.objects.select_for_update().get(centre=centre)
    if not settings.takes_open_cases:
        raise NoOpenCases(_("The centre takes in no cases under way. Switch that on in its settings first."))
    _check(centre, occasion, terms)
    current = plan_in_force(centre, occasion)
    if current is not None and current.terms == terms:
        return current
    if current is not None:
        _end(current, now=now)
    versions = MidCasePlan.objects.filter(centre=centre, occasion=occasion)
    newest = versions.order_by("-version").values_list("version", flat=True).first() or 0
    plan = MidCasePlan.objects.create(
        centre=centre,
        occasion=occasion,
        version=newest + 1,
        questionnaire_key=terms.questionnaire_key,
        days=terms.days,
        contact_days=terms.contact_days,
        closes_after_days=terms.closes_after_days,
        late_until_days=terms.late_until_days,
        ways=[way.value for way in terms.ways],
        starts_on=terms.starts_on,
        published_at=now,
        published_by=user,
    )
    details = {"occasion": occasion.value, "version": plan.version}
    record(actor=user.actor, action="surveys.mid_case_plan_published", subject=centre, details=details, at=now)
    return plan


@transaction.atomic
def end_mid_case_plan(*, centre: Organisation, occasion: Occasion, user: User, now: datetime) -> bool:
    """Nobody new is asked; who was asked may still answer. False where none was in force."""
    CentreSettings.objects.select_for_update().get(centre=centre)
    current = plan_in_force(centre, occasion)
    if current is None:
        return False
    _end(current, now=now)
    details = {"occasion": occasion.value, "version": current.version}
    record(actor=user.actor, action="surveys.mid_case_plan_ended", subject=centre, details=details, at=now)
    return True


def _end(plan: MidCasePlan, *, now: datetime) -> None:
    plan.ended_at = now
    plan.save(update_fields=["ended_at"])


def _check(centre: Organisation, occasion: Occasion, terms: MidCaseTerms) -> None:
    try:
        check_terms(occasion, terms)
    except TermsWrong as wrong:
        raise InvalidInput(_sentence(occasion, wrong.field), field=wrong.field) from None
    if not questionnaires_to_ask_by(centre).filter(key=terms.questionnaire_key).exists():
        raise InvalidInput(_("Choose a published questionnaire for clients."), field="questionnaire_key")


def _sentence(occasion: Occasion, field: str) -> str:
    if field == "ways":
        return _("Choose at least one way of asking.")
    if field == "remind_after_days":
        sentence = _("Remind after at most %(last)s days, and before the follow-up closes. 0 sends no reminder.")
        return sentence % {"last": REMIND_AFTER[-1]}
    bounds = DAYS[occasion] if field == "days" else CLOSES_AFTER
    return _("Between %(first)s and %(last)s days.") % {"first": bounds[0], "last": bounds[-1]}

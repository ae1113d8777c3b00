"""Publishing rules: each version stands as it is; a rule proposes by its newest, while that is on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.documents.printable import one_line
from reviews.queries.checklists import published_codes
from scoring.enums import FIRST_RUN, RuleCode
from scoring.models import Rule
from scoring.models.schemes import may_write_schemes
from scoring.rule_terms import default_terms, terms_of
from scoring.services.procedure import require_named

SETUP = Actor.system("setup")
CENTRE = "法律援助中心"
# On at first run (`domain` 4.9); every other rule waits for its legal basis and authority.
LEGAL_BASIS = {
    RuleCode.R1: "《中华人民共和国法律援助法》第十一条",
    RuleCode.S1: "《中华人民共和国法律援助法》第五十七条",
    RuleCode.S2: "《中华人民共和国法律援助法》第五十七条、第五十九条",
}


class RuleChanged(Conflict):
    """Somebody else published a version of the rule since it was read."""

    code = "rule_changed"


class RuleUnsound(InvalidInput):
    """A figure of the rule is missing or out of its bounds, or it would be on without a basis."""

    code = "rule_unsound"


@transaction.atomic
def publish_default_rules(*, now: datetime) -> int:
    """Make the first version of each default rule where there is none; returns how many were made."""
    known = set(Rule.objects.values_list("code", flat=True))
    missing = [code for code in FIRST_RUN if code not in known]
    for code in missing:
        rule = Rule.objects.create(
            code=code,
            thresholds=default_terms(code),
            legal_basis=LEGAL_BASIS[code],
            authority=CENTRE,
            published_at=now,
        )
        details = {"code": rule.code, "version": rule.version}
        record(actor=SETUP, action="scoring.rule_published", subject=rule, details=details, at=now)
    return len(missing)


@transaction.atomic
def publish_rule(
    *,
    code: RuleCode,
    read_version: int,
    enabled: bool,
    thresholds: Mapping[str, Any],
    legal_basis: str,
    authority: str,
    user: User,
    now: datetime,
) -> Rule:
    """Put the next version of a rule in force: switched on or off, with its figures, its basis and its authority.

    :param read_version: the version that the person looked at; 0 where there was none.
    :raises NotPermitted: the person does not reach every centre; one set of rules serves all.
    :raises RuleChanged: there is another version by now.
    :raises RuleUnsound: see there.
    """
    if not may_write_schemes(user):
        raise NotPermitted(_("Rules are written by managers and supervisors whose role reaches every centre."))
    terms, basis, by_whom = _terms(code, thresholds), one_line(legal_basis), one_line(authority)
    if enabled:
        _require_known(terms)
        missing = _("A rule is on only with a legal basis. Enter it, or switch the rule off.")
        basis = _named(basis, missing, field="legal_basis")
        missing = _("A rule is on only with a competent authority. Enter it, or switch the rule off.")
        by_whom = _named(by_whom, missing, field="authority")
    newest = Rule.objects.filter(code=code).order_by("-version").first()
    if (newest.version if newest else 0) != read_version:
        raise _changed()
    try:
        with transaction.atomic():
            rule = Rule.objects.create(
                code=code,
                version=read_version + 1,
                enabled=enabled,
                thresholds=terms,
                legal_basis=basis,
                authority=by_whom,
                published_at=now,
                published_by=user,
            )
    except IntegrityError as twice:  # another person published at this moment
        raise _changed() from twice
    details = {"code": rule.code, "version": rule.version, "enabled": rule.enabled}
    record(actor=user.actor, action="scoring.rule_published", subject=rule, details=details, at=now)
    return rule


def _require_known(terms: Mapping[str, Any]) -> None:
    """A code that no list holds never matches: what it was to trigger would be off without a word."""
    for name, known in zip(("core_items", "vetoes"), published_codes(), strict=True):
        unknown = [code for code in terms.get(name, ()) if known and code not in known]
        if unknown:
            told = {"codes": ", ".join(unknown)}
            raise RuleUnsound(_("No published checklist has an item of this code: %(codes)s.") % told, field=name)


def _named(words: str, missing: str, *, field: str) -> str:
    """Every decision of the rule prints it, and what was proposed keeps its version: no slip could be put right."""
    try:
        return require_named(words, missing, field=field)
    except InvalidInput as unfit:
        raise RuleUnsound(unfit.message, field=field) from unfit


def _changed() -> RuleChanged:
    return RuleChanged(_("Somebody else has published a version of this rule since. Look at it and decide again."))


def _terms(code: RuleCode, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return terms_of(code, given)
    except KeyError as missing:
        name = str(missing.args[0])
        raise RuleUnsound(_("This figure is missing, or the rule has none of this name."), field=name) from missing
    except ValueError as wrong:
        raise RuleUnsound(_("This figure cannot be used for the rule."), field=str(wrong)) from wrong

"""The rules: which propose, on what basis and by which figures; and publishing the next version of one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.drafts import revision_in
from qa_service.common.errors import NotFound
from scoring.enums import RuleCode
from scoring.forms.rules import RuleForm, terms_told
from scoring.models import DECIDING_ROLES
from scoring.models.schemes import WRITERS, may_write_schemes
from scoring.queries.rules import RuleShown, rule_shown, rules_shown
from scoring.services.rules import RuleChanged, RuleUnsound, publish_rule


@roles_required(*DECIDING_ROLES)
@require_safe
def rules(request: SignedInRequest) -> HttpResponse:
    """Every rule, with all its versions."""
    rows = [(rule, terms_told(rule.code, rule.terms)) for rule in rules_shown()]
    context = {"rules": rows, "may_write": may_write_schemes(request.user)}
    return render(request, "scoring/rules.html", context)


@roles_required(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: SignedInRequest, code: str) -> HttpResponse:
    """The next version of one rule. Who cannot reach every centre is not told that it could be written."""
    if code not in RuleCode.values:
        raise Http404
    if not may_write_schemes(request.user):
        raise NotFound(_("Rules are written by managers and supervisors whose role reaches every centre."))
    found = rule_shown(RuleCode(code))
    form = RuleForm(request.POST or None, rule=found)
    status = HTTPStatus.OK
    if request.method == "POST":
        published, status = _published(request, found, form)
        if published:
            return redirect("scoring:rules")
        found = rule_shown(found.code)
    return render(request, "scoring/rule.html", {"rule": found, "form": form}, status=status)


def _published(request: SignedInRequest, found: RuleShown, form: RuleForm) -> tuple[bool, HTTPStatus]:
    if not form.is_valid():
        return False, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        made = publish_rule(
            code=found.code,
            read_version=revision_in(request),
            enabled=form.cleaned_data["enabled"],
            thresholds=form.terms,
            legal_basis=form.cleaned_data["legal_basis"],
            authority=form.cleaned_data["authority"],
            user=request.user,
            now=timezone.now(),
        )
    except RuleUnsound as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.message))
        return False, HTTPStatus.UNPROCESSABLE_ENTITY
    except RuleChanged as changed:
        form.add_error(None, str(changed.message))
        return False, HTTPStatus.CONFLICT
    told = _("%(rule)s is on, version %(version)s.") if made.enabled else _("%(rule)s is off, version %(version)s.")
    messages.success(request, told % {"rule": made.get_code_display(), "version": made.version})
    return True, HTTPStatus.OK

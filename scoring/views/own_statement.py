"""The statement of a lawyer's own results, on paper."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.period_names import name_of, period_named
from scoring.documents import own_results_pdf
from scoring.queries.own_statement import own_statement


@require_safe
@never_cache
@roles_required(Role.LAWYER)
def statement_pdf(request: HttpRequest) -> HttpResponse:
    """Of the cases closed in the period named in the address; without one, in this year.

    :raises PeriodUnknown: said on a page of its own, with its status.
    """
    user, now = cast("User", request.user), timezone.now()
    period = period_named(request.GET.get("period") or str(localdate(now).year))
    content = own_statement(user, period, now=now)
    name = file_name(_("Statement of results of case-quality inspection"), name_of(period), extension="pdf")
    shown = disposition(name, plain=f"own-results-{name_of(period)}.pdf", inline=True)
    return HttpResponse(
        own_results_pdf(content), content_type="application/pdf", headers={"Content-Disposition": shown}
    )

"""The monitors of honesty, for whoever supervises centres."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.period_names import name_of, period_named
from scoring.forms.standings import periods_offered
from scoring.queries.foresight import period_before
from scoring.queries.honesty import honesty, just_before, titles, told


@never_cache
@roles_required(Role.SUPERVISOR)
@require_safe
def monitors(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    last = period_before(today)
    period = period_named(request.GET.get("period") or name_of(last))
    chosen = name_of(period)
    found = honesty(user=request.user, period=period, before=just_before(period))
    context = {
        "found": found,
        "groups": [(monitor, title, [told(each) for each in found.of(monitor)]) for monitor, title in titles().items()],
        "periods": periods_offered(today, chosen),
        "chosen": chosen,
    }
    return render(request, "scoring/honesty.html", context)

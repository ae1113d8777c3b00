"""A manager's page of a draw over several centres, and giving out what came of it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.accounts.queries import organisations_reached
from qa_service.common.errors import DomainError
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.enums import MANAGING, Rule
from reviews.forms import usual_draw
from reviews.forms.samples import DrawTogetherForm
from reviews.models import Sample
from reviews.queries.drawn_together import CentrePlan, previewed_together, samples_drawn_with
from reviews.queries.reviewers import reviewers_by_centre
from reviews.services.drawing_together import FEWEST, assign_samples
from reviews.services.drawing_together import draw_together as draw_all
from reviews.services.samples import require_preview
from reviews.views.managing import still_lacking

DIGEST = "digest-"


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def draw_together(request: SignedInRequest) -> HttpResponse:
    """GET shows how many files each centre would give; POST draws exactly those, and the files at risk."""
    centres = organisations_reached(request.user, *MANAGING).filter(kind=OrganisationKind.CENTRE).order_by("path")
    if request.method == "POST":
        return _confirm(request, DrawTogetherForm(request.POST, centres=centres))
    if "seed" not in request.GET:
        return _page(request, _usual(centres), [])
    form = DrawTogetherForm(request.GET, centres=centres)
    plans = previewed_together(**form.parameters(), user=request.user, now=timezone.now()) if form.is_valid() else []
    if form.is_valid() and len(plans) < FEWEST:
        form.add_error("centres", _("Choose at least two centres."))
        plans = []
    return _page(request, form, plans)


def _usual(centres: QuerySet[Organisation]) -> DrawTogetherForm:
    """All centres, and no rule of risk: at a small one it would tell which client said something."""
    rows = list(centres)
    today = today_at(rows[0], timezone.now()) if rows else timezone.localdate()
    rules = [rule for rule in Rule.values if rule != Rule.RISK]
    readers = {person.pk for found in reviewers_by_centre(rows).values() for person in found}
    usual = usual_draw(None, today, reviewers=len(readers)) | {"rules": rules, "centres": rows}
    return DrawTogetherForm(initial=usual, centres=centres)


def _page(
    request: SignedInRequest, form: DrawTogetherForm, plans: list[CentrePlan], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "plans": plans,
        "drawn": sum(len(each.plan.draws) for each in plans if each.plan),
        "nobodys": sum(each.nobodys for each in plans),
        "frame": sum(each.plan.frame_size for each in plans if each.plan),
        "drawable": bool(plans) and all(each.plan for each in plans),
        "by_risk": bool(plans) and Rule.RISK in form.cleaned_data["rules"],
        "own_left_out": any(each.own_left_out for each in plans),
        "enough": organisations_reached(request.user, *MANAGING).filter(kind=OrganisationKind.CENTRE).count() >= FEWEST,
    }
    return render(request, "reviews/draw_together.html", context, status=status)


def _confirm(request: SignedInRequest, form: DrawTogetherForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, [], status=HTTPStatus.UNPROCESSABLE_ENTITY)
    digests = {key.removeprefix(DIGEST): value for key, value in request.POST.items() if key.startswith(DIGEST)}
    chosen = form.parameters()
    try:
        for centre in chosen["centres"]:
            require_preview(str(digests.get(centre.code, "")))
        drawn = draw_all(
            **chosen,
            frame_digests={code: str(value) for code, value in digests.items()},
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, form, [], status=error.status)
    for centre in drawn.empty:
        messages.warning(request, _("Nothing is drawn of the cases of %(centre)s.") % {"centre": centre})
    count = len(drawn.samples)
    messages.success(
        request,
        ngettext("A sample of %(n)s centre was drawn.", "Samples of %(n)s centres were drawn.", count) % {"n": count},
    )
    return redirect("reviews:sample", drawn.samples[0].public_id)


@require_POST
@roles_required(*MANAGING)
def assign_together(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    found = get_object_or_404(Sample.objects.visible_to(request.user), public_id=sample_id)
    together = samples_drawn_with(found, request.user)
    given = assign_samples(samples=list(together), user=request.user, now=timezone.now())
    count = len({row.case_id for row in given.assigned})
    messages.success(
        request, ngettext("%(n)s file was given out.", "%(n)s files were given out.", count) % {"n": count}
    )
    for text in still_lacking(given):
        messages.warning(request, text)
    return redirect("reviews:sample", sample_id)

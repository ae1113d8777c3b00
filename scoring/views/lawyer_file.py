"""律师质量档案 on a page and as files, for those who oversee a lawyer's cases and for the lawyer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from scoring.enums import ReportForm
from scoring.models import DECIDING_ROLES
from scoring.queries.lawyer_file import file_to_read, lawyer_file
from scoring.queries.report_choice import PAPER
from scoring.views.report import download, drawn

READERS = (*DECIDING_ROLES, Role.LAWYER)


@never_cache
@require_safe
@roles_required(*READERS)
def page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    reading = file_to_read(request.user, public_id)
    content = lawyer_file(reading, language=get_language() or PAPER, now=timezone.now())
    context = {"reading": reading, "content": content, "tables": drawn(content)}
    return render(request, "scoring/lawyer_file.html", context)


@never_cache
@require_safe
@roles_required(*READERS)
def as_pdf(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return lawyer_file_as(request.user, public_id, ReportForm.PDF)


@never_cache
@require_safe
@roles_required(*READERS)
def as_xlsx(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return lawyer_file_as(request.user, public_id, ReportForm.XLSX)


@never_cache
@require_safe
@roles_required(*READERS)
def as_csv(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return lawyer_file_as(request.user, public_id, ReportForm.CSV)


def lawyer_file_as(user: User, public_id: UUID, form: ReportForm) -> HttpResponse:
    """:raises NotFound: for whoever may not read it."""
    reading = file_to_read(user, public_id)
    language = PAPER if form == ReportForm.PDF else get_language() or PAPER
    with override(language):
        content = lawyer_file(reading, language=language, now=timezone.now())
        return download(content, form, _("Quality file of a lawyer"), plain="quality-file")

"""Reading the record."""

from django.db.models import Model, QuerySet

from qa_service.audit.models import Entry


def history(subject: Model) -> QuerySet[Entry]:
    """Everything done to one thing, newest first, with what was typed as the reason."""
    entries = Entry.objects.filter(subject_type=subject._meta.label, subject_id=str(subject.pk))
    return entries.select_related("remark").order_by("-at", "-pk")

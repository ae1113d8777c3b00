"""Reading the record."""

from django.db.models import Model, QuerySet

from qa_service.audit.models import Entry


def history(subject: Model) -> QuerySet[Entry]:
    """Everything done to one thing, newest first."""
    return Entry.objects.filter(subject_type=subject._meta.label, subject_id=str(subject.pk)).order_by("-at", "-pk")

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.notifications.models import Notification


def unread_notifications(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at=None).order_by("-created_at")

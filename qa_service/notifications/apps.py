from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "qa_service.notifications"
    label = "notifications"

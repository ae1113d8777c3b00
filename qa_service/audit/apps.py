from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "qa_service.audit"
    label = "audit"

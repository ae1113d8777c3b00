from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "qa_service.privacy"
    label = "privacy"

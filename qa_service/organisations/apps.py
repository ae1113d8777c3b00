from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "qa_service.organisations"
    label = "organisations"

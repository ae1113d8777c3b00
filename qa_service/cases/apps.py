from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "qa_service.cases"
    label = "cases"

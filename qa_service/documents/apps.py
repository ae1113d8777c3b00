from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "qa_service.documents"
    label = "documents"

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "qa_service.files"
    label = "files"

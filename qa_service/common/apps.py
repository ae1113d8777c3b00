from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "qa_service.common"
    label = "common"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qa_service.accounts"
    label = "accounts"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cpc.accounts"
    label = "accounts"

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "cpc.exports"
    label = "exports"

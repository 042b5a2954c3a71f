from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cpc.api"
    label = "api"

    def ready(self):
        from . import schema  # noqa: F401 registers the schemes with drf-spectacular

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """An app only so that Django finds the template tags."""

    name = "cpc.core"
    label = "core"

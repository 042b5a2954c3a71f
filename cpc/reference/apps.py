from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "cpc.reference"
    label = "reference"

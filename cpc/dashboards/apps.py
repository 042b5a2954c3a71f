from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "cpc.dashboards"
    label = "dashboards"

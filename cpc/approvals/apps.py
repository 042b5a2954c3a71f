from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cpc.approvals"
    label = "approvals"

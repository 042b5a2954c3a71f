from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cpc.approvals"
    label = "approvals"

    def ready(self):
        from partners.permissions import BESIDES

        from .waiting import n_to_decide

        BESIDES["n_to_decide"] = n_to_decide()

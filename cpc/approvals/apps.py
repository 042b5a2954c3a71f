from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cpc.approvals"
    label = "approvals"

    def ready(self):
        from partners.occasions import SOURCES
        from partners.permissions import BESIDES

        from .occasions import occasions
        from .waiting import n_to_decide

        BESIDES["n_to_decide"] = n_to_decide()
        SOURCES.append(occasions)

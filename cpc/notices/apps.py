from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "cpc.notices"
    label = "notices"

    def ready(self):
        from partners.occasions import SOURCES
        from partners.permissions import BESIDES

        from .events import events
        from .reminders import reminders
        from .unread import n_unread

        BESIDES["n_unread"] = n_unread()
        SOURCES.extend([reminders, events])

"""All addresses. Each slice names its own below the address of its partnership."""

from django.urls import include, path

from activities.deadlines.above import Above
from activities.dialogues.feed import dialogue_entries
from activities.reporting.feed import returned_entries
from activities.reporting.reviewing import reviews_waiting
from activities.tasks import recompute
from activities.what_is_due import things_of_deadlines
from cpc.core.health import healthz, readyz

# What the pages of deadlines are handed in from the floors above them.
ABOVE = {"above": Above(things_of_deadlines, reviews_waiting, recompute)}
IN_CALENDARS = {"find_reports": things_of_deadlines, "more": (returned_entries, dialogue_entries)}
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("cpc.accounts.urls")),
    path("accounts/", include("cpc.accounts.login_urls")),
    path("", include("activities.deadlines.feed_urls"), IN_CALENDARS),
    path("api/v1/", include("cpc.api.urls")),
    path("p/<slug:partnership>/activities/", include("activities.regional.urls")),
    path("p/<slug:partnership>/reports/", include("activities.reporting.urls")),
    path("p/<slug:partnership>/deadlines/", include("activities.deadlines.urls"), ABOVE),
    path("p/<slug:partnership>/dialogues/", include("activities.dialogues.urls")),
    path("p/<slug:partnership>/funding/", include("cpc.dashboards.funding_urls")),
    path("", include("funding.pledges.rate_urls")),
    path("p/<slug:partnership>/pledges/", include("funding.pledges.urls")),
    path("p/<slug:partnership>/", include("partners.urls")),
    path("", include("cpc.approvals.urls")),
    path("", include("cpc.notices.urls")),
    path("", include("cpc.exports.urls")),
    path("", include("cpc.dashboards.urls")),
]
handler400 = "cpc.core.errors.bad_request"
handler403 = "cpc.core.errors.permission_denied"
handler404 = "cpc.core.errors.page_not_found"
handler500 = "cpc.core.errors.server_error"

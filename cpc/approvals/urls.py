from django.urls import path

from . import proposing, views, what_if_page

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("p/<slug:partnership>/what-if/", what_if_page.what_if, name="what-if"),
    path("p/<slug:partnership>/proposals/new/", proposing.proposal_new, name="new"),
    path("p/<slug:partnership>/proposals/<slug:key>/", views.proposal_detail, name="detail"),
    path("p/<slug:partnership>/proposals/of/<slug:key>/", views.proposal_of_row, name="of-row"),
]

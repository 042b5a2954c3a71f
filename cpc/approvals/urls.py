from django.urls import path

from . import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("p/<slug:partnership>/proposals/new/", views.proposal_new, name="new"),
    path("p/<slug:partnership>/proposals/<slug:key>/", views.proposal_detail, name="detail"),
]

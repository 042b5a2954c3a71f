from django.urls import path

from . import entry_views, views

app_name = "pledges"
urlpatterns = [
    path("", views.pledge_list, name="list"),
    path("contributions/new/", entry_views.contribution_new, name="contribution-new"),
    path("contributions/<slug:key>/", views.contribution_detail, name="contribution"),
    path("contributions/<slug:key>/replace/", entry_views.contribution_replace, name="contribution-replace"),
    path("contributions/<slug:key>/void/", entry_views.contribution_void, name="contribution-void"),
    path("contributions/<slug:key>/confirm/", entry_views.contribution_confirm, name="contribution-confirm"),
    path("contributions/<slug:key>/dispute/", entry_views.contribution_dispute, name="contribution-dispute"),
]

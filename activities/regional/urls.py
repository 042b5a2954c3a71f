from django.urls import path

from . import entry_views, views

app_name = "activities"
urlpatterns = [
    path("", views.activity_list, name="list"),
    path("new/", entry_views.activity_new, name="new"),
    path("<slug:key>/", views.activity_detail, name="detail"),
    path("<slug:key>/edit/", entry_views.activity_edit, name="edit"),
    path("<slug:key>/void/", views.activity_void, name="void"),
]

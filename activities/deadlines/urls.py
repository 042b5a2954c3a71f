from django.urls import path

from . import changes_views, views

app_name = "deadlines"
urlpatterns = [
    path("", views.deadline_list, name="list"),
    path("<slug:key>/", changes_views.deadline_detail, name="detail"),
    path("<slug:key>/later/", changes_views.deadline_ask, name="ask"),
    path("<slug:key>/answer/", changes_views.deadline_answer, name="answer"),
]

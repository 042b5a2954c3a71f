from django.urls import path

from . import views

app_name = "dialogues"
urlpatterns = [
    path("", views.dialogue_list, name="list"),
    path("<slug:key>/", views.dialogue_detail, name="detail"),
]

from django.urls import path

from . import views

app_name = "partners"
urlpatterns = [
    path("partners/", views.member_list, name="list"),
]

from django.urls import include, path

from . import views

app_name = "partners"
urlpatterns = [
    path("partners/", views.member_list, name="list"),
    path("people/", include("partners.people.urls")),
]

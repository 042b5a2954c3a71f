from django.urls import include, path

from . import views

app_name = "partners"
urlpatterns = [
    path("partners/", views.member_list, name="list"),
    path("documents/", include("partners.documents.urls")),
    path("people/", include("partners.people.urls")),
]

from django.urls import path

from . import rate_views

app_name = "rates"
urlpatterns = [
    path("rates/", rate_views.rate_list, name="list"),
    path("rates/load/", rate_views.rate_load, name="load"),
    path("p/<slug:partnership>/pledges/rates/", rate_views.rate_bases, name="bases"),
]

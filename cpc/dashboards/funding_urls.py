"""The page of all sums of U.S. money. It reads awards and reports, so that it stands on the roof; its name stays as it was."""

from django.urls import path

from . import funding

app_name = "funding"
urlpatterns = [
    path("", funding.funding_list, name="list"),
]

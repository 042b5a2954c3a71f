from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [path("funding/check/", views.check_page, name="check")]

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/read/", views.notice_read_all, name="read-all"),
    path("notices/<int:pk>/read/", views.notice_read, name="read"),
    path("notices/unsent/", views.unsent_list, name="unsent"),
    path("notices/unsent/<int:pk>/again/", views.unsent_try_again, name="try-again"),
    path("p/<slug:partnership>/reminders/", views.ladder_edit, name="ladder"),
]

from django.urls import path

from . import feed_views

app_name = "calendar"
urlpatterns = [
    path("accounts/calendar/", feed_views.calendar_page, name="page"),
    path("calendar/<str:token>.ics", feed_views.calendar_feed, name="feed"),
]

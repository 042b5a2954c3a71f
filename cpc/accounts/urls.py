from django.urls import path

from . import invitation_views, token_views, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("sessions/", views.session_list, name="sessions"),
    path("tokens/", token_views.token_list, name="tokens"),
    path("tokens/revoke/", token_views.token_revoke, name="token-revoke"),
    path("invitation/<str:text>/", invitation_views.invitation_accept, name="invitation"),
]

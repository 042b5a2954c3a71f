from django.urls import path

from . import token_views, views

urlpatterns = [
    path("", views.people_list, name="people"),
    path("invite/", views.people_invite, name="people-invite"),
    path("<int:pk>/change/", views.people_change, name="people-change"),
    path("<int:pk>/end/", views.people_end, name="people-end"),
    path("<int:pk>/invite-again/", views.people_invite_again, name="people-invite-again"),
    path("tokens/", token_views.tokens_list, name="people-tokens"),
    path("tokens/revoke/", token_views.tokens_revoke, name="people-token-revoke"),
]

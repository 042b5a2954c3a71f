from django.urls import path

from . import account_views, token_views, views

urlpatterns = [
    path("", views.people_list, name="people"),
    path("invite/", views.people_invite, name="people-invite"),
    path("<int:pk>/change/", views.people_change, name="people-change"),
    path("<int:pk>/end/", views.people_end, name="people-end"),
    path("<int:pk>/invite-again/", views.people_invite_again, name="people-invite-again"),
    path("<int:pk>/account/", account_views.account_detail, name="people-account"),
    path("<int:pk>/account/switch-off/", account_views.account_switch_off, name="people-account-off"),
    path("<int:pk>/account/switch-on/", account_views.account_switch_on, name="people-account-on"),
    path("<int:pk>/account/email/", account_views.account_email, name="people-account-email"),
    path("<int:pk>/account/second-factor/", account_views.account_second_factor, name="people-account-second-factor"),
    path("tokens/", token_views.tokens_list, name="people-tokens"),
    path("tokens/revoke/", token_views.tokens_revoke, name="people-token-revoke"),
]

"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Nobody signs up: an account comes by invitation of an administrator or a program officer."""

    def is_open_for_signup(self, request):
        return False

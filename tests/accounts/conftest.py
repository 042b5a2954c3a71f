"""People who can sign in."""

import re

import pytest
from django.test import Client

from cpc.accounts.models import User

PASSWORD = "a-password-that-is-long-enough"


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana")


@pytest.fixture
def sign_in(client):
    """`sign_in(email, password, ip="10.0.0.1")` posts the log-in form."""

    def post(email="ana@example.org", password=PASSWORD, ip="10.0.0.1"):
        return client.post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=ip)

    return post


@pytest.fixture
def client_two():
    """A second browser."""
    return Client()


def link_in(message) -> str:
    """The path of the one address in a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]

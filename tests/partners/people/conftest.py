import pytest
from django.test import Client


@pytest.fixture
def client_two():
    """A second browser."""
    return Client()

"""The demonstration with its sample, loaded once for all that is asked of it."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from partners.models import Partnership

TODAY = date(2020, 2, 10)
SETTINGS = {
    "ALIANZA_DEMO": True,
    "ALIANZA_TODAY": TODAY,
    "ALIANZA_DEMO_PASSWORD": "for-the-tests-alone",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker):
    """Peru, as the demonstration loads it; taken back after the tests of this folder."""
    with django_db_blocker.unblock(), override_settings(**SETTINGS), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO())
        yield Partnership.objects.get(key="peru-2017")
        transaction.set_rollback(True)

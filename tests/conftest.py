"""One person of each role, a stranger, and the day on which tests play."""

import os
from datetime import date

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from partners.roles import Role

from . import factories as make
from .browser import FLAGS, chromium

TODAY = date(2020, 2, 10)

# No time limit for one example, since tests share their machine; `--hypothesis-profile=deep` for the long suites.
hypothesis_settings.register_profile("quick", deadline=None, print_blob=True)
hypothesis_settings.register_profile("deep", parent=hypothesis_settings.get_profile("quick"), max_examples=10_000)
hypothesis_settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)  # before the processes of a parallel run read the groups
def pytest_collection_modifyitems(items):
    """What is built once for a file or a folder of tests is built in one process: its tests stay together. Those of the browser
    have a group of their own."""
    for item in items:
        if "browser" in item.fixturenames or item.get_closest_marker("xdist_group"):
            continue
        shared = [found[-1].baseid for found in item._fixtureinfo.name2fixturedefs.values() if is_shared(found[-1])]
        if shared:
            item.add_marker(pytest.mark.xdist_group(min(shared, key=len)))


def is_shared(fixture) -> bool:
    return fixture.scope in ("module", "package") and fixture.baseid.startswith("tests/")


@pytest.fixture(scope="session")
def kept_files(tmp_path_factory):
    """Where files go that tests upload: never among those of a demonstration on the same machine."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def demonstration_day(settings, kept_files):
    """Tests play on 10 February 2020, as the demonstration does; a test that needs another day sets it."""
    settings.ALIANZA_TODAY = TODAY
    settings.MEDIA_ROOT = kept_files
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # else every new client looks at every static file there is
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    translation.activate("en")  # a page in Spanish leaves its language to the thread


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests that drive it; they run in one process, since Playwright's loop is one to a process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def partnership(db):
    return make.make_partnership("test-2017")


@pytest.fixture
def person(partnership):
    """`person("program_officer")`: somebody with that role in the partnership."""

    def build(role, **fields):
        return make.make_user(role, partnership, **fields)

    return build


@pytest.fixture
def officer(person):
    return person(Role.PROGRAM_OFFICER)


@pytest.fixture
def viewer(person):
    return person(Role.EMBASSY_VIEWER)


@pytest.fixture
def stranger(db):
    """Somebody with the widest role, in another partnership."""
    return make.make_user(Role.PROGRAM_OFFICER, make.make_partnership(regions=("XB-ONE",)))


@pytest.fixture
def login(client):
    """`login(user)` gives a client logged in as `user`."""

    def enter(user):
        client.force_login(user)
        return client

    return enter

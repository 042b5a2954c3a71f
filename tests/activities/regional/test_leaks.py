"""A canary search: counts of children that stand nowhere else are planted, and every route is asked for them by people outside
the circle of exact counts. Source: disclosure control, test 5."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from activities.regional.services import edit_activity
from activities.reporting.models import Cell
from partners.roles import Role
from tests import factories as make
from tests.access import OTHER_PARTNER
from tests.access.accounts import ROUTES as OF_THE_OWN_ACCOUNT
from tests.access.world import build_world
from tests.test_access import TABLE

GIRLS, BOYS, WOMEN = 791_903, 104_729, 12
REPORTED_GIRLS, REPORTED_BOYS = 604_311, 402_137
BEFORE_THE_EDIT = 791_901
# The figures themselves, what they were before, and every sum that gives one of them away.
SECRETS = [
    GIRLS, BOYS, BEFORE_THE_EDIT, GIRLS + BOYS, GIRLS + WOMEN, GIRLS + BOYS + WOMEN, BEFORE_THE_EDIT + BOYS,
    REPORTED_GIRLS, REPORTED_BOYS, REPORTED_GIRLS + REPORTED_BOYS,
]  # fmt: skip
NOTE = "Beside the hall of Quillabamba"
OUTSIDE = [Role.EMBASSY_VIEWER, Role.HOST_DELEGATE, Role.API_CLIENT, Role.ADMINISTRATOR, OTHER_PARTNER]


@pytest.fixture
def world(db, today):
    w = build_world()
    plant_in_activity(w, today)
    plant_in_report(w)
    return w


def plant_in_activity(world, today):
    """An activity whose counts of children were mended once, so that the history holds them too."""
    row, officer = world.activity, world.actors["program_officer"]
    names = ("kind", "state", "starts_on", "ends_on", "region_id", "objective_id", "organization_id", "award_id", "title")
    fields = {name: getattr(row, name) for name in names} | {"notes": NOTE}
    for version, girls in enumerate((BEFORE_THE_EDIT, GIRLS), start=1):
        counts = {
            ("children", "female", "child"): girls,
            ("community", "male", "child"): BOYS,
            ("officials", "female", "adult"): WOMEN,
        }
        edit_activity(row.pk, actor=officer, today=today, version=version, counts=counts, **fields)


def plant_in_report(world):
    indicator = make.make_indicator(world.partnership, key="children", objective=2, protected=True)
    region = make.make_region("XA-ONE")
    for sex, n in (("female", REPORTED_GIRLS), ("male", REPORTED_BOYS)):
        Cell.objects.create(
            version=world.report.versions.get(),
            indicator=indicator,
            organization=world.partner,
            region=region,
            category=sex,
            value=n,
        )


def read(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace")


def found_in(text: str) -> list:
    """The secrets in `text`, whatever stands between their thousands."""
    plain = re.sub(r"(?<=\d)[,.' \u00a0\u202f](?=\d{3})", "", text)
    return [secret for secret in SECRETS if str(secret) in plain] + ([NOTE] if NOTE in text else [])


def enter(person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def addresses(world, method):
    for name, route in sorted(TABLE.items()):
        if getattr(route, method) is not None and name not in OF_THE_OWN_ACCOUNT:
            yield name, reverse(name, kwargs=route.kwargs(world)) + route.query


@pytest.mark.parametrize("actor", OUTSIDE)
def test_no_route_gives_an_exact_count_of_children_to_those_outside_the_circle(world, actor):
    client, n_read, n_files = enter(world.actors[actor]), 0, 0
    for name, address in addresses(world, "get"):
        answer = client.get(address)
        text = read(answer)
        assert not found_in(text), f"{name} as {actor}"
        n_read += answer.status_code == 200
        if "format=csv" in text or name.startswith("api:") and name.endswith("-list"):
            file = client.get(address, {"format": "csv"})
            assert not found_in(read(file)), f"{name} as {actor}, as a file"
            n_files += file.status_code == 200 and file["Content-Type"].startswith("text/csv")
    assert n_read > 15, "the search must reach pages"
    assert n_files > 3, "and files"


@pytest.mark.parametrize("actor", [Role.EMBASSY_VIEWER, OTHER_PARTNER])
def test_no_refusal_or_error_gives_an_exact_count_away(world, actor):
    client = enter(world.actors[actor])
    for name, address in addresses(world, "post"):
        answer = client.post(address, {"version": "1"})
        assert answer.status_code < 500
        assert not found_in(read(answer)), f"{name} as {actor}"


def test_the_search_finds_what_is_shown(world):
    """The search itself: it sees the secrets where the circle of exact counts sees them."""
    client = enter(world.actors["program_officer"])
    place = reverse("activities:detail", args=["test-2017", "test-activity"])
    assert set(found_in(read(client.get(place)))) >= {GIRLS, BOYS, BEFORE_THE_EDIT, GIRLS + WOMEN, NOTE}
    contents = reverse("reports:contents", args=["test-2017", world.report.key, 1])
    assert set(found_in(read(client.get(contents)))) >= {REPORTED_GIRLS, REPORTED_BOYS}


@pytest.mark.parametrize("asked", ["q=791903", "q=Quillabamba", "q=hall", "from=2020-01-10&to=2020-01-20"])
def test_no_question_to_the_list_leads_to_a_count_or_a_note(world, asked):
    for address in (reverse("activities:list", args=["test-2017"]), reverse("api:activity-list")):
        shown = read(enter(world.actors["embassy_viewer"]).get(f"{address}?{asked}")).replace(asked, "")
        assert ("test-activity" in shown) == asked.startswith("from")
        assert not [secret for secret in found_in(shown) if str(secret) not in asked]


def test_a_duplicate_of_anothers_activity_comes_without_its_note_and_counts(world):
    """A prime reads what its sub-recipient did under its award, and may start from it."""
    theirs = make.make_activity(
        world.partnership, key="theirs", organization=world.sub, award=world.award, title="Visit to Echarate", notes=NOTE
    )
    theirs.counts.create(group="children", sex="female", age_band="child", n=GIRLS)
    for actor, whole in (("partner_preparer", False), ("program_officer", True)):
        answer = enter(world.actors[actor]).get(reverse("activities:new", args=["test-2017"]), {"from": "theirs"})
        text = read(answer)
        assert "Visit to Echarate" in text
        assert (NOTE in text) == whole
        assert GIRLS not in found_in(text)

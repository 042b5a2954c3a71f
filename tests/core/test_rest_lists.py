import base64
import json
from datetime import date, timedelta

import pytest
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIRequestFactory

from cpc.core.rest import CursorPagination, KeyedReadOnlyViewSet
from cpc.reference.models import Country, Holiday

pytestmark = pytest.mark.django_db
requests = APIRequestFactory()
OPEN = {"authentication_classes": [], "permission_classes": [], "throttle_classes": []}


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields = ["key", "name_en"]


class CountryViewSet(KeyedReadOnlyViewSet):
    queryset = Country.objects.all()
    serializer_class = CountrySerializer


class HolidaySerializer(serializers.ModelSerializer):
    class Meta:
        model = Holiday
        fields = ["country_code", "day"]


class HolidayList(ListAPIView):
    queryset = Holiday.objects.all()
    serializer_class = HolidaySerializer
    pagination_class = CursorPagination
    ordering = ("-day", "country_code")


countries = CountryViewSet.as_view({"get": "list"}, **OPEN)
holidays = HolidayList.as_view(**OPEN)


@pytest.fixture
def _seven_countries():
    Country.objects.all().delete()
    Country.objects.bulk_create(Country(key=f"Q{letter}", name_en=letter, name_es=letter, currency="USD") for letter in "ABCDEFG")


def page_of(view, address):
    answer = view(requests.get(address)).render()
    return answer.status_code, json.loads(answer.content)


def walk(view, address, direction="next"):
    """All pages from `address` on, as lists of rows."""
    while address:
        status, page = page_of(view, address)
        assert status == 200
        assert list(page) == ["results", "next", "previous"]
        yield page
        address = page[direction]


@pytest.mark.usefixtures("_seven_countries")
def test_next_leads_through_the_whole_list_and_previous_back():
    pages = list(walk(countries, "/?limit=3&lang=es"))
    assert [[row["key"] for row in page["results"]] for page in pages] == [["QA", "QB", "QC"], ["QD", "QE", "QF"], ["QG"]]
    assert pages[0]["previous"] is None
    assert "limit=3" in pages[0]["next"]
    assert "lang=es" in pages[0]["next"]
    back = [row["key"] for page in walk(countries, pages[-1]["previous"], "previous") for row in reversed(page["results"])]
    assert back == ["QF", "QE", "QD", "QC", "QB", "QA"]


def test_rows_that_share_the_sort_value_are_each_listed_once():
    days = [date(2020, 1, 1)] * 5 + [date(2020, 1, 2)] * 5
    Holiday.objects.bulk_create(
        Holiday(country_code=f"{n:02}", day=day, name_en="x", name_es="x", source="x") for n, day in enumerate(days)
    )
    seen = [(row["day"], row["country_code"]) for page in walk(holidays, "/?limit=2") for row in page["results"]]
    assert seen == sorted(seen, key=lambda row: (row[0] != "2020-01-02", row[1]))
    assert len(set(seen)) == len(seen) == 10


def test_a_row_added_meanwhile_moves_nothing():
    start = date(2020, 6, 1)
    for n in range(6):
        Holiday.objects.create(country_code="US", day=start + timedelta(days=n), name_en="x", name_es="x", source="x")
    _status, first = page_of(holidays, "/?limit=3")
    Holiday.objects.create(country_code="US", day=start + timedelta(days=30), name_en="x", name_es="x", source="x")
    _status, second = page_of(holidays, first["next"])
    assert [row["day"] for row in second["results"]] == ["2020-06-03", "2020-06-02", "2020-06-01"]


@pytest.mark.usefixtures("_seven_countries")
def test_fifty_rows_unless_asked_and_two_hundred_at_most(django_assert_num_queries):
    Country.objects.bulk_create(
        Country(key=f"{a}{b}", name_en="x", name_es="x", currency="USD")
        for a in "ABCDEFGHIJ"
        for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    with django_assert_num_queries(1):
        assert len(page_of(countries, "/")[1]["results"]) == 50
    assert len(page_of(countries, "/?limit=200")[1]["results"]) == 200
    assert len(page_of(countries, "/?limit=1")[1]["results"]) == 1


@pytest.mark.parametrize("limit", ["201", "0", "-1", "1.5", "x", "", "１０", "1e2", "9" * 5000, "+5", " 5", "%00"])
def test_another_limit_is_refused(limit):
    status, body = page_of(countries, f"/?limit={limit.replace('+', '%2B')}")
    assert status == 400
    assert body["errors"][0]["field"] == "limit"


def made(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!", "%F0%9F%98%80", made("o=-1"), made("o=x"), made("o=" + "9" * 40), made("o=100001"), made("p=QA&x=1"),
     made("p=QA") + "!!",
     made("r=0&p=QA"), made("r=yes"), made("p=%00"), made("p=QA&p=QB"), "A" * 10_000],
)  # fmt: skip
def test_a_cursor_that_was_not_given_by_us_is_refused(cursor):
    status, body = page_of(countries, f"/?cursor={cursor}")
    assert (status, body["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize("position", ["x", "2020-02-30", "%00", "10000-01-01"])
def test_a_position_that_is_no_value_of_the_sort_field_is_refused(position):
    status, body = page_of(holidays, f"/?cursor={made(f'p={position}')}")
    assert (status, body["errors"][0]["code"]) == (400, "bad_cursor")


@pytest.mark.usefixtures("_seven_countries")
def test_a_row_is_found_by_its_key():
    country = CountryViewSet.as_view({"get": "retrieve"}, **OPEN)
    answer = country(requests.get("/"), key="QA")
    assert json.loads(answer.content) == {"key": "QA", "name_en": "A"}
    assert answer.headers["ETag"]
    missing = country(requests.get("/"), key="QZ")
    assert (missing.status_code, json.loads(missing.content)["errors"][0]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("key", "is_a_key"), [("PE-LMA", True), ("peru-2017-initial", True), ("a.b", False), ("a b", False), ("ñ", False)]
)
def test_keys_are_letters_digits_and_hyphens(key, is_a_key):
    router = SimpleRouter()
    router.register("countries", CountryViewSet)
    assert any(url.pattern.match(f"countries/{key}/") for url in router.urls) is is_a_key


def test_the_schema_of_a_list_names_its_three_parts():
    schema = CursorPagination().get_paginated_response_schema({"type": "array"})
    assert list(schema["properties"]) == schema["required"] == ["results", "next", "previous"]
    names = [parameter["name"] for parameter in CursorPagination().get_schema_operation_parameters(None)]
    assert names == ["cursor", "limit"]

"""The resources of the ledger: term, regions, objectives, pledges, contributions, exchange rates."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpc.accounts.services import create_token
from cpc.api.urls import router
from partners.models import Membership
from tests import factories as make
from tests.access.world import build_world

LISTS = {prefix: f"api:{basename}-list" for prefix, _viewset, basename in router.registry}
OF_LEDGER = sorted(prefix for prefix, viewset, _name in router.registry if {"as_of", "known_on"} <= set(viewset.query_parameters))
HOST_MONEY = ("pledges", "contributions")


@pytest.fixture
def ask(client):
    """`ask(person, "pledges", as_of=…)`: the answer to a person's session."""

    def request(person, prefix, **query):
        client.force_login(person)
        return client.get(reverse(LISTS[prefix]), query)

    return request


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def faults(answer) -> list[tuple]:
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


def test_the_ledger_lists_are_these():
    assert OF_LEDGER == [
        "award-actions", "awards", "contributions", "coverage", "exchange-rates", "partnerships", "pledges", "reports",
        "statements", "term-events",
    ]  # fmt: skip


@pytest.mark.parametrize("prefix", OF_LEDGER)
def test_days_that_cannot_be_are_refused_both_at_once(ask, viewer, partnership, prefix):
    query = {"partnership": partnership.key} if prefix != "partnerships" else {}
    if prefix == "reports":  # asked for days with a measure alone
        query |= {"measure": "spent"}
    refused = ask(viewer, prefix, **query, as_of="2020-02-11", known_on="06/02/2020")
    assert refused.status_code == 400
    assert faults(refused) == [("as_of", "in_the_future"), ("known_on", "invalid_date")]


def test_cursors_lead_through_every_list_row_by_row(db, client):
    world = build_world()
    more = make.make_partnership("more", regions=("XA-TRE",))
    viewer = world.actors["embassy_viewer"]
    Membership.objects.create(user=viewer, partnership=more, role="embassy_viewer")
    make.make_pledge(more)
    make.make_contribution(more)
    make.make_rate(record="2018-03-31")
    make.make_statement(more)
    make.make_activity(more, region="XA-TRE")
    make.make_report(world.other_award, world.other_partner)
    make.make_deadline(more)
    make.make_action(world.other_award)
    client.force_login(viewer)
    for prefix, name in LISTS.items():
        whole, found, address = rows(client.get(reverse(name))), [], f"{reverse(name)}?limit=1"
        while address and len(found) <= len(whole):
            answer = client.get(address)
            found += rows(answer)
            address = answer.json()["next"]
        assert found == whole, prefix
        assert len(whole) > 1, prefix


def test_term_is_told_step_by_step_as_exactly_as_it_is_known(ask, viewer, partnership):
    make.make_term_event(partnership, key="test-extended", title_en="One year more", title_es="Un año más")
    signed, extended = rows(ask(viewer, "term-events"))
    assert (signed["kind"], signed["kind_label"]) == ("signed", "Signed")
    assert extended["new_end"] == {"value": "2022-06", "precision": "month", "working_day": "2022-06-30"}
    assert extended["effective"] == {"value": "2020-02-06", "precision": "day", "working_day": "2020-02-06"}
    assert rows(ask(viewer, "term-events", lang="es"))[1]["title"] == "Un año más"
    assert [row["key"] for row in rows(ask(viewer, "term-events", kind="extended"))] == ["test-extended"]
    assert len(rows(ask(viewer, "term-events", known_on="2020-02-05"))) == 1


def test_step_that_was_taken_back_is_gone_and_was_there_before(ask, viewer, partnership):
    extended = make.make_term_event(partnership)
    make.make_term_event(partnership, kind="void", new_end=None, effective="2020-02-08", voids=extended, reason="Twice.")
    assert len(rows(ask(viewer, "term-events"))) == 1
    assert len(rows(ask(viewer, "term-events", known_on="2020-02-07"))) == 2


def test_regions_come_in_on_their_day_and_tomorrow_s_is_not_listed(ask, viewer, partnership):
    make.make_coverage(partnership, make.make_region("XA-TRE"), from_on=make.day("2020-02-06"))
    make.make_coverage(partnership, make.make_region("XA-CUA"), from_on=make.day("2022-06-01"))
    found = {row["region"]: row["from"] for row in rows(ask(viewer, "coverage", partnership=partnership.key))}
    assert found == {"XA-ONE": "2017-06-15", "XA-TWO": "2017-06-15", "XA-TRE": "2020-02-06"}
    assert len(rows(ask(viewer, "coverage", as_of="2020-02-05"))) == 2
    assert len(rows(ask(viewer, "coverage", region="XA-TRE"))) == 1
    assert {row["key"] for row in rows(ask(viewer, "regions", partnership=partnership.key))} == set(found)


@pytest.mark.parametrize("prefix", HOST_MONEY)
def test_partner_is_told_that_host_money_is_not_theirs_and_who_may(ask, person, partnership, prefix):
    partner = person("partner_preparer", organization=make.make_organization("partner"))
    make.make_pledge(partnership)
    make.make_contribution(partnership)
    for query in ({}, {"partnership": partnership.key}):
        refused = ask(partner, prefix, **query)
        assert (refused.status_code, faults(refused)) == (403, [(None, "role")])
        assert "Program officer" in refused.json()["errors"][0]["message"]
    other = make.make_partnership("other")
    assert ask(partner, prefix, partnership="other").status_code == 404
    Membership.objects.create(user=partner, partnership=other, role="embassy_viewer")
    make.make_pledge(other, key="other-pledge")
    make.make_contribution(other)
    for query in ({}, {"partnership": "other"}):
        assert {row["partnership"] for row in rows(ask(partner, prefix, **query))} == {"other"}
    assert ask(partner, prefix, partnership=partnership.key).status_code == 403


def test_pledge_says_at_least_and_its_own_rate(ask, person, partnership):
    make.make_pledge(partnership, key="test-pledge", rate=make.make_rate(), in_kind_en="More posts", in_kind_es="Más plazas")
    make.make_pledge(partnership, key="in-kind", amount=None, in_kind_en="Posts", in_kind_es="Plazas", effective="2018")
    delegate = person("host_delegate", organization=make.make_organization("host", organization_class="government"))
    pledge, in_kind = rows(ask(delegate, "pledges", partnership=partnership.key))
    assert (pledge["amount"], pledge["currency"], pledge["qualifier"]) == ("8000000.00", "PEN", "at_least")
    assert pledge["ends"]["value"] == "2021-06"
    assert (pledge["rate"]["rate"], pledge["rate"]["record_date"], pledge["rate"]["source"]) == (
        "3.24750000",
        "2017-03-31",
        "IMF",
    )
    assert (in_kind["amount"], in_kind["currency"], in_kind["rate"], in_kind["in_kind"]) == (None, None, None, "Posts")
    assert len(rows(ask(delegate, "pledges", partnership=partnership.key, currency="PEN"))) == 2
    assert rows(ask(delegate, "pledges", currency="USD")) == []


def test_contribution_says_who_confirms_it_and_which_row_it_puts_right(ask, viewer, partnership):
    first = make.make_contribution(partnership, confirmed=["us", "host"])
    make.make_contribution(partnership, amount=None, kind="posts", quantity=4, replaces=first, effective="2019-03-05")
    one, other = rows(ask(viewer, "contributions"))
    assert (one["agreement"], one["us"]["agrees"], one["host"]["on"]) == ("both", True, "2018-12-31")
    assert (other["amount"], other["currency"], other["quantity"], other["kind_label"]) == (None, None, 4, "Posts")
    assert (other["replaces"], other["agreement"], other["us"]["agrees"]) == (first.key, "none", None)
    for query, n in (
        ({"fiscal_year": "HY2019"}, 1), ({"calendar_year": "CY2018"}, 1), ({"quarter": "2019-Q1"}, 1), ({"priced": "true"}, 1),
        ({"quarter": "unallocated"}, 1), ({"kind": "cash"}, 1), ({"region": "unallocated"}, 2), ({"agreement": "both"}, 1),
    ):  # fmt: skip
        assert len(rows(ask(viewer, "contributions", **query))) == n, query
    assert faults(ask(viewer, "contributions", fiscal_year="FY2019")) == [("fiscal_year", "invalid_period")]


def test_rates_are_those_of_the_days_asked_for(ask, person, partnership):
    for record, rate in (("2017-03-31", "3.2475"), ("2019-12-31", "3.3140"), ("2020-02-10", "3.3900")):
        make.make_rate(record=record, rate=rate)
    make.make_rate(record="2020-03-31", rate="3.4400")  # nobody can know it yet
    make.make_rate(record="2018-03-31", base="USD", quote="COP")
    partner = person("partner_preparer", organization=make.make_organization("partner"))
    of_host = rows(ask(partner, "exchange-rates", partnership=partnership.key))
    assert [row["rate"] for row in of_host] == ["3.24750000", "3.31400000", "3.39000000"]
    assert len(rows(ask(partner, "exchange-rates"))) == 4
    for query, n in (
        ({"as_of": "2020-02-09"}, 2), ({"known_on": "2019-12-30"}, 1), ({"record_from": "2018-01-01"}, 2),
        ({"record_to": "2018-01-01"}, 1), ({"quote": "USD"}, 0), ({"source": "IMF"}, 3), ({"kind": "year_average"}, 0),
    ):  # fmt: skip
        assert len(rows(ask(partner, "exchange-rates", partnership=partnership.key, **query))) == n, query
    assert faults(ask(partner, "exchange-rates", record_from="31/12/2019")) == [("record_from", "invalid")]
    assert ask(partner, "exchange-rates", partnership="nothing").status_code == 404


@pytest.mark.parametrize("prefix", [*HOST_MONEY, "exchange-rates", "statements"])
def test_token_without_the_scope_is_refused(partnership, viewer, prefix):
    token = create_token(viewer, actor=viewer, name="deadlines", scopes=["deadlines:read"], now=timezone.now())
    token = token[1] if isinstance(token, tuple) else token
    refused = Client().get(reverse(LISTS[prefix]), headers={"authorization": f"Bearer {token}"})
    assert refused.status_code == 403
    assert "funding:read" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("prefix", ["term-events", "coverage", "objectives", "pledges", "contributions", "exchange-rates"])
def test_file_holds_the_rows_of_the_list(client, viewer, partnership, prefix):
    make.make_pledge(partnership, rate=make.make_rate())
    make.make_contribution(partnership)
    client.force_login(viewer)
    address = f"{reverse(LISTS[prefix])}?partnership={partnership.key}"
    listed = rows(client.get(address))
    table = list(csv.DictReader(io.StringIO(client.get(f"{address}&format=csv").getvalue().decode())))
    assert listed
    assert len(table) == len(listed)
    for name in {"key", "region", "amount", "record_date"} & set(table[0]):
        assert [line[name] or None for line in table] == [row[name] for row in listed], name

"""The split of Peru's first award, learnt later: the total stays, the row that was not told apart goes, and the old question
still has its old answer."""

from datetime import datetime

import pytest
from django.test import override_settings

from cpc.approvals.services import approve, preview, propose
from partners.management.commands.load_partnership import load
from partners.models import Partnership
from tests import factories as make

from .peru import FACTS

AT = datetime(2020, 2, 10, 12, tzinfo=make.LIMA)
SUMMARY = "/api/v1/funding/summary/?partnership=peru-2017&group_by=partner"
PARTS = [{"recipient": "ilo", "amount": "3,000,000.00"}, {"recipient": "yanapanakusun", "amount": "2,000,000.00"}]


@pytest.fixture
def split(db):
    with override_settings(ALIANZA_TODAY=make.day("2020-02-10")):
        load(FACTS)
        peru = Partnership.objects.get(key="peru-2017")
        officer, decider = (make.make_user(role, peru) for role in ("program_officer", "grants_officer"))
        act = {"act": "allocation", "award": "peru-2017-initial", "basis": "announced", "parts": PARTS}
        proposal = propose(peru.pk, [act], actor=officer, at=AT, reason="The State Department told the shares.")
        approve(proposal.pk, actor=decider, at=AT, seen=preview(proposal, at=AT).fingerprint)
        yield peru


def figures(answer) -> dict:
    body = answer.json()
    assert [total["amount"] for total in body["totals"]] == ["6700000.00"]
    return {row["key"]: row["amount"] for row in body["rows"]}


def test_the_total_stays_and_each_partner_has_its_share(client, split):
    client.force_login(make.make_user("embassy_viewer", split))
    assert figures(client.get(SUMMARY)) == {"ilo": "4700000.00", "yanapanakusun": "2000000.00"}
    page = client.get("/p/peru-2017/funding/").content.decode().replace("\xa0", " ")
    assert "6,700,000" in page
    assert "split not published</a>" not in page


def test_the_question_of_the_day_before_has_its_old_answer(client, split):
    client.force_login(make.make_user("embassy_viewer", split))
    old = {"unallocated-peru-2017-initial": "5000000.00", "ilo": "1700000.00"}
    for as_of in ("2020-02-06", "2020-02-10"):
        assert figures(client.get(f"{SUMMARY}&as_of={as_of}&known_on=2020-02-09")) == old
    assert figures(client.get(f"{SUMMARY}&as_of=2020-02-09")) == old  # it takes effect on the day of the decision

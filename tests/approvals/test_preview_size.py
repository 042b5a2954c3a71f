"""A preview of a partnership with many awards asks the database as often as one with few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.tasks import recompute
from cpc.approvals.services import preview, propose
from funding.models import Award, AwardAction, AwardRecipient
from tests import factories as make

from .test_proposals import AT

FEW, MANY = 2, 12
TODAY = make.day("2020-02-06")


pytestmark = pytest.mark.usefixtures("on_the_day")


def world_of(n: int, key: str):
    """A partnership with `n` awards of ten actions each, and as many sub-awards of the first, with their deadlines."""
    partnership = make.make_partnership(key)
    organization = make.make_organization(f"{key}-org")
    make.make_member(partnership, organization)
    common = {"partnership": partnership, "title_en": "A", "title_es": "A", "currency": "USD", "known_on": partnership.signed_on}
    first = Award.objects.create(key=f"{key}-0", level="prime", **common)
    more = [Award(key=f"{key}-{i}", level="prime", **common) for i in range(1, n)]
    subs = [Award(key=f"{key}-sub-{i}", level="sub", parent=first, **common) for i in range(n)]
    awards = [first, *Award.objects.bulk_create(more + subs)]
    AwardRecipient.objects.bulk_create(
        AwardRecipient(award=award, organization=organization, rule_class="recipient_2cfr200") for award in awards
    )
    AwardAction.objects.bulk_create(action_of(award, i) for award in awards for i in range(10))
    recompute(partnership.pk, today=TODAY)
    return partnership, first


def action_of(award, i: int) -> AwardAction:
    kind = "supplement" if i else "initial"
    period = {} if i else {"start_on": make.day("2019-10-01"), "new_end_on": make.day("2020-12-31")}
    amount = 1 if award.level == "sub" else 1000
    return AwardAction(
        award=award, key=f"{award.key}-{i}", kind=kind, amount=amount, currency="USD",
        effective_on=make.day(f"2020-01-{i + 1:02}"), known_on=TODAY, basis="signed", guidance_version="UG-2014",
        loaded_from="test", **period,
    )  # fmt: skip


def statements(client, n: int, key: str) -> tuple[int, list[str]]:
    partnership, award = world_of(n, key)
    acts = [
        {"act": "action", "award": award.key, "kind": "no_cost_extension", "new_end": "2021-06", "basis": "signed"},
        {"act": "action", "award": award.key, "kind": "deobligation", "amount": "-5", "basis": "signed"},
    ]
    proposal = propose(partnership.pk, acts, actor=make.make_user("program_officer", partnership), at=AT, reason="Agreed.")
    assert not preview(proposal, at=AT).fault
    client.force_login(make.make_user("grants_officer", partnership))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse("approvals:detail", args=[partnership.key, proposal.key]))
    assert answer.status_code == 200
    assert "deadlines move" in answer.content.decode()
    return len(queries), [query["sql"][:120] for query in queries]


@pytest.mark.django_db
def test_a_preview_asks_as_often_for_many_awards_as_for_few(client):
    few, _statements = statements(client, FEW, "few")
    many, found = statements(client, MANY, "many")
    assert many == few, "\n".join(sorted({f"{found.count(one)} × {one}" for one in found if found.count(one) > 1}))

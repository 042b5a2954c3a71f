"""The pages of proposals: the inbox, the form, the preview and the decision."""

import pytest
from django.urls import reverse

from cpc.approvals.models import Proposal
from cpc.approvals.services import preview, propose
from partners.models import TermEvent
from tests import factories as make

from .test_proposals import AT, TERM, approved

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def proposal(world, officers):
    return propose(world.pk, [TERM], actor=officers[0], at=AT, reason="Agreed at the dialogue.")


def page_of(world, proposal):
    return reverse("approvals:detail", args=[world.key, proposal.key])


def test_one_form_proposes_an_announcement_of_several_acts(client, world, officers):
    client.force_login(officers[0])
    address = reverse("approvals:new", args=[world.key])
    assert client.get(address).status_code == 200
    typed = {
        "section": ["term", "coverage"],
        "term-kind": "extended", "term-new_end": "2022-06", "term-effective": "2020-02-06",
        "coverage-regions": ["XA-TWO"], "coverage-since": "2020-02-06",
        "reason": "Agreed at the first dialogue.", "certainty": "primary",
    }  # fmt: skip
    answer = client.post(address, typed)
    proposal = Proposal.objects.get()
    assert answer.url == page_of(world, proposal)
    assert [act["act"] for act in proposal.acts] == ["term", "coverage"]
    text = client.get(answer.url).content.decode()
    assert "The term goes on to June 2022" in text
    assert "Your role does not include this. Who may: Grants officer." in text


def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(client, world, officers):
    client.force_login(officers[0])
    typed = {"section": "term", "term-kind": "extended", "term-new_end": "2020-01", "reason": "A reason.", "certainty": "primary"}
    answer = client.post(reverse("approvals:new", args=[world.key]), typed)
    text = answer.content.decode()
    assert "An extension ends later than the term does now: 2021-06." in text
    assert 'href="#id_term-new_end"' in text
    assert "A reason." in text
    assert not Proposal.objects.exists()


def test_a_change_that_was_chosen_and_left_empty_is_told_at_its_fields(client, world, officers):
    client.force_login(officers[0])
    answer = client.post(reverse("approvals:new", args=[world.key]), {"section": "term", "term-kind": "extended"})
    text = answer.content.decode()
    assert "“It ends from then on” is missing." in text
    assert "“Reason” is missing." in text
    assert not Proposal.objects.exists()


def test_the_decider_approves_exactly_what_the_page_shows(client, world, officers, proposal):
    client.force_login(officers[1])
    text = client.get(reverse("approvals:inbox")).content.decode()
    assert "The term goes on to June 2022" in text
    page = client.get(page_of(world, proposal))
    assert page.context["fingerprint"] == preview(proposal, at=AT).fingerprint
    client.post(page_of(world, proposal), {"act": "approve", "seen": page.context["fingerprint"]})
    proposal.refresh_from_db()
    assert (proposal.decision, TermEvent.objects.filter(partnership=world).count()) == ("approved", 2)
    assert "The term ended before on" in client.get(page_of(world, proposal)).content.decode()


def test_a_stale_preview_answers_409_with_the_new_one(client, world, officers, proposal):
    other = propose(world.pk, [TERM | {"new_end": "2021-12"}], actor=officers[0], at=AT, reason="Another.")
    client.force_login(officers[1])
    seen = client.get(page_of(world, proposal)).context["fingerprint"]
    approved(other, officers[2])
    answer = client.post(page_of(world, proposal), {"act": "approve", "seen": seen})
    assert answer.status_code == 409
    assert answer.context["fingerprint"] != seen
    assert "Something else was decided meanwhile" in answer.content.decode()


def test_a_refusal_needs_a_reason_and_the_proposer_cannot_decide(client, world, officers, proposal):
    client.force_login(officers[1])
    assert "Say why" in client.post(page_of(world, proposal), {"act": "refuse"}).content.decode()
    client.force_login(officers[0])
    answer = client.post(page_of(world, proposal), {"act": "approve", "seen": ""})
    assert answer.status_code == 403
    assert client.post(page_of(world, proposal), {"act": "withdraw"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.decision == "withdrawn"
    client.force_login(officers[1])
    assert client.post(page_of(world, proposal), {"act": "approve", "seen": ""}).status_code == 409


def test_a_date_that_the_decision_brings_about_too_late_says_so_in_the_preview(client, world, officers):
    organization = make.make_organization("org-a")
    award = make.make_award(world, recipients=[organization], key="award-a")
    make.make_action(award, amount="100.00", effective="2019-01-01", start="2019-01", end="2019-06")
    act = {"act": "action", "award": "award-a", "kind": "no_cost_extension", "basis": "signed", "new_end": "2020-06"}
    proposal = propose(world.pk, [act], actor=officers[0], at=AT, reason="Learnt late.")
    client.force_login(officers[1])
    answer = client.get(page_of(world, proposal))
    late = next(line for line in answer.context["reports"] if line.detail == "July–September 2019")
    assert late.day == make.day("2020-03-07")
    assert "30 days from the decision" in answer.content.decode()


def test_the_head_says_how_many_wait_for_this_reader(client, world, officers, proposal):
    counts = {}
    for who in officers:
        client.force_login(who)
        text = client.get(reverse("dashboards:overview", args=[world.key])).content.decode()
        assert f'href="{reverse("approvals:inbox")}"' in text
        counts[who] = 'al-badge">1<' in text
    assert list(counts.values()) == [False, True, True]
    client.force_login(make.make_user("embassy_viewer", world))
    text = client.get(reverse("dashboards:overview", args=[world.key])).content.decode()
    assert reverse("approvals:inbox") not in text


def test_a_change_is_added_and_left_out_without_losing_what_was_typed(client, world, officers):
    client.force_login(officers[0])
    typed = {"section": ["term"], "term-new_end": "2023-06", "reason": "Agreed.", "add": "action"}
    answer = client.post(reverse("approvals:new", args=[world.key]), typed)
    sections = answer.context["sections"]
    assert [section.place for section in sections] == ["term", "action"]
    assert (sections[0]["new_end"].value(), answer.context["reason"]["reason"].value()) == ("2023-06", "Agreed.")
    assert not answer.context["problems"]
    typed = {"section": ["term", "action", "action-2"], "action-2-amount": "5", "remove": "action"}
    sections = client.post(reverse("approvals:new", args=[world.key]), typed).context["sections"]
    assert [section.place for section in sections] == ["term", "action-2"]
    assert sections[1]["amount"].value() == "5"


def test_an_address_opens_the_form_at_its_award(client, world, officers):
    award = make.make_award(world, key="award-a")
    client.force_login(officers[0])
    answer = client.get(reverse("approvals:new", args=[world.key]) + f"?act=action&award={award.key}&kind=no_cost_extension")
    (section,) = answer.context["sections"]
    assert (section["award"].value(), section["kind"].value()) == ("award-a", "no_cost_extension")


def test_two_steps_of_two_awards_are_one_proposal(client, world, officers):
    for key in ("award-a", "award-b"):
        make.make_action(make.make_award(world, key=key), amount="100.00")
    client.force_login(officers[0])
    typed = {"section": ["action", "action-2"], "reason": "Agreed.", "certainty": "primary"}
    for place, key in (("action", "award-a"), ("action-2", "award-b")):
        typed |= {f"{place}-award": key, f"{place}-kind": "supplement", f"{place}-amount": "50", f"{place}-basis": "signed"}
    assert client.post(reverse("approvals:new", args=[world.key]), typed).status_code == 302
    assert [act["award"] for act in Proposal.objects.get().acts] == ["award-a", "award-b"]
    wrong = client.post(reverse("approvals:new", args=[world.key]), typed | {"action-2-amount": "-5"})
    assert [list(section.errors) for section in wrong.context["sections"]] == [[], ["amount"]]

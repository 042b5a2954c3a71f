"""What an award's own terms say instead of a rule: proposed, previewed, decided, taken back; and what the date then says."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from activities.deadlines.explain import explain
from activities.deadlines.models import Deadline, RuleOverride
from activities.tasks import recompute
from cpc.approvals.services import approve, preview, propose
from cpc.approvals.words import Names, sentences_of
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 10, 12, tzinfo=make.LIMA)
TODAY = make.day("2020-02-10")
KEY = "grant-ngo-2020-q1-performance"


@pytest.fixture
def world(db):
    partnership = make.make_partnership()
    ngo, ilo = make.make_organization("ngo"), make.make_organization("ilo")
    grant = make.make_award(partnership, key="grant", recipients=[ngo])
    make.make_action(grant, start="2019-01", end="2020-12", effective="2019-01-01")
    other = make.make_award(partnership, key="other", recipients=[ilo], rule_class="fpe")
    make.make_action(other, start="2019-01", end="2020-12", effective="2019-01-01")
    recompute(partnership.pk, today=TODAY)
    return partnership, make.make_user("program_officer", partnership), make.make_user("grants_officer", partnership)


def asked(world, **act):
    partnership, proposer, _decider = world
    act = {"act": "terms", "award": "grant", "rule": "R-PPR-Q", **act}
    source = make.make_document(partnership, title="Award provisions", publisher="TIP Office")
    return propose(partnership.pk, [act], actor=proposer, at=AT, reason="Clause 7 says so.", source=source)


def decided(world, **act):
    proposal = asked(world, **act)
    return approve(proposal.pk, actor=world[2], at=AT, seen=preview(proposal, at=AT).fingerprint)


def due(key=KEY):
    return Deadline.objects.get(key=key).due_on.isoformat()


def test_terms_change_nothing_before_somebody_else_decides_and_then_every_open_date_of_the_rule(world):
    proposal = asked(world, count="45", shift="NEXT_US")
    seen = preview(proposal, at=AT)
    change = seen.consequences["deadlines"]["changed"][KEY]
    assert (change["from"]["due_on"], change["to"]["due_on"], due()) == ("2020-04-30", "2020-05-15", "2020-04-30")
    assert seen.consequences["terms"]["grant R-PPR-Q"]["to"] == {"offset": 45, "shift": "NEXT_US", "suppressed": False}
    approve(proposal.pk, actor=world[2], at=AT, seen=seen.fingerprint)
    # 14 August 2020 is a Friday; 14 November a Saturday, and Monday the 16th the next working day
    keys = [f"grant-ngo-2020-q{n}-performance" for n in (1, 2, 3)]
    assert [due(key) for key in keys] == ["2020-05-15", "2020-08-14", "2020-11-16"]
    assert due("grant-ngo-2020-q1-financial") == "2020-04-30"
    assert due("other-ilo-2020-q1-performance") == "2020-04-30"


def test_the_date_says_what_the_rule_says_what_the_terms_say_why_and_on_whose_word(world):
    decided(world, count="45", shift="NEXT_US")
    why = explain(Deadline.objects.get(key=KEY))
    assert why.rule == "R-PPR-Q, 30 days after the end of the reporting period"
    assert why.terms == (
        "The award's own terms say instead: 45 days after the end of the reporting period; moved to the next working day in the "
        "United States. Reason: Clause 7 says so. Source: Award provisions (TIP Office)."
    )
    assert why.terms in str(why)
    assert explain(Deadline.objects.get(key="other-ilo-2020-q1-performance")).terms == ""


def test_terms_that_would_make_a_date_overdue_give_thirty_days_from_the_decision(world):
    assert due("grant-ngo-2019-q4-performance") == "2020-01-30"
    decided(world, rule="R-EXT-REQ", count="330")
    row = Deadline.objects.get(key="grant-ngo-extension-request")
    assert (row.legal_on, row.due_on) == (make.day("2020-02-05"), make.day("2020-03-11"))
    assert due("grant-ngo-2019-q4-performance") == "2020-01-30"


def test_suppressed_rule_asks_for_nothing_more_and_taken_back_it_asks_again(world):
    open_before = set(Deadline.objects.open().values_list("key", "due_on"))
    decided(world, suppressed=True)
    assert not Deadline.objects.open().filter(rule="R-PPR-Q", award__key="grant").exists()
    assert Deadline.objects.open().filter(rule="R-FFR-Q", award__key="grant").exists()
    row = RuleOverride.objects.get()
    decided(world, act="terms_void", voids=row.key)
    assert set(Deadline.objects.open().values_list("key", "due_on")) == open_before


def test_newest_terms_hold_and_those_before_them_come_back(world):
    decided(world, count="45")
    decided(world, count="60")
    assert due() == "2020-05-30"
    decided(world, act="terms_void", voids=RuleOverride.objects.get(offset=60).key)
    assert due() == "2020-05-15"


def test_terms_decided_twice_write_no_row_the_second_time(world):
    decided(world, count="45")
    assert recompute(world[0].pk, today=TODAY).n_written == 0


@pytest.mark.parametrize(
    ("act", "field"),
    [
        ({"rule": "R-NONE"}, "rule"),
        ({"rule": "R-TERM-END", "count": "3"}, "rule"),
        ({"rule": "R-FPE-Q", "count": "45"}, "rule"),
        ({"award": "nowhere", "count": "45"}, "award"),
        ({}, "count"),
        ({"count": "30"}, "count"),
        ({"count": "0"}, "count"),
        ({"count": "-5"}, "count"),
        ({"count": "٣٠"}, "count"),
        ({"count": "9999999999"}, "count"),
        ({"count": "45", "suppressed": True}, "suppressed"),
        ({"shift": "SOMEDAY"}, "shift"),
        ({"count": "45", "effective": "2020-02-11"}, "effective"),
        ({"act": "terms_void", "voids": "nothing"}, "voids"),
    ],
)
def test_terms_that_say_nothing_or_nonsense_are_refused_at_their_field(world, act, field):
    with pytest.raises(ValidationError) as fault:
        asked(world, **act)
    assert list(fault.value.message_dict) == [field]
    assert not RuleOverride.objects.exists()


def test_sentences_of_terms_are_readable_in_both_languages(world):
    partnership = world[0]
    acts = [{"act": "terms", "award": "grant", "rule": "R-LIQ-90", "count": "45"}]
    acts += [{"act": "terms", "award": "grant", "rule": "R-LIQ-90", "suppressed": True}]
    title = str(partnership.awards.get(key="grant").title_en)
    with translation.override("en"):
        first, second = sentences_of(acts, Names(partnership, acts))
    assert first == f"Terms of “{title}”: R-LIQ-90, 45 days after the end of the award; no day is moved."
    assert second == f"Terms of “{title}”: nothing falls due by R-LIQ-90."


def test_form_proposes_terms_from_the_address_of_the_award(world, login):
    partnership, proposer, _decider = world
    address, client = reverse("approvals:new", args=[partnership.key]), login(proposer)
    page = client.get(f"{address}?act=terms&award=grant").content.decode()
    assert 'value="grant" selected' in page
    typed = {"award": "grant", "rule": "R-PPR-Q", "count": "45"}
    sent = {"section": "terms", "reason": "Clause 7.", "certainty": "primary"} | {f"terms-{n}": v for n, v in typed.items()}
    faulty = client.post(address, sent | {"terms-count": "soon"})
    assert faulty.context["sections"][0].errors["count"]
    assert client.post(address, sent).status_code == 302
    assert partnership.proposals.get().acts == [{"act": "terms", **typed}]


def test_page_of_a_date_shows_the_terms_and_that_they_moved_it(world, login):
    decided(world, count="45")
    page = login(world[1]).get(reverse("deadlines:detail", args=[world[0].key, KEY])).content.decode().replace("\u00a0", " ")
    assert "45 days after the end of the reporting period; no day is moved. Reason: Clause 7 says so. Source: Award" in page
    assert "10 Feb 2020: was 30 Apr 2020; moved by: own terms for R-PPR-Q" in page

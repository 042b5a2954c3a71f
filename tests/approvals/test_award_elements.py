"""What was committed and the budget period of an award: entered by proposal and decision, with the award or by a later step."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from cpc.approvals.acts import FaultyAct
from cpc.approvals.services import approve, preview, propose
from cpc.approvals.words import Names, sentences_of
from cpc.audit.models import AuditEvent
from funding.models import Award, AwardAction
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
ELEMENTS = {"committed": "1,234.50", "budget_start": "2020-01-01", "budget_end": "2020-12-31"}


@pytest.fixture
def people():
    partnership = make.make_partnership()
    organization = make.make_organization("org-a")
    make.make_member(partnership, organization)
    make.make_action(make.make_award(partnership, recipients=[organization], key="award-a"), amount="500.00")
    return partnership, make.make_user("program_officer", partnership), make.make_user("grants_officer", partnership)


def asked(people, *acts):
    partnership, proposer, _decider = people
    return propose(partnership.pk, list(acts), actor=proposer, at=AT, reason="As signed.")


def decided(people, *acts):
    proposal = asked(people, *acts)
    return approve(proposal.pk, actor=people[2], at=AT, seen=preview(proposal, at=AT).fingerprint)


def step(**fields):
    return {"act": "action", "award": "award-a", "kind": "administrative", "basis": "signed", **fields}


def elements(key):
    return Award.objects.values_list("committed", "budget_start_on", "budget_end_on").get(key=key)


KNOWN = (Decimal("1234.50"), date(2020, 1, 1), date(2020, 12, 31))


def test_a_step_sets_them_when_it_is_decided_and_not_before(people):
    proposal = asked(people, step(**ELEMENTS))
    seen = preview(proposal, at=AT).fingerprint
    assert elements("award-a") == (None, None, None)
    change = preview(proposal, at=AT).consequences["elements"]["award-a"]
    assert (change["from"]["committed"], change["to"]["committed"]) == (None, "1234.50")
    approve(proposal.pk, actor=people[2], at=AT, seen=seen)
    assert elements("award-a") == KNOWN
    event = AuditEvent.objects.get(act="award.elements_decided")
    assert (event.actor, event.after["committed"], event.before["committed"]) == (people[2], "1234.50", None)


def test_what_a_step_does_not_name_stays(people):
    for fields in (ELEMENTS, {"budget_end": "2021-03-31"}):
        decided(people, step(**fields))
    assert elements("award-a") == (*KNOWN[:2], date(2021, 3, 31))
    assert Award.objects.get(key="award-a").version == 3


@pytest.mark.parametrize("level", ["prime", "sub"])
def test_a_new_award_begins_with_them(people, level):
    act = {
        "act": "award", "level": level, "key": "award-b", "title_en": "B", "title_es": "B", "currency": "USD", "basis": "signed",
        "recipients": [{"organization": "org-a"}], "recipient": "org-a", "amount": "100.00", **ELEMENTS,
    }  # fmt: skip
    decided(people, act)
    assert elements("award-b") == KNOWN


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"budget_start": "2020-02"}, "budget_start"),
        ({"budget_end": "2020"}, "budget_end"),
        (ELEMENTS | {"budget_end": "2019-12-31"}, "budget_end"),
        ({"committed": "-1"}, "committed"),
        ({"committed": "1.234,50"}, "committed"),
        ({"committed": "PEN 5"}, "committed"),
        ({"committed": "0.005"}, "committed"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_in_both_languages(people, fields, field):
    said = set()
    for language in ("en", "es"):
        with translation.override(language), pytest.raises(FaultyAct) as caught:
            asked(people, step(**fields))
        assert list(caught.value.message_dict) == [field]
        said.add(str(caught.value))
    assert elements("award-a") == (None, None, None)
    assert AwardAction.objects.count() == 1


def test_the_preview_says_them(people):
    (sentence,) = sentences_of([step(**ELEMENTS)], Names(people[0]))
    for part in ("Committed in all: US$ 1,234.50.", "begins on 1", "ends on 31"):
        assert part in sentence.replace("\u00a0", " "), sentence

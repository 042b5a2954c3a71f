"""Every field of the form of proposals meets the corpus: an answer at the field, in the reader's language, nothing saved."""

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from cpc.approvals.forms import ReadField
from cpc.approvals.models import Proposal
from cpc.approvals.proposing import made
from cpc.approvals.sections import SECTIONS
from tests import factories as make

from .corpus import AMOUNTS, DAYS, TEXTS

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
NAMES = pytest.mark.parametrize("name", list(SECTIONS))


@pytest.fixture
def world(db):
    partnership = make.make_partnership(regions=("XA-ONE",))
    make.make_region("XA-TWO")
    organization = make.make_organization("org-a")
    make.make_member(partnership, organization)
    make.make_action(make.make_award(partnership, recipients=[organization], key="award-a"), amount="500.00")
    return partnership


@pytest.fixture
def send(client, world):
    """`send(name, values)`: what the page answers to a section filled in like that, and the section as it came back."""
    client.force_login(make.make_user("program_officer", world))
    address = reverse("approvals:new", args=[world.key])

    def post(name, values, *, language="en"):
        typed = {f"{name}-{field}": value for field, value in values.items()}
        answer = client.post(f"{address}?lang={language}", {"section": name, "certainty": "primary", **typed})
        return answer, (answer.context["sections"][0] if answer.status_code == 200 else None)

    with override_settings(ALIANZA_TODAY=make.day("2020-02-06")):
        yield post


def read_fields(section) -> list[tuple[str, tuple]]:
    """The fields that are read as an amount or a day, each with its corpus."""
    fields = [(name, field) for name, field in section.fields.items() if isinstance(field, ReadField)]
    return [(name, AMOUNTS if "inputmode" in field.widget.attrs else DAYS) for name, field in fields]


@LANGUAGES
@NAMES
def test_what_cannot_be_read_is_told_at_its_field_and_stays_as_typed(world, name, language):
    empty = made(name, world)
    with translation.override(language):
        for field, corpus in read_fields(empty):
            for typed in corpus:
                section = made(name, world, data={f"{name}-{field}": typed})
                assert section.errors.get(field), (field, typed)
                assert section[field].value() == typed


@LANGUAGES
@NAMES
def test_the_page_answers_the_corpus_at_each_field_and_saves_nothing(send, world, name, language):
    fields = read_fields(made(name, world))
    for turn in range(4):
        values = {field: corpus[(7 * turn + place) % len(corpus)] for place, (field, corpus) in enumerate(fields)}
        answer, section = send(name, values, language=language)
        assert answer.status_code == 200
        assert [field for field in values if not section.errors.get(field)] == [], values
    assert not Proposal.objects.exists()


@LANGUAGES
@NAMES
def test_hostile_text_in_every_field_is_no_failure(send, world, name, language):
    fields = list(made(name, world).fields)
    for typed in TEXTS:
        answer, _section = send(name, dict.fromkeys(fields, typed), language=language)
        assert answer.status_code == 200, typed
        assert b"<svg onload" not in answer.content
    assert not Proposal.objects.exists()


def test_the_sentence_at_the_field_is_in_the_readers_language(send):
    typed = {"amount": "1.234,50", "new_end": "06/02/2020"}
    sentences = {
        language: {name: list(errors) for name, errors in send("action", typed, language=language)[1].errors.items()}
        for language in ("en", "es")
    }
    assert sentences["en"]["amount"] == ["Use the point for cents and the comma for thousands, for example 1,234.50."]
    assert sentences["es"]["amount"] != sentences["en"]["amount"]
    assert "1,234.50" in sentences["es"]["amount"][0]
    assert "2017-06-15" in sentences["es"]["new_end"][0]


def test_amounts_and_days_that_can_be_read_are_taken(send):
    good = {"award": "award-a", "kind": "supplement", "amount": "1,234.50", "basis": "signed", "effective": "2020-02"}
    _answer, section = send("action", good | {"effective": "2020-01"})
    assert not section.errors
    for amount in ("0.01", "999,999,999,999.99", "1234.5", "1,234"):
        assert not send("action", good | {"amount": amount, "effective": "2020-01"})[1].errors, amount


@pytest.mark.parametrize(
    "words", ["", "?act=nothing", "?act=term&act=award", "?act=action&award=%00&kind=' OR 1", "?act=void&row=x"]
)
def test_an_address_fills_in_only_what_there_is(client, words):
    world = make.make_partnership()
    client.force_login(make.make_user("grants_officer", world))
    assert client.get(reverse("approvals:new", args=[world.key]) + words).status_code == 200
    assert client.post(reverse("approvals:new", args=[world.key]), {"section": ["x", "term-99", "\x00"]}).status_code == 200

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from cpc.core.money import CountFormField, MoneyFormField


class GrantForm(forms.Form):
    amount = MoneyFormField()
    change = MoneyFormField(required=False, allow_negative=True)
    people = CountFormField(required=False)


@pytest.mark.parametrize("language", ["en", "es"])
def test_both_languages_read_the_same(language):
    with translation.override(language):
        form = GrantForm({"amount": "1,234.50", "change": "-5", "people": "1,000"})
        assert form.is_valid()
        assert form.cleaned_data == {"amount": Decimal("1234.50"), "change": Decimal("-5.00"), "people": 1000}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("text", ["1.234,50", "1.234", "NaN", "1e5", "１２", "-1", "S/ 5", "\x00", "5" * 5000])
def test_a_refusal_stands_at_the_field_and_what_was_typed_stays(text, language):
    with translation.override(language):
        form = GrantForm({"amount": text, "people": "1.5"})
        assert not form.is_valid()
        assert set(form.errors) == {"amount", "people"}
        assert len(form.errors["amount"]) == 1
        assert form["amount"].value() == text


def test_an_empty_cell_is_not_zero():
    form = GrantForm({"amount": "0", "people": " "})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": Decimal("0.00"), "change": None, "people": None}
    assert GrantForm({"amount": ""}).errors.as_data()["amount"][0].code == "required"


def test_a_stored_amount_is_shown_as_it_may_be_typed():
    form = GrantForm(initial={"amount": Decimal("1234.5"), "people": 1234})
    assert 'value="1,234.50"' in str(form["amount"])
    assert 'inputmode="decimal"' in str(form["amount"])
    assert 'value="1234"' in str(form["people"])
    assert 'inputmode="numeric"' in str(form["people"])


def test_another_spelling_of_the_same_amount_is_no_change():
    initial = {"amount": Decimal("1234.50"), "people": None}
    assert not GrantForm({"amount": "1234.5", "people": ""}, initial=initial).has_changed()
    assert GrantForm({"amount": "1234.51", "people": ""}, initial=initial).changed_data == ["amount"]
    assert GrantForm({"amount": "abc", "people": "0"}, initial=initial).changed_data == ["amount", "people"]


def test_a_count_may_have_a_lower_ceiling():
    with pytest.raises(forms.ValidationError, match="no more than 31"):
        CountFormField(maximum=31).clean("32")
    assert CountFormField(maximum=31).clean("31") == 31

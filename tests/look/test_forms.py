"""Forms as the renderer draws them."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from cpc.core.rendering import Problem, problems

from .reading import read


class Sheet(forms.Form):
    kind = forms.ChoiceField(choices=[("training", "Training"), ("workshop", "Workshop")])
    held_on = forms.DateField(label="Day")
    state = forms.ChoiceField(
        choices=[("held", "Held"), ("planned", "Planned")], widget=forms.RadioSelect, help_text="As of today"
    )
    people = forms.IntegerField(min_value=0, widget=forms.NumberInput(attrs={"class": "al-w-s"}))
    amount = forms.DecimalField(decimal_places=2, help_text="In soles")
    note = forms.CharField(widget=forms.Textarea(attrs={"placeholder": "Write"}), required=False)
    no_paper = forms.BooleanField(required=False, label="There is no document yet")
    source = forms.CharField(error_messages={"required": "Name the source"})
    version = forms.IntegerField(widget=forms.HiddenInput)


GOOD = {
    "kind": "workshop",
    "held_on": "2020-02-06",
    "state": "held",
    "people": "12",
    "amount": "1.50",
    "source": "x",
    "version": "3",
}


@pytest.fixture
def blank():
    return read(str(Sheet(initial={"held_on": date(2020, 2, 6)})))


@pytest.fixture
def wrong():
    return read(str(Sheet({"kind": "sculpture", "people": "2012a", "amount": "912.400,00", "version": "3"})))


def test_each_control_has_its_class_and_its_label(blank):
    for tag, name, cls in (
        ("select", "kind", "usa-select"),
        ("input", "held_on", "usa-input"),
        ("textarea", "note", "usa-textarea"),
        ("input", "no_paper", "usa-checkbox__input"),
    ):
        [control] = blank.find(tag, name=name)
        assert cls in control.classes
        assert len(blank.find("label", for_=control.attrs["id"])) == 1
    assert blank.find("input", name="people")[0].classes == {"usa-input", "al-w-s"}


def test_optional_fields_say_so_and_required_ones_do_not(blank):
    words = [label.words for label in blank.find("label", cls="usa-label")]
    assert words == ["Kind", "Day", "People", "Amount", "Note (optional)", "Source"]
    assert blank.find("label", cls="usa-checkbox__label")[0].words == "There is no document yet"


def test_day_has_the_browsers_box_and_an_iso_value_in_every_language():
    for language in ("en", "es"):
        with override(language):
            [box] = read(str(Sheet(initial={"held_on": date(2020, 2, 6)}))).find("input", name="held_on")
        assert (box.attrs["type"], box.attrs["value"]) == ("date", "2020-02-06")


def test_number_is_typed_as_text(blank):
    [people], [amount] = blank.find("input", name="people"), blank.find("input", name="amount")
    assert (people.attrs["type"], people.attrs["inputmode"]) == ("text", "numeric")
    assert (amount.attrs["type"], amount.attrs["inputmode"]) == ("text", "decimal")
    assert not {"min", "max", "step"} & (people.attrs.keys() | amount.attrs.keys())


def test_radio_buttons_stand_framed_in_a_fieldset(blank):
    [group] = blank.find("fieldset")
    assert group.find("legend", cls="usa-legend")[0].words == "State"
    assert group.attrs["aria-describedby"] == "id_state_helptext"
    [frame] = group.find("div", cls="al-choices")
    assert [label.words for label in frame.find("label")] == ["Held", "Planned"]
    assert [choice.attrs["type"] for choice in frame.find("input")] == ["radio", "radio"]


def test_error_and_hint_are_tied_to_their_control(wrong):
    [amount] = wrong.find("input", name="amount")
    assert amount.attrs["aria-invalid"] == "true"
    ids = amount.attrs["aria-describedby"].split()
    assert set(ids) == {"id_amount_error", "id_amount_helptext"}
    for id_ in ids:
        assert [element.attrs.get("id") for element in wrong.inside].count(id_) == 1
    assert all("al-err" in group.classes for group in wrong.find("fieldset"))
    assert not any("aria-invalid" in choice.attrs for choice in wrong.find("input", type="radio"))


def test_what_was_typed_stays(wrong):
    assert wrong.find("input", name="people")[0].attrs["value"] == "2012a"
    assert wrong.find("input", name="amount")[0].attrs["value"] == "912.400,00"
    assert wrong.find("input", name="version")[0].attrs == {"type": "hidden", "name": "version", "value": "3", "id": "id_version"}


def test_default_errors_name_their_field_and_own_ones_stay():
    form = Sheet({"kind": "sculpture", "people": "2012a", "amount": "912.400,00", "held_on": "yesterday", "version": "3"})
    assert {name: messages[0] for name, messages in form.errors.items()} == {
        "kind": "“Kind”: choose one of the answers in the list.",
        "held_on": "“Day”: write a day, for example 2020-02-06.",
        "state": "“State” is missing.",
        "people": "“People”: write a whole number, for example 12.",
        "amount": "“Amount”: write a number, for example 1,234.50.",
        "source": "Name the source",
    }


def test_one_forms_errors_do_not_reach_the_next_form():
    assert Sheet({}).errors["state"] == ["“State” is missing."]
    assert Sheet.base_fields["state"].error_messages["required"] == forms.Field.default_error_messages["required"]
    assert "class" not in Sheet.base_fields["kind"].widget.attrs


def test_placeholder_is_not_drawn(blank):
    assert "placeholder" not in blank.find("textarea")[0].attrs


def test_problems_of_several_forms_link_to_their_first_control():
    class Reason(forms.Form):
        reason = forms.CharField(error_messages={"required": "Give a reason"})

    sheet = Sheet({**GOOD, "state": ""})
    sheet.add_error(None, "The quarter is closed")
    assert problems(sheet, Reason({}, prefix="why")) == [
        Problem("The quarter is closed"),
        Problem("“State” is missing.", "id_state_0"),
        Problem("Give a reason", "id_why-reason"),
    ]
    assert problems(Sheet(GOOD), Sheet()) == []


def test_parts_of_a_split_field_are_dressed_each():
    class Split(forms.Form):
        at = forms.SplitDateTimeField(label="Begins")

    drawn = read(str(Split()))
    [group] = drawn.find("fieldset")
    assert [box.classes for box in group.find("input")] == [{"usa-input"}, {"usa-input"}]
    assert Split({"at_0": "", "at_1": ""})["at"].anchor == "id_at_0"

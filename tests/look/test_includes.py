"""The shared pieces of pages, each with what it is given and with what it is not."""

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from cpc.core.decisions import refuse
from cpc.core.pages import paginate
from cpc.core.rendering import Problem

from .reading import read


def draw(name, address="/list/", **context):
    request = RequestFactory().get(address)
    return read(render_to_string(f"includes/_{name}.html", {"request": request, **context}))


class Reason(forms.Form):
    reason = forms.CharField(error_messages={"required": "Give a reason"})
    version = forms.IntegerField(widget=forms.HiddenInput)


class Days(forms.Form):
    as_of = forms.DateField(label="Figures as of")
    known_on = forms.DateField(label="as known on", required=False)


class Search(forms.Form):
    region = forms.ChoiceField(choices=[("", "All regions"), ("XA-ONE", "One")], required=False)
    words = forms.CharField(required=False)


class Filter:
    def __init__(self, data=None):
        self.form = Search(data)


def test_errors_are_summed_up_with_links_and_take_the_focus():
    form = Reason({"version": ""})
    form.add_error(None, "The quarter is closed")
    [box] = draw("errors", form=form).find("div", cls="al-errors")
    assert (box.attrs["role"], box.attrs["tabindex"], "autofocus" in box.attrs) == ("alert", "-1", True)
    assert box.find("h2", id=box.attrs["aria-labelledby"])[0].words == "There is a problem"
    assert [item.words for item in box.find("li")] == ["The quarter is closed", "Give a reason", "“Version” is missing."]
    assert [(link.words, link.attrs["href"]) for link in box.find("a")] == [("Give a reason", "#id_reason")]


def test_errors_of_several_forms_come_as_problems():
    box = draw("errors", problems=[Problem("Write a number", "cell_3"), Problem("The quarter is closed")])
    assert [item.words for item in box.find("li")] == ["Write a number", "The quarter is closed"]
    assert [link.attrs["href"] for link in box.find("a")] == ["#cell_3"]


def test_no_error_draws_no_box():
    assert draw("errors", form=Reason()).inside == []
    assert draw("errors", form=Reason({"reason": "x", "version": "1"}), problems=[]).inside == []


def test_form_posts_with_a_token_and_lets_the_server_check():
    request = RequestFactory().get("/")
    html = render_to_string("includes/_form.html", {"form": Reason(), "submit": "Void it", "cancel_url": "/back/"}, request=None)
    [form] = read(html).find("form")
    assert (form.attrs["method"], "novalidate" in form.attrs, "enctype" in form.attrs) == ("post", True, False)
    assert form.find("button")[0].words == "Void it"
    assert form.find("a")[0].attrs["href"] == "/back/"
    html = render_to_string(
        "includes/_form.html", {"form": Reason(), "submit": "Void it", "csrf_token": "abc", "request": request}
    )
    assert read(html).find("input", name="csrfmiddlewaretoken")[0].attrs["value"] == "abc"
    assert read(html).find("a") == []


def test_form_with_a_file_says_so():
    class Upload(forms.Form):
        paper = forms.FileField()

    [form] = draw("form", form=Upload(), submit="Send").find("form")
    assert form.attrs["enctype"] == "multipart/form-data"


def page_of(address, rows=120):
    return paginate(RequestFactory().get(address), list(range(rows)))


def test_pager_keeps_the_filters_and_says_where_one_is():
    pager = draw("pager", page=page_of("/list/?region=XA-ONE&page=2"))
    assert "Page 2 of 3" in pager.words
    assert [link.attrs["href"] for link in pager.find("a")] == ["?region=XA-ONE&page=1", "?region=XA-ONE&page=3"]


def test_pager_has_no_link_beyond_the_ends():
    assert [link.words for link in draw("pager", page=page_of("/list/")).find("a")] == ["Next"]
    assert [link.words for link in draw("pager", page=page_of("/list/?page=3")).find("a")] == ["Previous"]
    assert draw("pager", page=page_of("/list/", rows=50)).inside == []


def test_day_control_keeps_other_parameters_and_forgets_the_page():
    control = draw(
        "asof", "/list/?region=XA-ONE&region=XA-TWO&as_of=2020-02-05&page=2&lang=es", asof=Days({"as_of": "2020-02-05"})
    )
    [form] = control.find("form", cls="al-asof")
    assert form.attrs["method"] == "get"
    hidden = [(box.attrs["name"], box.attrs["value"]) for box in control.find("input", type="hidden")]
    assert hidden == [("region", "XA-ONE"), ("region", "XA-TWO")]
    assert control.find("input", name="as_of")[0].attrs["value"] == "2020-02-05"


def test_day_that_does_not_parse_shows_its_error():
    control = draw("asof", "/list/?as_of=soon", asof=Days({"as_of": "soon"}))
    [error] = control.find("span", cls="usa-error-message")
    assert error.words == "“Figures as of”: write a day, for example 2020-02-06."
    assert error.attrs["id"] in control.find("input", name="as_of")[0].attrs["aria-describedby"]


def test_filter_bar_counts_what_it_finds_and_keeps_the_day():
    bar = draw(
        "filter", "/list/?words=x&as_of=2020-02-05&page=4", filter=Filter({"words": "x"}), found="6 deadlines", is_sample=True
    )
    assert bar.find("input", name="words")[0].attrs["value"] == "x"
    assert [(box.attrs["name"], box.attrs["value"]) for box in bar.find("input", type="hidden")] == [("as_of", "2020-02-05")]
    [count] = bar.find("p", role="status")
    assert count.words == "6 deadlines sample"
    assert [link.attrs["href"] for link in bar.find("a")] == ["/list/"]


def test_unfiltered_bar_has_nothing_to_clear():
    bar = draw("filter", filter=Filter())
    assert bar.find("a") == []
    assert bar.find("p", role="status") == []


def test_wrong_filter_shows_its_error():
    bar = draw("filter", "/list/?region=Mars", filter=Filter({"region": "Mars"}))
    assert bar.find("span", cls="usa-error-message")[0].words == "“Region”: choose one of the answers in the list."


def test_history_marks_the_present():
    events = [{"sentence": "Accepted", "note": "by you"}, {"sentence": "Submitted", "note": ""}]
    items = draw("history", history=events).find("li")
    assert [item.words for item in items] == ["Accepted by you", "Submitted"]
    assert [item.classes for item in items] == [{"al-now"}, set()]
    assert len(items[1].find("p")) == 1


def test_empty_list_says_why_and_what_to_do():
    full = draw("empty", title="No activity", text="This is silence.", act_url="/new/", act_label="Log an activity")
    assert (full.find("h2")[0].words, full.find("a")[0].attrs["href"]) == ("No activity", "/new/")
    assert draw("empty", title="No activity").find("a") == []


def test_refused_act_stays_visible_with_its_reason():
    piece = draw("refused", label="Accept", id="why", may=refuse("You certified it.", "any other program officer"))
    [button] = piece.find("button")
    assert "disabled" in button.attrs
    assert (
        piece.find("p", id=button.attrs["aria-describedby"])[0].words == "You certified it. Who may: any other program officer."
    )


def test_conflict_shows_both_versions():
    rows = [
        {"label": "Female", "yours": 19, "theirs": 21, "is_same": False},
        {"label": "Note", "yours": "", "theirs": "late", "is_same": False},
        {"label": "Kind", "yours": "Training", "theirs": "Training", "is_same": True},
    ]
    piece = draw("conflict", conflict={"rows": rows, "who": "Ana", "when": "6 Feb 2020, 10:38"}, fresh_url="/edit/")
    assert [row.words for row in piece.find("tr")[1:]] == ["Female 19 21", "Note – late", "Kind Training the same"]
    assert [new.words for new in piece.find("ins")] == ["21", "late"]
    assert "Ana saved it at 6 Feb 2020, 10:38." in piece.words
    assert piece.find("a")[0].attrs["href"] == "/edit/"


def test_confirmation_asks_for_a_reason_and_shows_what_is_wrong():
    piece = draw(
        "confirm", title="Void it?", text="It stays readable.", form=Reason({"version": "1"}), submit="Void", cancel_url="/back/"
    )
    assert [heading.words for heading in piece.find("h1")] == ["Void it?"]
    assert piece.find("div", cls="al-errors")[0].find("a")[0].attrs["href"] == "#id_reason"
    assert piece.find("input", name="reason")[0].attrs["aria-invalid"] == "true"


@pytest.mark.parametrize(
    ("level", "kind", "role"),
    [
        (constants.SUCCESS, "success", "status"),
        (constants.INFO, "info", "status"),
        (constants.WARNING, "warning", "alert"),
        (constants.ERROR, "error", "alert"),
    ],
)
def test_message_interrupts_only_when_something_is_wrong(level, kind, role):
    [alert] = draw("messages", messages=[Message(level, "Saved <b>once</b>")]).find("div", cls="usa-alert")
    assert (alert.attrs["role"], f"usa-alert--{kind}" in alert.classes) == (role, True)
    assert alert.find("b") == []


def test_breadcrumb_is_a_list_of_links():
    trail = draw("crumbs", crumbs=[{"label": "Funding", "url": "/f/"}, {"label": "Awards", "url": "/f/a/"}])
    assert trail.find("nav")[0].attrs["aria-label"] == "Breadcrumb"
    assert [(link.words, link.attrs["href"]) for link in trail.find("a")] == [("Funding", "/f/"), ("Awards", "/f/a/")]


def test_pieces_draw_in_spanish_too():
    with override("es"):
        page = Paginator(range(3), 1).page(2)
        assert render_to_string("includes/_pager.html", {"page": page})
        assert render_to_string("includes/_errors.html", {"form": Reason({})})

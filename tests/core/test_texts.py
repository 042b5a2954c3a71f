from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cpc.core.texts import LANGUAGES, TextState, active_language, state_after_edit, text_in, text_original_field, text_state_field

texts = st.sampled_from(["", "  ", "one", "two"])
pairs = st.fixed_dictionaries({"en": texts, "es": texts})
states = st.sampled_from(TextState)
originals = st.sampled_from(LANGUAGES)


def pair(en, es, state="draft"):
    return SimpleNamespace(title_en=en, title_es=es, title_original="en", title_state=state)


def test_the_reader_gets_the_own_language():
    row = pair("Ports", "Puertos", "checked")
    for language, text in (("en", "Ports"), ("es", "Puertos")):
        with translation.override(language):
            shown = text_in(row, "title")
        assert (str(shown), shown.lang, shown.is_fallback, shown.state) == (text, language, False, TextState.CHECKED)


def test_a_missing_text_is_shown_in_the_other_language_and_says_so():
    shown = text_in(pair("Ports", " ", "missing"), "title", "es")
    assert (shown.text, shown.lang, shown.is_fallback, shown.state) == ("Ports", "en", True, TextState.MISSING)


def test_a_pair_without_any_text_is_false():
    shown = text_in(pair("", None, "missing"), "title", "es")
    assert not shown
    assert (shown.text, shown.lang, shown.is_fallback) == ("", "es", False)


@pytest.mark.parametrize(("active", "language"), [("en", "en"), ("es-pe", "es"), ("en-us", "en"), ("fr", "en")])
def test_there_are_two_languages(active, language):
    with translation.override(active):
        assert active_language() == language
    with translation.override(None):
        assert active_language() == "en"


def after(state="checked", *, original="en", before=("a", "b"), now=("a", "b"), checked=False):
    as_map = [dict(zip(LANGUAGES, two, strict=True)) for two in (before, now)]
    return state_after_edit(state, original=original, before=as_map[0], after=as_map[1], checked=checked)


def test_editing_the_original_makes_the_translation_stale():
    assert after(now=("A", "b")) == "stale"
    assert after(original="es", now=("a", "B")) == "stale"
    assert after("stale") == "stale"


def test_editing_the_translation_makes_a_draft_until_somebody_checks_it():
    assert after(now=("a", "B")) == "draft"
    assert after("stale", now=("a", "B")) == "draft"
    assert after("draft", checked=True) == "checked"
    assert after("stale", now=("A", "B"), checked=True) == "checked"


def test_an_empty_translation_is_missing_whatever_else_is_said():
    assert after(now=("a", ""), checked=True) == "missing"
    assert after(original="es", now=("", "b")) == "missing"


@given(states, originals, pairs, pairs, st.booleans())
def test_state_agrees_with_the_texts(state, original, before, now, checked):
    result = state_after_edit(state, original=original, before=before, after=now, checked=checked)
    translated = now["es" if original == "en" else "en"].strip()
    assert (result == TextState.MISSING) == (not translated)
    if result == TextState.CHECKED:
        assert checked or state == TextState.CHECKED
    if not checked and before[original].strip() != now[original].strip():
        assert result != TextState.CHECKED


@given(states, originals, pairs)
def test_saving_without_a_change_changes_nothing(state, original, texts):
    once = state_after_edit(state, original=original, before=texts, after=texts)
    assert state_after_edit(once, original=original, before=texts, after=texts) == once
    if state != TextState.MISSING and texts["es" if original == "en" else "en"].strip():
        assert once == state


def test_columns_fit_their_values():
    assert max(map(len, TextState.values)) <= text_state_field().max_length
    assert text_state_field().default == "missing"
    assert [code for code, _label in text_original_field().choices] == list(LANGUAGES)


def test_a_pair_without_a_state_counts_as_checked():
    shown = text_in(SimpleNamespace(name_en="Cusco region", name_es="región Cusco"), "name", "es")
    assert (shown.text, shown.state) == ("región Cusco", TextState.CHECKED)

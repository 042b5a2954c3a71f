"""Both languages are equal: every string stands in both catalogues, translated, with the same placeholders."""

import re

import pytest
from django.conf import settings

from cpc.core.catalogue import LANGUAGES, brought_up_to_date, path_of, read_catalogue, strings_of_template, translated, written

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>")


def messages(language):
    return [message for message in read_catalogue(settings.BASE_DIR, language) if message.id]


def texts(value):
    return list(value) if isinstance(value, tuple | list) else [value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_every_string_and_no_other(language):
    assert path_of(settings.BASE_DIR, language).read_text() == written(brought_up_to_date(settings.BASE_DIR, language)), (
        "Run ./run manage collect_strings, then translate what is new."
    )


def test_every_string_has_its_spanish():
    missing = [message.id for message in messages("es") if not translated(message)]
    assert not missing, f"{len(missing)} strings wait for their Spanish: {missing[:20]}"


def test_translation_keeps_the_placeholders():
    wrong = []
    for message in messages("es"):
        originals = {frozenset(PLACEHOLDER.findall(text)) for text in texts(message.id)}
        for text in texts(message.string):
            if text and frozenset(PLACEHOLDER.findall(text)) not in originals:
                wrong.append((message.id, text))
    assert not wrong


def test_spanish_is_spanish():
    """Words that give away an English sentence left as it was; names and codes are the same in both languages."""
    english = re.compile(r"\b(the|of|and|with|this|that|has|was|were|which|not)\b", re.IGNORECASE)
    suspects = [
        text
        for message in messages("es")
        for text in texts(message.string)
        if text and english.search(re.sub(r"<[^>]+>|%\(\w+\)s", "", text))
    ]
    assert not suspects


def test_template_strings_are_read_with_context_and_plural(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        '{% translate "Due" %} {% tag _("Saved") "full" %} {{ name|default:_("not known") }} '
        '{% blocktranslate count n=n context "days" %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}'
    )
    assert [(message, context) for _line, message, _comments, context in strings_of_template(template)] == [
        ("Due", None),
        ("Saved", None),
        ("not known", None),
        (("%(n)s day", "%(n)s days"), "days"),
    ]

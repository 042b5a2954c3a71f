"""Everything typed is hostile until proven otherwise: a message at the field in the reader's language, nothing saved, nothing
lost, never an error of the server. Source: the test catalogue, §2."""

import re
import unicodedata
from html import escape, unescape

import pytest

from activities.models import Activity
from partners.roles import Role

LIST = "/p/test-2017/activities/"
NEW = f"{LIST}new/"

# No entry is a choice, a day or a count. As the words of a title each is refused or kept as it is.
CORPUS = [
    # unicode
    "\x00", "a\x00b", "\u202eabc", "a\u200bb", "a" + "\u0301" * 10_000, "\ufeff1", "1\u20282", "１２", "١٢", "😀", "Ñ", "N\u0303",
    "\ufffd",
    # numbers
    "NaN", "Infinity", "-0", "1e400", "1e-400", "0x10", "1_000", "1,234.56", "1.234,56", "2147483648", "9223372036854775808",
    "18446744073709551616", "0.005", "9" * 5_000, "true", "[1]", "-1", "1000001",
    # days
    "2023-02-29", "2100-02-29", "2019-06-31", "0000-01-01", "10000-01-01", "01/02/2026", "2020-02-05T24:00", "2020-2-5",
    "٢٠٢٠-٠٢-٠٥",
    # injection
    "' OR 1=1--", ";", "${7*7}", "{{7*7}}", "{% debug %}", "<svg onload=alert(1)>", "javascript:alert(1)", "a\r\nSet-Cookie: x=1",
    "../../etc/passwd", "%2e%2e/", "%s{}", "=1+1", '"><script>alert(1)</script>', "\\\\host\\share", "*)(uid=*",
    # length
    "x" * 100_000,
]  # fmt: skip
FIELDS = ("kind", "starts_on", "ends_on", "state", "region", "other_region", "objective", "under", "n-male-children-child")
FILTERS = ("objective", "region", "organization", "award", "kind", "state", "from", "to")


def name(entry):
    return ascii(entry[:24])


@pytest.fixture
def page(login, officer):
    return login(officer)


def errors_of(text) -> dict[str, str]:
    """The messages at the fields, by the field's name."""
    return {
        key: unescape(said)
        for key, said in re.findall(r'<span class="usa-error-message" id="id_([\w-]+)_error">(.*?)</span>', text)
    }


@pytest.mark.parametrize("entry", CORPUS, ids=name)
def test_what_no_field_can_hold_is_refused_at_every_field(page, typed, entry):
    answer = page.post(NEW, typed | dict.fromkeys(FIELDS, entry))
    text = answer.content.decode()
    assert answer.status_code == 200
    errors = errors_of(text)
    # which other region is asked for by one answer only, and what is no choice there is refused all the same
    assert set(FIELDS) <= set(errors)
    assert all(errors.values())
    assert 'value="Interview techniques"' in text
    assert 'value="19"' in text
    assert "<svg onload" not in text
    assert "<script>alert" not in text
    assert not Activity.objects.exists()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("entry", ["a\x00b"], ids=name)
def test_one_bad_field_among_good_ones_is_the_only_one_named(page, typed, field, entry):
    answer = page.post(NEW, typed | {field: entry})
    assert set(errors_of(answer.content.decode())) == {field}
    assert not Activity.objects.exists()


def test_messages_are_in_the_language_of_the_reader(login, person, typed):
    bad = typed | dict.fromkeys(FIELDS, "' OR 1=1--") | {"title": "a\x00b", "notes": "maria@example.org"}
    pages = [login(person(Role.PROGRAM_OFFICER, language=code)).post(NEW, bad) for code in ("en", "es")]
    english, spanish = (errors_of(page.content.decode()) for page in pages)
    assert set(english) == set(spanish) == {*FIELDS, "title", "notes"}
    assert not [field for field in english if english[field] == spanish[field]]


@pytest.mark.parametrize("entry", CORPUS, ids=name)
def test_words_are_kept_as_they_are_or_refused_at_their_field(page, typed, entry):
    answer = page.post(NEW, typed | {"title": entry, "notes": entry}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<svg onload" not in text
    assert "<script>alert" not in text
    if answer.redirect_chain:
        stored = Activity.objects.get()
        kept = unicodedata.normalize("NFC", entry).replace("\r\n", "\n").strip()
        assert (stored.title, stored.notes) == (kept, kept)
        assert escape(kept) in text
    else:
        assert "title" in errors_of(text)
        assert not Activity.objects.exists()


@pytest.mark.parametrize("entry", CORPUS, ids=name)
def test_what_no_filter_can_hold_is_refused_at_every_filter(page, activity, entry):
    asked = dict.fromkeys(FILTERS, entry[:2_000])
    answer = page.get(LIST, asked)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert set(FILTERS) == set(errors_of(text))
    assert activity.title not in text
    assert page.get(LIST, asked | {"format": "csv"}).status_code == 400
    assert page.get(LIST, {"q": entry[:2_000]}).status_code in (200, 400)


@pytest.mark.parametrize("entry", CORPUS, ids=name)
def test_what_the_form_carries_unseen_may_be_anything(page, typed, activity, entry):
    """The name of the sending, the warnings seen, the version, which button, and what a form starts from."""
    assert page.get(NEW, {"from": entry[:2_000]}).status_code == 404
    assert page.get(LIST, {"page": entry[:2_000]}).status_code in (200, 404)
    answer = page.post(NEW, typed | {"once": entry, "seen": entry, "then": entry})
    assert answer.status_code == 302
    assert Activity.objects.count() == 2
    edit = page.post(f"{LIST}{activity.key}/edit/", typed | {"version": entry, "seen": entry})
    assert edit.status_code == 409
    activity.refresh_from_db()
    assert activity.version == 1


@pytest.mark.parametrize("entry", CORPUS, ids=name)
def test_a_reason_is_kept_as_it_is_or_refused(page, activity, entry):
    answer = page.post(f"{LIST}{activity.key}/void/", {"reason": entry})
    activity.refresh_from_db()
    if answer.status_code == 302:
        assert (activity.state, activity.reason) == ("void", unicodedata.normalize("NFC", entry).replace("\r\n", "\n").strip())
    else:
        assert answer.status_code == 200
        assert set(errors_of(answer.content.decode())) == {"reason"}
        assert activity.state == "held"


def test_a_title_of_a_megabyte_is_too_long_and_is_not_searched_for_persons(page, typed):
    answer = page.post(NEW, typed | {"title": "x" * 1_000_000})
    assert "200" in errors_of(answer.content.decode())["title"]
    assert page.post(NEW, typed | {"title": "x" * 5_000_000}).status_code == 400
    assert not Activity.objects.exists()


def test_a_form_of_ten_thousand_fields_is_refused(page, typed):
    answer = page.post(NEW, typed | {f"n-{number}": "1" for number in range(10_001)})
    assert answer.status_code == 400
    assert not Activity.objects.exists()

"""Whatever is typed about a contribution is answered at its field, in both languages, with nothing lost, nothing saved and never
an error of the server. Source: the test catalogue, §2."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, transaction

from funding.models import Contribution, ContributionConfirmation
from partners.models import Document
from partners.roles import Role
from tests import factories as make

from .gifts import TYPED, make_ministry

NEW = "/p/test-2017/pledges/contributions/new/"
AMOUNTS = [
    "NaN", "Infinity", "-Infinity", "-0.01", "-1", "−5.00", "0.005", "1.234", "1,234.567", "1.234,50", "1.234,5", "1234,50",
    "12,34.50", "1,23,456", "1e400", "1e-400", "1e5", "0x10", "1_000", "1 000.00", "1'000.00", "١٢", "１２", "US$ 100", "USD 100",
    "100 USD", "S/ 100", "$100", "€100", "PEN 5", "100 PEN", "true", "[1]", "{}", "null", "1/2", "50%", "1000000000000.00",
    "999999999999999", "9" * 5_000, ".5", "5.", "--5", "+5", "1\x00", "\u202e5", "5\u200b", "=1+1", "' OR 1=1--", "{{7*7}}",
    "<svg onload=alert(1)>", "a" * 100_000,
]  # fmt: skip
QUANTITIES = [
    "1.5", "-1", "0", "1,5", "1.000", "NaN", "1e3", "1000001", "9999999999", "2147483648", "9" * 5_000, "٣", "３", "1 post", "½",
    "+1", "0x1", "1_0", "true", "\x00", "'", "{{1}}",
]  # fmt: skip
DAYS = [
    "2020-02-11", "2020-02", "2020", "2021", "2020-12-31", "9999-12-31", "10000", "10000-01-01", "0000", "0000-01-01", "1899",
    "2017-06-14", "2017-05", "2016", "2019-02-29", "2100-02-29", "2019-06-31", "2019-13", "2019-00", "2019-6", "19-06-15",
    "01/02/2019", "15/06/2019", "2019/06/15", "2019-06-15T00:00", "2019-06-15 24:00", "2019-06-15+14:00", "junio 2019",
    "yesterday", "２０１９", "٢٠١٩", "NaN", "\x00", "2019\x00", "2019-06-15; DROP TABLE", "{{7*7}}", "9" * 5_000,
]  # fmt: skip
CHOICES = ["", "nothing", "\x00", "1", "-1", "' OR 1=1--", "{{7*7}}", "<b>", "x" * 10_000, "١", "NaN"]
TEXTS = ["a\x00b", "\u202eabc", "a\u200bb", "a" + "\u0301" * 10_000, "x" * 301, "x" * 100_000, "DNI 12345678", "ana@example.org",
         "+51 987 654 321", "Exp. N° 123-2019", "a\r\nSet-Cookie: x=1", "a\u2028b"]  # fmt: skip
ADDRESSES = ["javascript:alert(1)", "ftp://example.org", "example", "//example.org", "http://", "https://a b", "\x00",
             "x" * 10_000, "data:text/html,x", "file:///etc/passwd", "https://example.org/" + "a" * 500]  # fmt: skip
PAST = ("2020-02", "2020", "2017-06-14", "2017-05", "2016")  # a document may be older than the partnership
CITED = {"new_title": "Report", "new_publisher": "Ministry"}

# Field → what is typed into it, and what else must be typed for the field to be asked.
CASES = {
    "amount": (AMOUNTS, {}),
    "quantity": (QUANTITIES, {"kind": "posts", "amount": ""}),
    "effective": (DAYS, {}),
    **{name: (CHOICES, {}) for name in ("kind", "entity", "region", "valuation")},
    "source": ([entry for entry in CHOICES if entry], {}),
    **{name: (TEXTS, {}) for name in ("words_en", "words_es")},
    **dict.fromkeys(("new_title", "new_publisher"), (TEXTS, CITED)),
    "new_published": ([entry for entry in DAYS if entry not in PAST], CITED),
    "new_address": (ADDRESSES, CITED),
}
KINDS = [
    {"kind": kind, "valuation": valuation}
    for kind in ("cash", "posts", "shelter", "project") for valuation in ("none", "budget", "stated")
]  # fmt: skip
# Typed as they stand, and found again in the control; a select shows what it offers.
SHOWN_AGAIN = {
    "amount",
    "quantity",
    "effective",
    "words_en",
    "words_es",
    "new_title",
    "new_publisher",
    "new_published",
    "new_address",
}
SAYS = {"en": "There is a problem", "es": "Hay un problema"}


@pytest.fixture
def client_of_delegate(client, partnership):
    ministry = make_ministry(partnership)
    client.force_login(make.make_user(Role.HOST_DELEGATE, partnership, organization=ministry))
    return client


def nothing_is_saved():
    return not (Contribution.objects.exists() or Document.objects.exists())


def ask(client, name, entry, rest):
    for language, says in SAYS.items():
        answer = client.post(f"{NEW}?lang={language}", {**TYPED, **rest, name: entry})
        html = answer.content.decode()
        label = f"{name} {ascii(entry[:40])} {rest} {language}"
        assert answer.status_code == 200, f"{label}: {answer.status_code}"
        assert says in html, label
        assert f'id="id_{name}_error"' in html, label
        if name in SHOWN_AGAIN and "\n" not in entry:
            assert entry.strip("\x00") in unescape(html), f"{label}: what was typed is lost"


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_at_its_field_in_both_languages(client_of_delegate, name):
    entries, rest = CASES[name]
    for entry in entries:
        ask(client_of_delegate, name, entry, rest)
    assert nothing_is_saved()


@pytest.mark.deep
@pytest.mark.parametrize("rest", KINDS, ids=lambda rest: "-".join(rest.values()))
@pytest.mark.parametrize("name", ["amount", "quantity", "effective"])
def test_bad_numbers_and_days_are_answered_for_every_kind_and_valuation(client_of_delegate, name, rest):
    for entry in CASES[name][0]:
        ask(client_of_delegate, name, entry, rest)
    assert nothing_is_saved()


def test_the_value_of_a_dispute_is_read_as_every_amount(client_of_delegate, partnership):
    row = make.make_contribution(partnership, amount="100.00")
    page = f"/p/{partnership.key}/pledges/contributions/{row.key}/dispute/"
    for entry in AMOUNTS:
        answer = client_of_delegate.post(page, {"amount": entry, "reason": "Counted twice."})
        assert answer.status_code == 200, entry[:40]
        assert 'id="id_amount_error"' in answer.content.decode(), entry[:40]
    assert not ContributionConfirmation.objects.exists()


def test_the_currency_is_the_hosts_whatever_is_sent_along(client_of_delegate):
    extra = {"currency": "USD", "is_sample": "on", "known_on": "2017-06-15", "certainty": "primary", "key": "mine", "voids": "1"}
    client_of_delegate.post(NEW, TYPED | extra)
    row = Contribution.objects.get()
    assert (row.currency, row.is_sample, row.known_on.isoformat(), row.certainty, row.voids) == (
        "PEN", False, "2020-02-10", "secondary", None,
    )  # fmt: skip
    assert row.key != "mine"


@pytest.mark.parametrize(
    ("entry", "amount"),
    [("0", "0.00"), ("-0", "0.00"), ("1,234.50", "1234.50"), (" 5 ", "5.00"), ("999,999,999,999.99", "999999999999.99")],
)
def test_what_can_be_read_is_kept_to_the_cent(client_of_delegate, entry, amount):
    client_of_delegate.post(NEW, TYPED | {"amount": entry})
    assert str(Contribution.objects.get().amount) == amount


@pytest.mark.parametrize("text", ["Ñandú N\u0303", "😀", "<script>alert(1)</script>", "{{7*7}}", "=1+1", "' OR 1=1--", "%s{}"])
def test_words_are_kept_as_they_are_and_shown_inert(client_of_delegate, text):
    answer = client_of_delegate.post(NEW, TYPED | {"words_en": text}, follow=True)
    html = answer.content.decode()
    assert "<script>alert(1)" not in html
    assert unescape(re.search(r"<h1>(.*?)</h1>", html, re.S).group(1)).strip() == text.replace("N\u0303", "Ñ")


@pytest.mark.parametrize("once", ["", "x", "\x00", "' OR 1=1--", "9" * 5_000])
def test_a_name_of_a_sending_that_is_none_is_replaced(client_of_delegate, once):
    client_of_delegate.post(NEW, TYPED | {"once": once})
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("path", ["", "replace/", "void/", "dispute/"])
@pytest.mark.parametrize("key", ["nothing", "a" * 300, "test-2017"])
def test_a_key_that_is_none_is_a_404(client_of_delegate, path, key):
    assert client_of_delegate.get(f"/p/test-2017/pledges/contributions/{key}/{path}").status_code == 404


def test_the_database_refuses_what_passes_by_the_form(partnership):
    for fields in ({"amount": "-1.00"}, {"currency": ""}, {"words_en": "", "words_es": ""}):
        row = make.make_contribution(partnership)
        row.pk, row.key = None, f"{row.key}-copy"
        for name, value in fields.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

"""A partnership of a country that the code does not know: four objectives, another currency, another zone."""

import io

import pytest
from django.core.management import CommandError, call_command

OTHER = """\
country: {key: XZ, name: {en: Otherland, es: Otrolandia}, currency: EUR, fiscal_year_starts: 4}
regions:
  - {key: XZ-A, name: {en: Alpha, es: Alfa}}
  - {key: XZ-B, name: {en: Beta, es: Beta}, ubigeo: "02"}
partnership:
  key: other-2031
  name: {en: Otherland Compact, es: Alianza con Otrolandia}
  host_country: XZ
  host_name: {en: Otherland, es: Otrolandia}
  time_zone: Asia/Tokyo
  host_currency: EUR
  signed: 2018-03-01
  source: text
  certainty: primary
documents:
  - {key: text, title: Text, publisher: State, published: 2018-03-02}
  - {key: undated, title: Page, publisher: Somebody}
organizations:
  - {key: other-ngo, name: {en: Other NGO, es: ONG Otra}, organization_class: foreign_ngo}
  - {key: other-gov, name: {en: Government, es: Gobierno}, organization_class: government}
members:
  - {organization: other-ngo, part: prime, from: 2018-04, source: text, certainty: primary}
objectives:
  - {key: one, number: 1, title: {en: One, es: Uno}, short: {en: One, es: Uno}, source: text, certainty: primary}
  - {key: two, number: 2, title: {en: Two}, short: {en: Two, es: Dos}, source: text, certainty: primary}
  - {key: three, number: 3, title: {es: Tres, original: es}, short: {en: Three, es: Tres}, source: text, certainty: primary}
  - {key: four, number: 4, title: {en: Four, es: Cuatro, state: checked}, short: {en: Four, es: Cuatro}, certainty: assumed}
coverage:
  - {region: XZ-A, from: 2018-03-01, source: text, certainty: primary}
  - {region: XZ-B, from: 2019-01-01, certainty: assumed}
term_events:
  - {key: other-signed, kind: signed, effective: 2018-03-01, new_end: 2022-02, source: text, certainty: primary}
exchange_rates:
  - base: USD
    quote: EUR
    kind: end_of_period
    source: TEST
    rates:
      - {record_date: 2018-03-31, rate: "0.8113"}
awards:
  - key: other-award
    title: {en: Award, es: Subvención}
    currency: USD
    source: text
    certainty: primary
    recipients:
      - {organization: other-ngo, rule_class: recipient_2cfr200, source: text, certainty: primary}
    actions:
      - key: other-award-1
        kind: initial
        effective: 2018-04
        amount: "2000000.00"
        recipient: other-ngo
        start: 2018-04
        new_end: 2021-03
        basis: announced
        guidance_version: UG-2014
        source: undated
        certainty: secondary
pledges:
  - key: other-pledge
    effective: 2018-03-01
    amount: 1500000
    currency: EUR
    qualifier: at_least
    rate: {base: USD, record_date: 2018-03-31, source: TEST}
    source: text
    certainty: primary
statements:
  - key: other-said
    measure: us_total
    effective: 2018
    amount: "2100000.00"
    currency: USD
    words: {en: Said, es: Dicho}
    certainty: derived
dialogues:
  - {key: other-dialogue-1, ordinal: 1, starts: 2019-03, ends: 2019-03, source: text, certainty: primary}
activities:
  - key: other-a1
    kind: training
    objective: four
    region: XZ-A
    organization: other-ngo
    award: other-award
    starts: 2019-05-06
    title: Training
    counts:
      - {group: officials, sex: female, age: adult, n: 0}
"""


@pytest.fixture
def load(tmp_path, db):
    """`load(text, …)` loads a file with this text and gives what the command printed."""

    def run(text, *options, name="file.yaml"):
        path = tmp_path / name
        path.write_text(text)
        out = io.StringIO()
        call_command("load_partnership", str(path), *options, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def refusal(load):
    """`refusal(text, …)`: the words in which a file is refused."""

    def run(*args, **options):
        with pytest.raises(CommandError) as refused:
            load(*args, **options)
        return str(refused.value)

    return run


@pytest.fixture
def other():
    return OTHER

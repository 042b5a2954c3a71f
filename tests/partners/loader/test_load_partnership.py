"""A partnership from a file: all mistakes at once with their line, all or nothing, and equal rows change nothing."""

from datetime import date
from decimal import Decimal

import pytest

from activities.models import Activity, Deadline, Dialogue
from cpc.audit.models import AuditEvent
from cpc.reference.models import Region
from cpc.reference.services import load_reference
from funding.models import Award, AwardAction, Pledge
from partners.models import Coverage, Objective, Organization, Partnership, Statement, TermEvent
from tests import factories as make

from .state import everything, line_of

pytestmark = pytest.mark.django_db


def test_partnership_of_another_country_loads_without_a_change_of_code(load, other):
    load(other)
    partnership = Partnership.objects.get(key="other-2031")
    assert (partnership.host_country.key, partnership.host_currency, partnership.time_zone) == ("XZ", "EUR", "Asia/Tokyo")
    assert partnership.objectives.count() == 4
    assert partnership.source.key == "text"
    assert partnership.tracked_from is None
    due = Deadline.objects.filter(partnership=partnership, kind="performance_report").order_by("due_on")
    assert (due.count(), due.first().due_on) == (11, date(2018, 7, 30))
    assert Deadline.objects.get(partnership=partnership, kind="term_end").due_on == date(2022, 2, 28)


def test_partnership_of_another_country_shows(load, other, login):
    load(other)
    officer = make.make_user("program_officer", Partnership.objects.get(key="other-2031"))
    page = login(officer).get("/p/other-2031/")
    assert page.status_code == 200
    assert "Otherland Compact" in page.content.decode()


def test_dates_stand_as_exact_as_their_source(load, other):
    load(other)
    action = AwardAction.objects.get(key="other-award-1")
    assert (action.effective_on, action.effective_precision) == (date(2018, 4, 30), "month")
    assert (action.start_on, action.new_end_on) == (date(2018, 4, 1), date(2021, 3, 31))
    statement = Statement.objects.get(key="other-said")
    assert (statement.effective_on, statement.effective_precision) == (date(2018, 12, 31), "year")


def test_known_on_is_the_day_of_the_source_else_the_last_day_that_fits(load, other):
    load(other)
    assert TermEvent.objects.get(key="other-signed").known_on == date(2018, 3, 2)
    assert AwardAction.objects.get(key="other-award-1").known_on == date(2018, 4, 30)
    assert Dialogue.objects.get(key="other-dialogue-1").known_on == date(2018, 3, 2)
    assert Coverage.objects.get(region__key="XZ-B").known_on == date(2019, 1, 1)


def test_known_on_is_never_after_the_real_day(refusal, other):
    said = refusal(other.replace("effective: 2018\n", "effective: 2150\n"))
    assert f"line {line_of(other, 'key: other-said')}: statements[0].known_on: " in said
    assert not Partnership.objects.filter(key="other-2031").exists()


def test_file_counts_as_proposer_and_decider(load, other):
    operator = make.make_user(email="operator@example.org")
    load(other, "--operator", "operator@example.org", name="other-2031.yaml")
    for row in (TermEvent.objects.get(), AwardAction.objects.get(), Pledge.objects.get()):
        assert (row.loaded_from, row.proposed_by, row.decided_by) == ("other-2031.yaml", operator, None)
        assert row.decided_at is not None
    event = AuditEvent.objects.get(act="partnership.loaded")
    assert (event.actor, event.details["source"]) == (operator, "other-2031.yaml")
    assert event.details["added"]["objective"] == 4


def test_unknown_operator_is_refused(refusal, other):
    assert "Nobody has the e-mail nobody@example.org" in refusal(other, "--operator", "nobody@example.org")


def test_loading_twice_changes_nothing(load, other):
    load(other)
    before = everything()
    assert "added: nothing" in load(other)
    assert everything() == before


def test_dry_run_changes_nothing_and_says_what_would(load, other):
    before = everything()
    said = load(other, "--dry-run")
    assert "dry run" in said
    assert "4 × objective" in said
    assert everything() == before


def test_five_mistakes_are_named_with_their_lines_and_nothing_changes(refusal, other):
    bad = (
        other.replace('amount: "2000000.00"', "amount: 2000000.00")
        .replace("region: XZ-B, from", "region: XZ-Q, from")
        .replace("new_end: 2022-02,", "new_end: 2022-02-31,")
        .replace("qualifier: at_least", "qualifer: at_least")
        .replace("  - {key: other-gov", "  - {key: Other Gov")
    )
    before = everything()
    said = refusal(bad)
    places = {
        'awards[0].actions[0].amount: Put the amount in quotes, for example "2000000.00"': "amount: 2000000.00",
        "coverage[1].region: No region has the key 'XZ-Q'": "region: XZ-Q, from",
        "term_events[0].new_end: 2022-02-31 is not in the calendar.": "new_end: 2022-02-31",
        "pledges[0].qualifer: There is no field qualifer here. Did you mean qualifier?": "qualifer",
        "organizations[1].key: 'Other Gov' is not a key.": "Other Gov",
    }
    for words, part in places.items():
        assert f"line {line_of(bad, part)}: {words}" in said
    assert "5 mistakes; nothing was changed." in said
    assert everything() == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dialogues:", "dialogs:", "A file has no section dialogs. Did you mean dialogues?"),
        ("  host_country: XZ\n", "", "partnership.host_country: This is missing. It is the key of a country, for example XA."),
        ("signed: 2018-03-01", "signed: 2018-03", "partnership.signed: Write a day as year-month-day"),
        ("time_zone: Asia/Tokyo", "time_zone: Asia/Tokio", "'Asia/Tokio' is no time zone."),
        ("host_currency: EUR", "host_currency: EUX", "Enter the three-letter code of a currency in use"),
        ("amount: 1500000", 'amount: "1.500.000,00"', "Use the point for cents"),
        ("amount: 1500000", 'amount: "NaN"', "Enter the amount in digits alone"),
        ("amount: 1500000", "amount: 1500000\n    amount: 1", "The key amount stands in line"),
        ('rate: "0.8113"', "rate: 0.8113", "Put the rate in quotes"),
        ("n: 0", "n: -1", "-1 does not fit. It is a whole number"),
        ("n: 0", "n: 5000000", "At most 1,000,000 in one cell."),
        ("certainty: secondary", "certainty: sure", "'sure' is not one of: primary, secondary, derived, assumed."),
        ("source: undated\n        certainty: secondary", "certainty: secondary", "Name the source"),
        ("from: 2019-01-01, certainty: assumed", "from: 2019-01-01", "Say how sure it is"),
        ("kind: signed", "kind: void", "A step of the term has a new end; a void names the step"),
        ("new_end: 2021-03", "new_end: 2018-03", "The period ends on or after its first day."),
        ("recipient: other-ngo", "recipient: other-gov", "other-gov is not among the recipients of other-award."),
        ("source: TEST}\n", "source: TSET}\n", "There is no rate USD/EUR of TSET for 2018-03-31."),
        ("title: {en: Two}", "title: {es: Dos}", "The original (en) is not written."),
        ("{en: Said, es: Dicho}", "{en: Said, as a sum, es: Dicho}", "A text with a comma or a colon belongs in quotes."),
        ("number: 4,", "number: 3,", "objectives[3]: Another row has the same number."),
        ("  - {key: two,", "  - {key: one,", "This objective stands in line"),
        ("partnership:\n", "partnershp:\n", "Say which partnership it is"),
        ("coverage:\n", "coverage: XZ\nmore:\n", "coverage is a list: each row starts with a hyphen."),
        ("    recipients:\n", "    recipient_list:\n", "recipients is missing."),
        ("title: Training\n", "title: ~\n", "Nothing stands here."),
        ("key: XZ-B,", "key: YY-B,", "regions[1].key: No country has the key 'YY'"),
        ('ubigeo: "02"', "ubigeo: 1502", 'Put it in quotes, so that it is read as text: "1502".'),
        ("title: Training\n", f"title: {'x' * 201}\n", "Ensure this value has at most 200 characters (it has 201)."),
        ("region: XZ-A, from", "region: PE-CUS, from", "PE-CUS is not a region of the host country, XZ."),
    ],
)
def test_mistake_is_said_so_that_it_can_be_mended(refusal, other, old, new, words):
    load_reference()
    assert old in other
    said = refusal(other.replace(old, new, 1))
    assert words in said
    assert said.startswith("line ")
    assert not Partnership.objects.filter(key="other-2031").exists()


def test_mistakes_behind_a_bad_row_are_named_too(refusal, other):
    bad = other.replace("    currency: USD\n", "    currency: US\n").replace("basis: announced", "basis: told")
    said = refusal(bad)
    assert "awards[0].currency" in said
    assert "awards[0].actions[0].basis" in said


def test_changed_ledger_row_is_refused_with_the_difference(load, refusal, other):
    load(other)
    before = everything()
    changed = other.replace('amount: "2000000.00"', 'amount: "2500000.00"').replace('rate: "0.8113"', 'rate: "0.8114"')
    said = refusal(changed)
    assert f"line {line_of(changed, 'key: other-award-1')}: awards[0].actions[0]: " in said
    assert "amount: 2000000.00 there, 2500000.00 in the file" in said
    assert "rate: 0.81130000 there, 0.8114 in the file" in said
    assert everything() == before


def test_new_rows_are_added_beside_equal_ones(load, other):
    load(other)
    more = other + "  - {key: other-a2, kind: visit, objective: one, organization: other-ngo, starts: 2019-06-01, title: Visit}\n"
    said = load(more)
    assert "added: 1 × activity\n" in said
    assert Activity.objects.count() == 2


def test_void_takes_a_ledger_row_back(load, other):
    load(other)
    void = "  - {key: other-void, kind: void, effective: 2018-05-02, voids: other-signed, reason: Wrong., certainty: derived}\n"
    load(other.replace("exchange_rates:", void + "exchange_rates:"))
    signed = TermEvent.objects.get(key="other-signed")
    assert signed.voided_by.key == "other-void"
    assert not TermEvent.objects.in_force(as_of=date(2019, 1, 1), known_on=date(2019, 1, 1)).exists()


def test_descriptive_row_follows_the_file_and_leaves_a_trail(load, other):
    load(other)
    said = load(other.replace("title: {en: One, es: Uno}", "title: {en: First, es: Uno}"))
    assert "changed: objective 1 one: title_en: One there, First in the file" in said
    assert Objective.objects.get(key="one").title_en == "First"
    event = AuditEvent.objects.get(act="row.changed_by_file")
    assert (event.before, event.after) == ({"title_en": "One"}, {"title_en": "First"})


def test_what_people_edited_since_is_kept(load, other):
    load(other)
    Activity.objects.filter(key="other-a1").update(title="Edited here", version=2)
    said = load(other)
    assert "kept as it is: activity Edited here" in said
    assert Activity.objects.get(key="other-a1").title == "Edited here"


def test_region_and_shared_organization_stay_as_they_are_kept_here(load, other):
    load(other)
    make.make_member(make.make_partnership(), Organization.objects.get(key="other-ngo"))
    load(other.replace("en: Alpha,", "en: Changed,").replace("en: Other NGO,", "en: Changed,"))
    assert Region.objects.get(key="XZ-A").name_en == "Alpha"
    assert Organization.objects.get(key="other-ngo").name_en == "Other NGO"


def test_key_of_another_partnership_is_refused(refusal, other):
    make.make_award(make.make_partnership(), key="other-award")
    said = refusal(other)
    assert "awards[0].key: Another partnership has an award with the key other-award. Choose another." in said
    assert Award.objects.count() == 1


SUBS = """\
  - key: other-sub
    level: sub
    parent: other-later
    pass_through: other-ngo
    title: {en: Sub, es: Sub}
    currency: USD
    source: text
    certainty: primary
    recipients: []
    actions: []
  - key: other-later
    title: {en: Later, es: Luego}
    currency: USD
    source: text
    certainty: primary
    recipients: []
    actions: []
"""


def test_row_may_point_to_a_later_one(load, other):
    load(other.replace("pledges:", SUBS + "pledges:"))
    assert Award.objects.get(key="other-sub").parent.key == "other-later"


def test_rows_that_point_to_each_other_are_refused(refusal, other):
    circle = SUBS.replace("key: other-later\n", "key: other-later\n    parent: other-sub\n    level: sub\n", 1)
    said = refusal(other.replace("pledges:", circle + "pledges:"))
    assert "awards[1]: It points to a row that comes later" in said
    assert "awards[2]: It points to a row that comes later" in said


def test_row_behind_a_refused_one_is_not_named_as_a_mistake_of_its_own(refusal, other):
    said = refusal(other.replace("pledges:", SUBS.replace("en: Later,", "en: 1,") + "pledges:"))
    assert "awards[2].title.en" in said
    assert "1 mistake; nothing was changed." in said


SAMPLE = """\
sample: true
adds_to: other-2031
tracked_from: 2018-03-01
activities:
  - {key: other-s1, kind: visit, objective: one, organization: other-ngo, starts: 2019-06-01, title: Invented}
"""


def test_sample_file_marks_its_rows(load, other):
    load(other)
    load(SAMPLE)
    assert Activity.objects.get(key="other-s1").is_sample
    assert not Activity.objects.get(key="other-a1").is_sample
    assert Partnership.objects.get().tracked_from == date(2018, 3, 1)
    assert "added: nothing" in load(other)
    assert Partnership.objects.get().tracked_from == date(2018, 3, 1)


def test_sample_takes_no_place_of_a_fact_and_adds_nothing_that_cannot_be_marked(load, refusal, other):
    load(other)
    said = refusal(SAMPLE.replace("other-s1", "other-a1"))
    assert "a sample cannot take the place of a fact" in said
    said = refusal(SAMPLE + "organizations:\n  - {key: invented, name: {en: A, es: B}, organization_class: foreign_ngo}\n")
    assert "A sample file cannot add" in said
    assert not Organization.objects.filter(key="invented").exists()


def test_partnership_keeps_a_source_that_another_file_brought(load, other):
    load(other)
    start = other.index("documents:")
    load(other[:start] + other[other.index("organizations:") :])
    assert Partnership.objects.get().source.key == "text"


def test_file_adds_only_to_a_partnership_that_is_there(refusal):
    assert "line 2: adds_to: There is no partnership other-2031. Load its own file first." in refusal(SAMPLE)


def test_amount_is_exact(load, other):
    load(other)
    assert AwardAction.objects.get().amount == Decimal("2000000.00")
    assert Pledge.objects.get().rate.rate == Decimal("0.8113")

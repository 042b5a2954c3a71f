"""Decisions taken here, from the proposal to the rows: what they move, what they leave alone, and that nothing is born late."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from activities.deadlines.gather import load_awards
from activities.deadlines.history import moves_of
from activities.deadlines.looking_back import rows_as_of
from activities.deadlines.models import Deadline
from activities.deadlines.services import mark_met
from activities.tasks import outcome_of, recompute
from cpc.approvals.services import approve, preview, propose
from cpc.core.periods import Period
from funding.models import Award, AwardAction
from partners.management.commands.load_partnership import load
from partners.models import Partnership
from tests import factories as make

day = date.fromisoformat
TODAY = date(2020, 2, 10)
OPEN = (
    "pk",
    "key",
    "rule",
    "raw_on",
    "due_on",
    "next_business_on",
    "period_from",
    "period_to",
    "inputs",
    "met_at",
    "superseded_at",
)


def at(text):
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=make.LIMA)


def decide(partnership, *acts, on="2020-02-10"):
    """Propose, preview and approve, all on one day; the consequences."""
    officers = [make.make_user("grants_officer", partnership) for _each in range(2)]
    proposal = propose(partnership.pk, list(acts), actor=officers[0], at=at(on), reason="As agreed.")
    seen = preview(proposal, at=at(on))
    return approve(proposal.pk, actor=officers[1], at=at(on), seen=seen.fingerprint).consequences


def extension(award, end):
    return {"act": "action", "award": award.key, "kind": "no_cost_extension", "new_end": end, "basis": "signed"}


def open_rows(**wanted):
    return list(Deadline.objects.open().filter(**wanted).order_by("key").values(*OPEN))


def check(settings, on):
    settings.ALIANZA_DEMO, settings.ALIANZA_TODAY = True, day(on)
    out = StringIO()
    call_command("compute_deadlines", "--check", stdout=out)
    return out.getvalue()


@pytest.fixture
def ngo(partnership):
    return make.make_organization("ngo")


@pytest.fixture
def award(partnership, ngo):
    award = make.make_award(partnership, key="grant", recipients=[ngo])
    make.make_action(award, start="2017-10", end="2019-12-31", guidance_version="UG-2014")
    recompute(partnership.pk, today=TODAY)
    return award


def test_extension_of_peru_s_first_award_adds_six_interims_moves_the_final_and_leaves_what_was_submitted(db, settings):
    settings.ALIANZA_DEMO, settings.ALIANZA_TODAY = True, TODAY
    load("partners/data/peru-2017.yaml")
    peru = Partnership.objects.get(key="peru-2017")
    initial = Award.objects.get(key="peru-2017-initial")
    yanapanakusun = initial.recipients.get(organization__key="yanapanakusun").organization
    in_time = Period(day("2019-10-01"), day("2019-12-31"))
    assert mark_met(award_id=initial.pk, recipient_id=yanapanakusun.pk, period=in_time, met_at=at("2020-01-28"))
    submitted = list(Deadline.objects.exclude(met_at=None).order_by("key").values())
    of_others = open_rows(award=Award.objects.get(key="peru-2017-extension"))
    found = decide(peru, extension(initial, "2022-06-30"))["deadlines"]
    stem = "peru-2017-initial-yanapanakusun"
    quarters = ("2020-q4", "2021-q1", "2021-q2", "2021-q3", "2021-q4", "2022-q1")
    created = [key for key in found["created"] if key.startswith(stem)]
    for half in ("performance", "financial"):
        assert [key for key in created if key.endswith(half) and "final" not in key] == [f"{stem}-{q}-{half}" for q in quarters]
        old = Deadline.objects.get(key=f"{stem}-2020-q4-final-{half}")
        assert old.superseded_by.key == f"{stem}-2022-q2-final-{half}"
        assert old.superseded_by.due_on == day("2022-09-28")
    assert list(Deadline.objects.exclude(met_at=None).order_by("key").values()) == submitted
    assert open_rows(award=Award.objects.get(key="peru-2017-extension")) == of_others
    assert not [row for row in Deadline.objects.all() if row.decided_on]  # none of them was late
    assert "rows equal the engine" in check(settings, "2020-02-10")


def test_extension_decided_when_its_first_report_would_be_late_gives_thirty_days(partnership, award, settings, officer):
    found = decide(partnership, extension(award, "2021-12-31"))["deadlines"]
    interim = Deadline.objects.get(key="grant-ngo-2019-q4-performance")
    assert (interim.raw_on, interim.legal_on, interim.due_on) == (day("2020-01-30"), day("2020-01-30"), day("2020-03-11"))
    assert interim.decided_on == TODAY
    assert found["created"][interim.key]["due_on"] == "2020-03-11"
    assert Deadline.objects.get(key="grant-ngo-2019-q3-performance").due_on == day("2019-10-30")
    for later in ("2020-02-11", "2020-07-01", "2021-01-01"):
        assert recompute(partnership.pk, today=day(later)).n_written == 0
        assert "rows equal the engine" in check(settings, later)
    looked_up = rows_as_of(officer, partnership, as_of=day("2020-02-12"), known_on=day("2020-02-12"))
    assert [row.due_on for row in looked_up if row.key == interim.key] == [day("2020-03-11")]


def test_new_award_of_the_past_begins_without_a_late_report(partnership, ngo):
    new = {
        "act": "award", "key": "late-grant", "level": "prime", "currency": "USD", "title_en": "Late", "title_es": "Tardía",
        "recipients": [{"organization": "ngo", "rule_class": "recipient_2cfr200"}], "amount": "100.00", "basis": "signed",
        "effective": "2019-01-15", "start": "2019-01-01", "new_end": "2020-12-31", "guidance_version": "UG-2014",
    }  # fmt: skip
    decide(partnership, new)
    rows = Deadline.objects.filter(award__key="late-grant", kind="performance_report").order_by("key")
    assert [row.due_on.isoformat() for row in rows] == ["2020-03-11"] * 4 + ["2020-04-30", "2020-07-30", "2020-10-30"]
    assert not [row for row in Deadline.objects.filter(award__key="late-grant") if row.due_on < TODAY]


def test_decision_and_its_void_leave_the_open_rows_of_before(partnership, award):
    before = open_rows()
    decide(partnership, extension(award, "2022-06-30"))
    step = AwardAction.objects.get(award=award, kind="no_cost_extension")
    assert open_rows() != before
    decide(partnership, {"act": "action_void", "voids": step.key})
    assert open_rows() == before


def test_file_that_is_loaded_on_the_day_of_a_decision_is_history_all_the_same(partnership, award, ngo):
    other = make.make_award(partnership, key="other", recipients=[ngo])
    make.make_action(other, start="2017-10", end="2019-12-31")
    make.make_action(other, kind="no_cost_extension", amount=None, end="2020-06-30", effective="2020-02-10")
    decide(partnership, {"act": "action", "award": "other", "kind": "supplement", "amount": "5.00", "basis": "signed"})
    assert Deadline.objects.get(key="other-ngo-2019-q4-performance").due_on == day("2020-01-30")


def test_page_and_api_say_why(partnership, award, officer, client):
    decide(partnership, extension(award, "2021-12-31"))
    client.force_login(officer)
    words = "Computed day 30 Jan 2020, before the decision of 10 Feb 2020; 30 days from the decision."
    page = client.get(f"/p/{partnership.key}/deadlines/?kind=performance_report").content.decode()
    assert words in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    for address in ("", "&as_of=2020-02-11"):
        rows = client.get(f"/api/v1/deadlines/?partnership={partnership.key}&kind=performance_report{address}").json()["results"]
        row = next(row for row in rows if row["key"] == "grant-ngo-2019-q4-performance")
        assert row["explanation"].replace("\u00a0", " ").endswith(words)
        assert [row[name] for name in ("raw_on", "legal_on", "due_on", "decided_on")] == [
            "2020-01-30", "2020-01-30", "2020-03-11", "2020-02-10",
        ]  # fmt: skip


def test_history_tells_the_day_that_counted(partnership, award, settings):
    decide(partnership, extension(award, "2020-01-15"), on="2020-05-05")  # final by the rule on 2020-04-14
    row = Deadline.objects.get(key="grant-ngo-2020-q1-final-performance")
    assert (row.legal_on, row.due_on) == (day("2020-04-14"), day("2020-06-04"))
    awards = load_awards(Award.objects.filter(pk=award.pk), as_of=day("2020-05-05"), known_on=day("2020-05-05"))
    rows = list(Deadline.objects.select_related("award", "recipient").filter(pk=row.pk))
    (move,) = moves_of(rows, partnership, awards, today=day("2020-05-05"), closed_days={})[row.pk]
    assert (move.on, move.before) == (day("2020-05-05"), day("2020-03-30"))


def test_decisions_ask_for_no_more_statements_than_a_file(partnership, award, ngo, django_assert_max_num_queries):
    for n in range(3):
        decide(partnership, extension(award, f"202{n + 1}-12-31"), on=f"2020-03-0{n + 1}")
    make.make_term_event(partnership, new_end="2022-06", effective="2020-03-05", loaded_from="tried out")
    with django_assert_max_num_queries(20):
        assert recompute(partnership.pk, today=day("2020-03-05")).n_written
    rows = {row.key: row.due_on for row in Deadline.objects.open()}
    due = outcome_of(partnership, as_of=day("2020-03-05"), known_on=day("2020-03-05")).due
    assert rows == {one.key: one.due_on for one in due}

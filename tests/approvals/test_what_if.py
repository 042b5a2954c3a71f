"""What if the end were another: the same answer as a proposal's preview of the same change, and nothing written."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import strategies as st

from activities.deadlines.gather import load_awards
from activities.models import Deadline, DueDateChange
from activities.tasks import recompute
from cpc.approvals.models import Proposal
from cpc.approvals.services import preview
from cpc.approvals.what_if import Supposed, dates_if
from cpc.approvals.what_if_page import WhatIfForm
from cpc.core.dates import PreciseDate
from funding.models import Award
from tests import factories as make

from .corpus import DAYS, TEXTS
from .ledgers import AT, AWARDS, TODAY, World, award_key, for_all

EXAMPLES = pytest.mark.parametrize("n", [6, pytest.param(500, marks=pytest.mark.deep)])
NOTHING_MOVES = {"created": {}, "changed": {}, "superseded": {}}
# Past and to come, exact and not: an end that a decision brings about too late has a rule of its own.
ANY_END = st.sampled_from(["2020-01-15", "2020-01", "2020-02-29", "2020-07-04", "2020-12-31", "2021", "2023-06", "2025-02-14"])
SENT = {"term_end": "2022-06", "award": "award-0", "award_end": "2022-06-30"}


def previewed(world, supposed):
    """What the preview of a proposal of the same change says."""
    proposal = Proposal(partnership=world.partnership, acts=supposed.acts, reason="Invented.", proposed_by=world.officer)
    found = preview(proposal, at=AT)
    assert found.fault is None, found.fault
    return found.consequences["deadlines"]


def without_names_of_kept(rows):
    """A preview names those that are kept only of the awards that it touches."""
    return {name: rows[name] for name in (*NOTHING_MOVES, "n_kept")}


@pytest.mark.django_db
@EXAMPLES
def test_it_says_what_the_preview_of_the_same_proposal_says_row_for_row(n):
    ends = st.none() | ANY_END
    before = st.none() | st.sampled_from(["2020-11", "2022-03-31"])

    @for_all(n, awards=AWARDS, term=ends, end=ends, before=before, sent_in=st.booleans(), granted=st.booleans())
    def check(awards, term, end, before, sent_in, granted):
        world = World(awards)
        award = world.awards[0]
        now = awards[0]["end"]
        if before and (now is None or PreciseDate.parse(before).last > PreciseDate.parse(now).last):
            act = {"act": "action", "award": award.key, "kind": "no_cost_extension", "basis": "signed", "new_end": before}
            world.enact(act)
            now = before
        if sent_in:
            report = Deadline.objects.filter(award=award, kind="performance_report").first()
            Deadline.objects.filter(pk=report and report.pk).update(met_at=AT)
        if granted:
            grant_later_days(world)
        supposed = Supposed(
            term and PreciseDate.parse(term), PreciseDate.parse("2021-06"), award, end and PreciseDate.parse(end),
            now and PreciseDate.parse(now),
        )  # fmt: skip
        if not supposed.acts:
            return
        found = dates_if(world.officer, world.partnership, supposed, today=TODAY)
        expected = previewed(world, supposed)
        assert without_names_of_kept(found) == without_names_of_kept(expected)
        assert expected["kept"].items() <= found["kept"].items()
        assert len(found["kept"]) == found["n_kept"]


def grant_later_days(world):
    """Two weeks more for the next dates that the first recipient has to meet."""
    for row in Deadline.objects.open().filter(recipient=world.organizations[0], due_on__gt=TODAY, met_at=None)[:3]:
        DueDateChange.objects.create(
            deadline=row, was_due_on=row.due_on, wanted_on=row.due_on + timedelta(days=14), reason="Rain.", asked_at=AT,
            asked_by=world.officer, granted_on=row.due_on + timedelta(days=14), decided_by=world.decider, decided_at=AT,
        )  # fmt: skip
    recompute(world.partnership.pk, today=TODAY)


@pytest.fixture
def world(db):
    return World([{"cents": 100_000, "recipient": None, "end": "2020-12-31", "more": []}])


@pytest.fixture
def address(world):
    return reverse("approvals:what-if", args=[world.partnership.key])


pytestmark = pytest.mark.usefixtures("on_the_day")


def test_the_page_lists_every_date_and_asks_the_database_only_to_read(client, world, address):
    client.force_login(world.officer)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, SENT)
    statements = [query["sql"].split()[0] for query in queries if "django_session" not in query["sql"]]
    assert set(statements) == {"SELECT"}, queries.captured_queries
    assert not any("FOR UPDATE" in query["sql"] or "nextval" in query["sql"] for query in queries)
    told = answer.context["answer"]
    seen = Deadline.objects.open().count()
    assert len(told.moved) + len(told.superseded) + len(told.kept) == seen
    found = previewed(world, supposed_of_sent(world))
    assert len(told.created) + len(told.moved) + len(told.kept) == seen + len(found["created"]) - len(found["superseded"])
    text = answer.content.decode()
    assert f'id="moved">{len(told.moved)} dates move' in text
    assert f'id="created">{len(told.created)} dates are created' in text
    assert "The term ends now on" in text
    assert "“Award” ends now on" in text


def supposed_of_sent(world):
    now = PreciseDate.parse("2020-12-31")
    ends = [PreciseDate.parse(SENT[name]) for name in ("term_end", "award_end")]
    return Supposed(ends[0], PreciseDate.parse("2021-06"), world.awards[0], ends[1], now)


def test_one_click_leads_to_the_proposal_with_the_same_values(client, world, address):
    client.force_login(world.officer)
    answer = client.get(address, SENT)
    sections = client.get(answer.context["propose_url"]).context["sections"]
    filled = {section.place: section.initial for section in sections}
    assert filled == {
        "term": {"kind": "extended", "new_end": "2022-06"},
        "action": {"award": "award-0", "kind": "no_cost_extension", "new_end": "2022-06-30"},
    }
    earlier = client.get(address, {"award": "award-0", "award_end": "2020-08"}).context["propose_url"]
    assert parse_qs(urlsplit(earlier).query)["action-kind"] == ["administrative"]


def test_who_may_not_propose_reads_who_may(client, world, address):
    client.force_login(make.make_user("embassy_viewer", world.partnership))
    text = client.get(address, SENT).content.decode()
    assert "Program officer, Grants officer" in text
    assert "proposals/new/" not in text.split("<main", 1)[1]


def test_a_reader_sees_what_would_become_of_the_own_dates_alone(client, world, address):
    other = make.make_award(world.partnership, recipients=[world.organizations[1]], key="of-others")
    make.make_action(other, start="2020-01", end="2020-12", effective="2020-01")
    recompute(world.partnership.pk, today=TODAY)
    preparer = make.make_user("partner_preparer", world.partnership, organization=world.organizations[0])
    client.force_login(preparer)
    form = client.get(address).context["form"]
    assert list(form.fields) == ["award", "award_end"]
    assert [key for key, _label in form.fields["award"].choices] == ["", award_key(0)]
    told = client.get(address, {"award": "award-0", "award_end": "2021-06"}).context["answer"]
    lines = [*told.moved, *told.created, *told.superseded, *told.kept]
    assert len(told.kept) + len(told.moved) + len(told.superseded) == Deadline.objects.open().visible_to(preparer).count()
    assert not any("Org-B" in line.place for line in lines)
    for refused in ({"award": "of-others", "award_end": "2021"}, {"term_end": "2021-12"}):
        answer = client.get(address, refused)
        assert "answer" not in answer.context
        assert answer.context["form"].errors
    delegate = make.make_user("host_delegate", world.partnership)
    client.force_login(delegate)
    assert list(client.get(address).context["form"].fields) == ["term_end"]
    told = client.get(address, {"term_end": "2022-06"}).context["answer"]
    assert {line.title for line in told.moved} == {"The partnership's term ends", "Decide whether to extend the term"}
    client.force_login(make.make_user("program_officer", make.make_partnership(regions=())))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"term_end": "2021-06-30"}, "term_end", "The term ends on that day already: June 2021."),
        ({"term_end": "2017-01"}, "term_end", "The term ends after its signing"),
        ({"award": "award-0", "award_end": "2020-12"}, "award_end", "The award ends on that day already"),
        ({"award": "award-0", "award_end": "2019-12"}, "award_end", "The award ends after it starts, 2020-01."),
        ({"award_end": "2020-12"}, "award", "Choose the award that would end then."),
        ({"award": "award-0", "award_end": ""}, "award_end", "Say when the award would end"),
        ({"award": "nothing", "award_end": "2021"}, "award", "choose one of the answers"),
        ({"term_end": "", "award": "", "award_end": ""}, "term_end", "Write another end"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(client, world, address, sent, field, words):
    client.force_login(world.officer)
    answer = client.get(address, sent)
    form = answer.context["form"]
    assert words in form.errors[field][0]
    assert "answer" not in answer.context
    assert {name: form[name].value() for name in sent} == sent
    assert 'class="al-errors"' in answer.content.decode()


def test_what_cannot_be_read_is_told_at_its_field_and_stays_as_typed(client, world, address):
    awards = load_awards(Award.objects.all(), as_of=TODAY, known_on=TODAY)
    client.force_login(world.officer)
    for number, typed in enumerate((*DAYS, *TEXTS[:-2])):
        sent = {"term_end": typed} if number % 2 else {"award": "award-0", "award_end": typed}
        name = list(sent)[-1]
        form = WhatIfForm(sent, partnership=world.partnership, term_end=None, awards=awards)
        if number % 9 == 0:  # the page says the same
            answer = client.get(address, {**sent, "lang": "es" if number % 2 else "en"})
            assert answer.status_code == 200, typed
            assert b"<svg onload" not in answer.content
            form = answer.context["form"]
        assert form.errors.get(name), typed
        assert form[name].value() == typed


def test_a_link_of_an_award_opens_the_form_without_an_error(client, world, address):
    client.force_login(world.officer)
    answer = client.get(address, {"award": "award-0"})
    assert answer.context["form"]["award"].value() == "award-0"
    assert not answer.context["form"].errors
    assert client.post(address).status_code == 405

"""Mails: one digest a person and day, returns and decisions at once, in the person's language, and what became of each."""

import smtplib
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from activities.models import DueDateChange, JobRun
from cpc.core import clock
from cpc.notices.models import Kind, Letter, Notice
from cpc.notices.rules import RETRY_MINUTES
from partners.roles import Role
from tests import factories as make

from .conftest import AT

pytestmark = pytest.mark.django_db
BACKEND = "tests.notices.test_letters.Moody"


class Moody(EmailBackend):
    """A mail server in a mood: what it says to the next mails, None for yes."""

    says: list = []
    is_away = False

    def open(self):
        if Moody.is_away:
            raise ConnectionRefusedError("nobody listens")
        return True

    def send_messages(self, messages):
        if error := Moody.says.pop(0) if Moody.says else None:
            raise error
        return super().send_messages(messages)


@pytest.fixture
def moody(settings):
    settings.EMAIL_BACKEND = BACKEND
    Moody.says, Moody.is_away = [], False
    return Moody


@pytest.fixture
def ask(partnership, late, officer):
    """`ask("ana", granted=True)`: somebody asked for a later date and was answered."""

    def build(user, *, granted):
        return DueDateChange.objects.create(
            deadline=late, was_due_on=late.due_on, wanted_on=date(2020, 3, 1), reason="Flood.", asked_by=user, asked_at=AT,
            granted_on=date(2020, 3, 1) if granted else None, decided_by=officer, decided_at=AT,
        )  # fmt: skip

    return build


def test_all_of_a_day_goes_in_one_mail_and_a_decision_alone(partnership, award, ilo, late, preparer, ask, on, mailoutbox):
    make.make_deadline(partnership, award=award, recipient=ilo, rule="R-FFR-Q", kind="financial_report", due_on="2020-02-11")
    ask(preparer, granted=True)
    assert on().n_sent == 2
    assert [one.subject for one in mailoutbox] == [
        f"A later due date is granted: {Notice.objects.get(kind=Kind.DATE_GRANTED).subject_en}",
        "2 notices of 10 Feb 2020, 1 late",
    ]
    digest = mailoutbox[1].body
    assert digest.index("11 days late; due on 30") < digest.index("Due in 1 day, on 11")
    assert on().n_sent == 0


def test_what_comes_after_the_digest_of_a_day_waits_for_the_next(partnership, award, ilo, late, preparer, on, mailoutbox):
    on()
    make.make_deadline(partnership, award=award, recipient=ilo, rule="R-FFR-Q", kind="financial_report", due_on="2020-02-11")
    assert on().n_sent == 0
    assert on("2020-02-11").n_sent == 1
    assert mailoutbox[1].subject.startswith("Due today, 11 Feb 2020: ")


@pytest.mark.parametrize(("choice", "n"), [("daily", 2), ("at_once", 1), ("none", 0)])
def test_person_chooses_what_comes_by_mail_and_the_page_has_all(late, preparer, ask, on, mailoutbox, choice, n):
    preparer.mail = choice
    preparer.save()
    ask(preparer, granted=False)
    assert on().n_planned == 2
    assert len(mailoutbox) == n


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name == "href"]


def test_mail_is_text_and_plain_html_in_the_persons_language_with_ways_on(late, preparer, on, mailoutbox, settings):
    settings.SITE_URL = "https://alianza.example.org"
    preparer.language, preparer.name = "es", "Ana <b>Ñ</b>"
    preparer.save()
    on()
    one = mailoutbox[0]
    html = one.alternatives[0].content
    assert "octubre–diciembre" in one.subject
    assert "octubre–diciembre" in one.body
    assert "Ana <b>Ñ</b>" in one.body
    assert "Ana &lt;b&gt;Ñ&lt;/b&gt;" in html
    assert '<html lang="es">' in html
    links = Links()
    links.feed(html)
    pages = ["/p/test-2017/deadlines/late/", "/notices/", "/accounts/profile/"]
    assert links.found == [settings.SITE_URL + page for page in pages]
    assert all(link in one.body for link in links.found)
    assert not [word for word in ("<script", "<img", "style=", "http-equiv") if word in html]
    assert one.extra_headers["Message-ID"] == f"<{Letter.objects.get().name}@example.org>"


def test_put_off_mail_is_tried_again_later_under_the_same_name(late, preparer, on, moody):
    moody.says = [smtplib.SMTPDataError(451, b"try later"), None]
    assert (on().n_sent, len(mail.outbox)) == (0, 0)
    letter = Letter.objects.get()
    assert (letter.n_tries, letter.failed_at) == (1, None)
    assert letter.next_try_at - timezone.now() > timedelta(seconds=50)
    assert on().n_sent == 0, "its time has not come"
    Letter.objects.update(next_try_at=timezone.now())
    assert on().n_sent == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{letter.name}@example.org>"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPRecipientsRefused({"ana@example.org": (550, b"no such user")}), "550 no such user"),
        (smtplib.SMTPDataError(554, b"not here"), "554 not here"),
        (ValueError("no address"), "ValueError: no address"),
    ],
)
def test_refused_mail_is_given_up_at_once_and_the_next_one_goes(partnership, late, ilo, preparer, on, moody, error, said):
    make.make_user(Role.PARTNER_PREPARER, partnership, organization=ilo)
    moody.says = [error, None]
    done = on()
    assert (done.n_sent, done.n_failed) == (1, 1)
    letter = Letter.objects.get(failed_at__isnull=False)
    assert letter.failure == said
    assert JobRun.objects.get(job="notices").notes.startswith("Letters that were given up, over all: 1.")
    assert on("2020-02-10").n_sent == 0


def test_mail_that_is_put_off_again_and_again_is_given_up_after_days(late, preparer, on, moody):
    for _n in range(len(RETRY_MINUTES) + 1):
        moody.says = [smtplib.SMTPServerDisconnected("gone")]
        on()
        Letter.objects.filter(failed_at=None).update(next_try_at=timezone.now())
    assert Letter.objects.get().failed_at
    assert on().n_sent == 0


def test_server_that_is_away_costs_no_letter_a_try_and_stands_with_the_job(late, preparer, on, moody):
    moody.is_away = True
    assert on().n_sent == 0
    assert "nobody listens" in JobRun.objects.get(job="notices").failure
    assert Letter.objects.get().n_tries == 0
    moody.is_away = False
    assert on().n_sent == 1
    run = JobRun.objects.get(job="notices")
    assert (run.failure, run.n_found, run.n_written) == ("", 1, 1)


def test_runs_of_a_day_are_one_line_on_the_page_of_the_jobs(late, preparer, officer, on, login, moody):
    on()
    on()
    page = login(officer).get("/jobs/")
    standing = next(one for one in page.context["standings"] if one.job.name == "notices")
    assert [(run.word, run.row.n_found, run.row.n_written) for run in standing.runs] == [("done", 1, 1)]
    assert not standing.is_stale
    JobRun.objects.filter(job="notices").update(started_at=clock.now() - timedelta(minutes=6))
    page = login(officer).get("/jobs/")
    assert "This job has not succeeded for five minutes." in page.content.decode()


def test_letter_whose_reason_is_gone_before_it_leaves_is_not_sent(late, preparer, on, moody):
    moody.is_away = True
    on()
    late.met_at = AT
    late.save()
    moody.is_away = False
    assert on().n_sent == 0
    assert Letter.objects.get().is_void
    assert mail.outbox == []


def test_failure_in_one_partnership_keeps_nobody_elses_notices(partnership, late, preparer, on):
    other = make.make_partnership("a-first", regions=("XB-ONE",))
    make.make_user(Role.PROGRAM_OFFICER, other)
    make.make_deadline(other, kind="dialogue", rule="R-UNKNOWN", due_on="2020-02-10")
    done = on()
    assert done.n_sent == 1
    assert done.failures == ["a-first: KeyError: 'R-UNKNOWN'"]

"""More rows for the access world: `n` of each kind in the lists, and on the rows that have pages of their own.

What is many in life is `n`; what is few in life (regions, indicators, terms, pledges, moves of one report) is at most a dozen.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from activities.models import (
    Activity,
    Cell,
    Commitment,
    Deadline,
    Dialogue,
    DueDateChange,
    FinancialReport,
    JobRun,
    ParticipantCount,
    Report,
    ReportVersion,
    ReturnItem,
    Section,
    Transition,
)
from activities.reporting import moves
from activities.reporting.rules import NARRATIVES
from cpc.accounts.models import ApiToken, User
from cpc.notices.models import Letter, Notice
from cpc.reference.models import Holiday, Region
from funding.models import Award, AwardAction, AwardRecipient, Contribution, ContributionConfirmation, ExchangeRate
from partners.models import Coverage, Document, Membership, Organization, PartnershipMember, Statement
from tests import factories as make

Q4 = (date(2019, 10, 1), date(2019, 12, 31))
AT = datetime(2020, 2, 3, 9, tzinfo=ZoneInfo("America/Lima"))
DOZEN = 12
PERIODS = {"draft": (2019, 1), "submitted": (2019, 2), "in_review": (2019, 3), "returned": (2018, 4), "accepted": (2018, 1)}


def days(n: int, last: date = date(2020, 2, 1)):
    """`n` different days, the last of them `last`."""
    return [last - timedelta(days=number) for number in range(n)]


def crowd(world, n: int):
    """Fill the world of `build_world`."""
    few = min(n, DOZEN)
    world.people = _people(world, n)
    world.documents = Document.objects.bulk_create(
        Document(partnership=world.partnership, key=f"crowd-{i}", title=f"Text {i}", publisher="State", published_on=day)
        for i, day in enumerate(days(n))
    )
    world.regions = _regions(world, few)
    world.organizations = _organizations(world, n)
    world.awards = _awards(world, n)
    _actions(world, n)
    _owed(world)
    _activities(world, n, few)
    _host_side(world, n, few)
    _rates_and_runs(n)
    _said(world, n)
    _term(world, few)
    world.indicators = [make.make_indicator(world.partnership, key=f"I-{i}", objective=i % 3 + 1) for i in range(max(few, 3))]
    for indicator in world.indicators:
        make.make_target(indicator)
    _own_rows(world, n)


def _people(world, n):
    users = User.objects.bulk_create(
        User(email=f"crowd-{i}@example.org", name=f"Person {i}", password="!", invited_at=timezone.now() if i % 2 else None)
        for i in range(n)
    )
    Membership.objects.bulk_create(
        Membership(user=user, partnership=world.partnership, role="partner_preparer", organization=world.partner)
        for user in users
    )
    return users


def _regions(world, few):
    country = world.partnership.host_country
    regions = Region.objects.bulk_create(
        Region(key=f"XA-{i}", country=country, name_en=f"Region {i}", name_es=f"Región {i}") for i in range(few)
    )
    signed = world.partnership.signed_on
    Coverage.objects.bulk_create(
        Coverage(partnership=world.partnership, region=region, from_on=signed, known_on=signed) for region in regions
    )
    return regions


def _organizations(world, n):
    organizations = Organization.objects.bulk_create(
        Organization(key=f"crowd-{i}", name_en=f"Body {i}", name_es=f"Entidad {i}", organization_class="foreign_ngo")
        for i in range(n)
    )
    PartnershipMember.objects.bulk_create(
        PartnershipMember(partnership=world.partnership, organization=each, part="prime", source=document)
        for each, document in zip(organizations, world.documents, strict=True)
    )
    return organizations


def _awards(world, n):
    """`n` prime awards, each with a recipient, and `n` sub-awards of the world's award."""
    common = {"partnership": world.partnership, "title_en": "Award", "title_es": "Subvención", "currency": "USD"}
    common |= {"known_on": world.partnership.signed_on}
    primes = Award.objects.bulk_create(
        Award(key=f"crowd-{i}", level="prime", source=world.documents[i], **common) for i in range(n)
    )
    subs = Award.objects.bulk_create(
        Award(key=f"crowd-sub-{i}", level="sub", parent=world.award, pass_through=world.partner, **common) for i in range(n)
    )
    AwardRecipient.objects.bulk_create(
        AwardRecipient(award=award, organization=each, rule_class=rule)
        for awards, rule in ((primes, "recipient_2cfr200"), (subs, "subrecipient_2cfr200"))
        for award, each in zip(awards, world.organizations, strict=True)
    )
    AwardRecipient.objects.bulk_create(
        AwardRecipient(award=world.award, organization=each, rule_class="recipient_2cfr200")
        for each in world.organizations[:DOZEN]
    )
    return primes


def _actions(world, n):
    common = {"currency": "USD", "basis": "announced", "guidance_version": "UG-2014"}
    period = {"start_on": date(2019, 10, 1), "new_end_on": date(2020, 12, 31)}

    def action(award, i, **fields):
        day = days(n)[i]
        return AwardAction(
            award=award,
            key=f"{award.key}-action-{i}",
            effective_on=day,
            known_on=day,
            amount=Decimal("10.00"),
            source=world.documents[i],
            loaded_from="test",
            **fields,
            **common,
        )

    AwardAction.objects.bulk_create(
        action(award, i, kind="initial", recipient=world.organizations[i], **period) for i, award in enumerate(world.awards)
    )
    AwardAction.objects.bulk_create(
        action(world.award, i, kind="supplement", recipient=world.organizations[i] if i % 2 else None) for i in range(n)
    )


def _rates_and_runs(n):
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            base="USD", quote="PEN", kind="daily", rate=Decimal("3.3"), record_date=day, effective_date=day, source=f"B{i % 9}"
        )
        for i, day in enumerate(days(n))
    )
    Holiday.objects.bulk_create(
        Holiday(country_code="US", day=day, name_en=f"Day {i}", name_es=f"Día {i}", source="Order")
        for i, day in enumerate(days(n))
    )
    nights = (datetime.combine(day, datetime.min.time(), make.LIMA) for day in days(n))
    JobRun.objects.bulk_create(
        JobRun(job="deadlines America/Lima", started_at=night, finished_at=night, failure="broken") for night in nights
    )


def _owed(world):
    """A report of each award, begun, and what falls due for it."""
    pairs = list(zip(world.awards, world.organizations, strict=True))
    common = {"partnership": world.partnership, "period_from": Q4[0], "period_to": Q4[1]}
    reports = Report.objects.bulk_create(
        Report(key=f"{award.key}-2019-q4", award=award, organization=each, **common) for award, each in pairs
    )
    ReportVersion.objects.bulk_create(ReportVersion(report=report) for report in reports)
    due = date(2020, 1, 30)
    dates = Deadline.objects.bulk_create(
        Deadline(
            key=f"{award.key}-{kind.removesuffix('_report')}",  # as the engine ends it
            kind=kind,
            rule=rule,
            award=award,
            recipient=each,
            subject_key=award.key,
            rules_version=1,
            due_on=due,
            raw_on=due,
            next_business_on=due,
            inputs={"base": str(Q4[1]), "base_on": str(Q4[1])},
            **common,
        )
        for award, each in [(world.award, world.organizations[0]), *pairs]
        for kind, rule in (("performance_report", "R-PPR-Q"), ("financial_report", "R-FFR-Q"))
    )
    asked = {"reason": "The data come late.", "asked_at": AT, "was_due_on": due, "wanted_on": due + timedelta(days=120)}
    DueDateChange.objects.bulk_create(
        DueDateChange(deadline=row, asked_by=person, **asked) for row, person in zip(dates, world.people * 3, strict=False)
    )
    answered = {"asked_by": world.people[0], "decided_by": world.people[1], "decided_at": AT, "answer": "Not this time."}
    DueDateChange.objects.bulk_create(
        DueDateChange(deadline=row, **asked, **answered) for row in (world.deadline, world.asked) for _n in range(len(pairs))
    )


def _activities(world, n, few):
    objectives = list(world.partnership.objectives.all())
    rows = Activity.objects.bulk_create(
        Activity(
            key=f"crowd-{i}",
            partnership=world.partnership,
            kind="training",
            objective=objectives[i % 3],
            region=world.regions[i % few],
            organization=world.organizations[i],
            award=world.awards[i],
            starts_on=day,
            ends_on=day,
            title=f"Activity {i}",
            created_by=world.people[i],
        )
        for i, day in enumerate(days(n))
    )
    ParticipantCount.objects.bulk_create(
        ParticipantCount(activity=activity, group="officials", sex=sex, age_band="adult", n=5)
        for activity in rows
        for sex in ("female", "male")
    )
    for i in range(few):
        Activity.objects.filter(pk=world.activity.pk).update(title=f"Title {i}", organization=world.partner)
    cells = product(("officials", "community"), ("female", "male", "other"), ("adult", "unknown"))
    ParticipantCount.objects.bulk_create(
        ParticipantCount(activity=world.activity, group=group, sex=sex, age_band=band, n=3)
        for group, sex, band in list(cells)[:few]
    )


def _host_side(world, n, few):
    for i in range(few):
        make.make_pledge(world.partnership, rate=make.make_rate(record=f"2016-{i + 1:02}-01"), source=world.documents[i])
    p = world.partnership
    rows = Contribution.objects.bulk_create(
        Contribution(
            partnership=p,
            key=f"crowd-contribution-{i}",
            kind="cash",
            entity=world.organizations[i],
            region=world.regions[i % few],
            amount=Decimal("10.00"),
            currency=p.host_currency,
            effective_on=day,
            known_on=day,
            words_en="Given",
            words_es="Dado",
            source=world.documents[i],
            entered_by=world.people[i],
        )
        for i, day in enumerate(days(n))
    )
    ContributionConfirmation.objects.bulk_create(
        ContributionConfirmation(
            contribution=row, side=side, agrees=True, confirmed_on=row.known_on, confirmed_by=world.people[i]
        )
        for i, row in enumerate(rows)
        for side in ("us", "host")
    )
    dialogues = Dialogue.objects.bulk_create(
        Dialogue(partnership=p, key=f"crowd-dialogue-{i}", ordinal=i + 2, starts_on=day, ends_on=day, known_on=day)
        for i, day in enumerate(days(n))
    )
    Commitment.objects.bulk_create(
        Commitment(
            key=f"crowd-{dialogue.key}-{i}",
            dialogue=dialogue,
            side="host" if i % 2 else "us",
            owner=world.organizations[i],
            text_en="To do",
            due_on=date(2020, 6, 30),
            us_confirmed_on=dialogue.known_on,
            us_confirmed_by=world.people[i],
            evidence=world.documents[i],
        )
        for i, each in enumerate(dialogues)
        for dialogue in (each, world.dialogue)
    )


def _said(world, n):
    common = {"partnership": world.partnership, "currency": "USD", "words_en": "said", "words_es": "dicho"}
    Statement.objects.bulk_create(
        Statement(
            key=f"crowd-said-{i}",
            measure="us_total",
            amount=Decimal(1000 + i),
            effective_on=day,
            known_on=day,
            source=world.documents[i],
            **common,
        )
        for i, day in enumerate(days(n))
    )


def _term(world, few):
    for i in range(few):
        make.make_term_event(world.partnership, new_end=f"{2022 + i}-06", effective=f"2020-01-{i + 1:02}")


def _own_rows(world, n):
    """What stands on a person's own pages, and the moves of the world's report."""
    later = timezone.now() + timedelta(days=30)
    for role in ("program_officer", "embassy_viewer"):
        ApiToken.objects.bulk_create(
            ApiToken(
                digest=f"{role}-{i}",
                token_key=f"{i}",
                user=world.actors[role],
                expiry=later,
                name=f"{role}-{i}",
                scopes=["funding:read"],
            )
            for i in range(n)
        )
    Session.objects.bulk_create(Session(session_key=f"crowd-{i}", session_data="", expire_date=later) for i in range(n))
    UserSession.objects.bulk_create(
        UserSession(user=world.actors["program_officer"], session_key=f"crowd-{i}", ip="127.0.0.1", user_agent="Firefox/1 Linux")
        for i in range(n)
    )
    _told(world, n)
    Transition.objects.bulk_create(
        Transition(version=world.report.versions.get(), move="open", end="draft", actor=world.people[i], at=AT)
        for i in range(min(n, DOZEN))
    )


def _told(world, n):
    """Notices of the officer, each in a mail that was given up."""
    officer = {"recipient": world.actors["program_officer"]}
    letters = Letter.objects.bulk_create(
        Letter(made_at=AT, next_try_at=AT, n_tries=1, failed_at=AT, failure="550 no such user", **officer) for _i in range(n)
    )
    Notice.objects.bulk_create(
        Notice(
            kind="review_waits",
            partnership=world.partnership,
            subject_key=f"crowd-{i}",
            subject_en=f"Report {i}",
            subject_es=f"Informe {i}",
            path="/notices/",
            due_on=Q4[1],
            planned_on=AT.date(),
            planned_at=AT,
            letter=letter,
            **officer,
        )
        for i, letter in enumerate(letters)
    )


def report_in(world, state: str) -> Report:
    """A report of the partner, complete, brought to `state` by the moves that lead there; a returned one was returned with an
    item for each of a dozen cells, and one in review is so for the second time."""
    year, quarter = PERIODS[state]
    first = date(year, 3 * quarter - 2, 1)
    last = (first + timedelta(days=100)).replace(day=1) - timedelta(days=1)
    report = make.make_report(world.award, world.partner, period=(str(first), str(last)))
    version = report.versions.get()
    _fill(world, version)
    officer, certifier = world.actors["program_officer"], world.actors["partner_certifier"]

    def submit_and(*steps):
        moves.submit(version.pk, actor=certifier, at=AT, certified=True)
        for step in steps:
            step(version.pk, actor=officer, at=AT)

    if state == "submitted":
        submit_and()
    elif state == "accepted":
        submit_and(moves.start_review, moves.accept)
    elif state in ("in_review", "returned"):
        submit_and(moves.start_review)
        cells = [f"I-0/{row.key}/{sex}" for row in world.regions[:6] for sex in ("female", "male")]
        items = [moves.Item(f"indicators-{_objective(world.indicators[0])}", "Look again.", field) for field in cells]
        moves.return_report(version.pk, actor=officer, at=AT, items=items)
    if state == "in_review":
        ReturnItem.objects.filter(version=version).update(answer="Done.", answered_at=AT, answered_by=certifier)
        Section.objects.filter(version=version).update(is_done=True)
        submit_and(moves.start_review)
    return report


def _objective(indicator) -> int:
    return indicator.objective.number


def _fill(world, version):
    numbers = sorted({_objective(indicator) for indicator in world.indicators})
    keys = ["award", *(f"indicators-{number}" for number in numbers), *NARRATIVES, "financial"]
    saved = {"version": version, "saved_by": world.people[0], "saved_at": AT, "is_done": True, "revision": 1, "language": "en"}
    Section.objects.bulk_create(Section(key=key, text=f"Text of {key}." if key in NARRATIVES else "", **saved) for key in keys)
    regions = [row.region for row in world.partnership.coverage.select_related("region")]
    Cell.objects.bulk_create(
        Cell(version=version, indicator=indicator, organization=world.partner, region=region, category=sex, value=5)
        for indicator in world.indicators
        for region in regions
        for sex in indicator.categories
    )
    lines = {"10a": "100.00", "10b": "90.00", "10d": "500.00", "10e": "90.00", "10f": "20.00"}
    FinancialReport.objects.create(version=version, **{f"line_{line}": Decimal(amount) for line, amount in lines.items()})

"""Recomputing a partnership of 50 awards with ten years of quarterly reports: at first, and again where nothing changed."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Deadline, Report
from activities.tasks import recompute
from funding.models import Award, AwardAction, AwardRecipient
from partners.models import Partnership
from tests import factories as make

from .timing import against_own_sql, analyze, taken_back

N_AWARDS = 50
MOST_STATEMENTS = 20
GOAL = 4
FIRST, LAST, DAY = date(2017, 10, 1), date(2027, 9, 30), date(2020, 2, 10)
WRITES = ("INSERT", "UPDATE", "DELETE")


def run(say) -> None:
    with taken_back():
        partnership = ten_years(N_AWARDS)
        say(f"{N_AWARDS} awards, ten years of quarterly reports; goal: at most {MOST_STATEMENTS} statements")
        say(line("at first", *counted(partnership)))
        analyze(Deadline, Report)
        say(line("again", *counted(partnership)))
        ratio = against_own_sql(lambda: recompute(partnership.pk, today=DAY)).ratio
        say(f"again: {ratio:5.2f}x the time of its own SQL alone; goal: {GOAL}")


def counted(partnership: Partnership) -> tuple[int, int, int]:
    """Deadlines written, statements, and those among them that wrote."""
    with CaptureQueriesContext(connection) as queries:
        changes = recompute(partnership.pk, today=DAY)
    return changes.n_written, len(queries), sum(query["sql"].startswith(WRITES) for query in queries)


def line(when: str, n_written: int, n_statements: int, n_writing: int) -> str:
    return f"{when}: {n_written} deadlines written, {n_statements} statements, {n_writing} of them writing"


def ten_years(n_awards: int) -> Partnership:
    """`n_awards` prime awards from October 2017 to September 2027, each of one recipient."""
    partnership = make.make_partnership()
    recipient = make.make_organization(f"{partnership.key}-body")
    make.make_member(partnership, recipient)
    plain = {"partnership": partnership, "level": "prime", "title_en": "Award", "title_es": "Subvención", "currency": "USD"}
    awards = Award.objects.bulk_create(Award(key=f"{partnership.key}-a{n}", known_on=FIRST, **plain) for n in range(n_awards))
    AwardRecipient.objects.bulk_create(
        AwardRecipient(award=award, organization=recipient, rule_class="recipient_2cfr200") for award in awards
    )
    AwardAction.objects.bulk_create(
        AwardAction(
            award=award, key=f"{award.key}-0", kind="initial", amount=1000, currency="USD", basis="signed", start_on=FIRST,
            new_end_on=LAST, effective_on=FIRST, known_on=FIRST, guidance_version="UG-2014", loaded_from="bench",
        )
        for award in awards
    )  # fmt: skip
    analyze(Award, AwardRecipient, AwardAction)
    return partnership

"""A partnership as it stands, in plain values, so that before and after can be compared: what a proposal would change, and what
it did change, are differences of two pictures."""

from dataclasses import dataclass
from datetime import date

from activities.models import Deadline, Report
from funding.awards.answers import Asked
from funding.awards.ledger import in_force, period_of
from funding.awards.queries import summaries
from funding.models import Award, AwardAction
from funding.pledges.queries import promises
from partners.models import Partnership
from partners.queries import coverage_on, term_on

from .terms import terms_in_force

ELEMENTS = ("committed", "budget_start_on", "budget_end_on")
GROUPS = ("none", "partner", "fiscal_year", "award")


@dataclass(frozen=True)
class Picture:
    """`term`: its end as text, or None. `regions`: from when each is covered. `awards`: first and last day of each period.
    `deadlines`: open ones by key, with all that a reader needs to know of each. `reports`: the state of each. `sums`: by measure,
    level and group, each row's amount by key and currency. `terms`: what awards' own
    terms say instead of a rule. `pledges`: amount, qualifier and end. `elements`: what is committed,
    and the budget period, of each award."""

    term: str | None
    regions: dict[str, str]
    awards: dict[str, dict]
    deadlines: dict[str, dict]
    reports: dict[str, dict]
    sums: dict[str, dict]
    pledges: dict[str, dict]
    terms: dict[str, dict]
    elements: dict[str, dict]


def take_picture(partnership: Partnership, *, today: date) -> Picture:
    """Reads what is in force on `today`. Nine statements or so, however many rows there are."""
    days = {"as_of": today, "known_on": today}
    term = term_on(partnership, **days)
    known = list(Award.objects.filter(partnership=partnership).known(today))
    return Picture(
        term=term.ends.iso if term.ends else None,
        regions={row.region.key: row.from_on.isoformat() for row in coverage_on(partnership, **days)},
        awards=_awards(partnership, known, days),
        deadlines=deadlines_in(stored_deadlines(partnership)),
        reports=_reports(partnership),
        sums=_sums(partnership, days),
        pledges={one.pledge.key: _pledge(one) for one in promises(partnership, **days)},
        terms=terms_in_force(partnership, days),
        elements={award.key: _elements(award) for award in known},
    )


def _awards(partnership: Partnership, known: list[Award], days: dict) -> dict[str, dict]:
    actions = in_force(AwardAction.objects.filter(award__partnership=partnership), **days)
    steps = {award.key: [] for award in known}
    for action in actions.select_related("award").order_by("effective_on", "pk"):
        steps[action.award.key].append(action)
    periods = {key: period_of(actions) for key, actions in steps.items()}
    return {
        key: {"start": period.start and period.start.iso, "end": period.end and period.end.iso} for key, period in periods.items()
    }


def _elements(award: Award) -> dict:
    return {name: None if (value := getattr(award, name)) is None else str(value) for name in ELEMENTS}


def stored_deadlines(partnership: Partnership):
    return Deadline.objects.open().filter(partnership=partnership).select_related("award", "recipient").order_by("due_on", "key")


def deadlines_in(rows) -> dict[str, dict]:
    """Open deadlines, saved or not, by key: what a reader needs to know of each."""
    return {
        row.key: {
            "kind": row.kind, "rule": row.rule, "due_on": row.due_on.isoformat(), "award": row.award and row.award.key,
            "recipient": row.recipient and row.recipient.key, "from": row.period_from and row.period_from.isoformat(),
            "to": row.period_to and row.period_to.isoformat(), "met": row.met_at is not None,
            **{name: row.inputs[name] for name in ("legal_on", "decided_on", "granted", "terms") if name in row.inputs},
        }
        for row in rows
    }  # fmt: skip


def _reports(partnership: Partnership) -> dict[str, dict]:
    rows = Report.objects.filter(partnership=partnership).with_state().select_related("award", "organization").order_by("key")
    return {
        row.key: {
            "state": row.state, "award": row.award.key, "organization": row.organization.key, "is_final": row.is_final,
            "from": row.period_from.isoformat(), "to": row.period_to.isoformat(),
        }
        for row in rows
    }  # fmt: skip


def _sums(partnership: Partnership, days: dict) -> dict[str, dict]:
    questions = [Asked("awarded", level, group) for level in ("prime", "sub") for group in GROUPS]
    answers = summaries(partnership, questions, **days)
    return {
        f"{answer.level} {answer.group_by}": {
            f"{row.key} {row.currency}": None if row.amount is None else str(row.amount) for row in answer.rows
        }
        for answer in answers
    }


def _pledge(promise) -> dict:
    pledge = promise.pledge
    return {
        "amount": None if pledge.amount is None else str(pledge.amount), "currency": pledge.currency,
        "qualifier": str(pledge.qualifier), "ends": promise.ends and promise.ends.iso,
    }  # fmt: skip

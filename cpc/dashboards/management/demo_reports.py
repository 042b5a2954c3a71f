"""The sample's reports, driven through the services by the accounts of the demonstration, on the days that the file says."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from activities.models import Indicator, Report
from activities.reporting import drafts, moves
from activities.reporting.rules import AWARD, FINANCIAL, indicators_key
from activities.reporting.services import open_report
from cpc.accounts.models import User
from cpc.core.periods import parse_quarter_key
from funding.models import Award
from partners.loader.fields import BareDay, Key, Money, Text
from partners.loader.mistakes import FileRefused
from partners.loader.reading import message_of, validated
from partners.loader.yaml_lines import read_file
from partners.models import Organization, Partnership
from partners.roles import Role

from .demo_accounts import ACCOUNTS

Content = int | Literal["not_collected", "not_applicable", "withheld"]
Cells = dict[str, dict[str, Content | dict[str, Content]]]  # indicator -> region -> one content, or one per category


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ItemRow(Part):
    task: str
    field: str = ""
    text: str


class Step(Part):
    """What happened on a day. `answer` answers the items of the last return in their order; `change` corrects cells."""

    act: Literal["submit", "start_review", "return", "answer", "accept", "reopen", "change"]
    on: BareDay
    due: BareDay | None = None
    comment: Text = ""
    reason: Text = ""
    items: list[ItemRow] = []
    answers: list[str] = []
    remarks: Text = ""
    cells: Cells = {}


class ReportRow(Part):
    award: Key
    organization: Key
    period: str = Field(pattern=r"^[0-9]{4}-Q[1-4]$")
    opened: BareDay
    narrative: dict[str, str] = {}
    cells: Cells = {}
    lines: dict[str, Money] = {}
    unfinished: list[str] = []
    steps: list[Step] = []


def load_reports(path: Path, partnership: Partnership) -> int:
    """Begin and move the reports of the file that nobody has begun yet; returns how many. Raises FileRefused for its mistakes."""
    people = {account.local_part: User.objects.get(email=account.email) for account in ACCOUNTS}
    begun = set(Report.objects.filter(partnership=partnership, versions__isnull=False).values_list("key", flat=True))
    told = 0
    for row in read_rows(path):
        period = parse_quarter_key(row.period)
        award = Award.objects.get(partnership=partnership, key=row.award)
        organization = Organization.objects.get(key=row.organization)
        if f"{award.key}-{organization.key}-{row.period.lower()}" not in begun:
            Teller(partnership, row, people).tell(award, organization, period)
            told += 1
    return told


def read_rows(path: Path) -> list[ReportRow]:
    file = read_file(path)
    rows = []
    for index, item in enumerate(file.data["reports"]):
        row, errors = validated(ReportRow, item, None)
        for place, message in (message_of(error, ReportRow) for error in errors):
            file.add_mistake(("reports", index, *place), message)
        rows.append(row)
    if file.mistakes:
        raise FileRefused(file.mistakes)
    return rows


@dataclass
class Teller:
    """Tells the story of one report: who opens, fills in, certifies and reviews it, and when."""

    partnership: Partnership
    row: ReportRow
    people: dict[str, User]

    def __post_init__(self):
        self.numbers = dict(Indicator.objects.filter(partnership=self.partnership).values_list("key", "objective__number"))
        self.categories = dict(Indicator.objects.filter(partnership=self.partnership).values_list("key", "categories"))
        self.version = None
        self.remarks = ""
        self.acts = {
            "submit": self.submit,
            "start_review": self.start_review,
            "return": self.send_back,
            "answer": self.answer,
            "accept": self.accept,
            "reopen": self.reopen,
            "change": self.change,
        }

    def tell(self, award, organization, period):
        row, at = self.row, self.at(self.row.opened)
        self.version = open_report(award, organization, period, actor=self.partner(), at=at, is_sample=True)
        self.save(AWARD, at)
        self.save_cells(row.cells, at)
        for key in row.narrative:
            self.save(key, at)
        if row.lines:
            self.save(FINANCIAL, at)
        for step in row.steps:
            self.acts[step.act](step)

    # Who and when

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(16), ZoneInfo(self.partnership.time_zone))

    def partner(self, role: Role = Role.PARTNER_PREPARER) -> User:
        """Somebody of the report's organization in this role; where nobody prepares, the certifier does."""
        own = {account.role: account for account in ACCOUNTS if account.organization == self.row.organization}
        return self.people[(own.get(role) or own[Role.PARTNER_CERTIFIER]).local_part]

    @property
    def officer(self) -> User:
        return self.people[Role.PROGRAM_OFFICER.value]

    # Contents

    def save(self, key: str, at: datetime, *, answers=None, cells=None):
        """Save one task, as completed unless the file says otherwise."""
        section = self.version.sections.filter(key=key).first()
        how = {"actor": self.partner(), "at": at, "revision": section.revision if section else 0}
        how |= {"done": key not in self.row.unfinished, "answers": answers}
        if key == AWARD:
            drafts.save_award_check(self.version.pk, **how)
        elif key == FINANCIAL:
            drafts.save_financial(self.version.pk, basis="accrual", lines=self.row.lines, remarks=self.remarks, **how)
        elif key in self.row.narrative:
            drafts.save_narrative(self.version.pk, key, text=self.row.narrative[key], language="es", **how)
        else:
            drafts.save_indicators(self.version.pk, key, cells=cells or {}, **how)

    def save_cells(self, cells: Cells, at: datetime):
        by_task = {}
        for indicator, regions in cells.items():
            task = by_task.setdefault(indicators_key(self.numbers[indicator]), {})
            for region, content in regions.items():
                for category in self.categories[indicator] or [""]:
                    one = content[category] if isinstance(content, dict) else content
                    task[f"{indicator}/{region}/{category or '-'}"] = one
        for key, fields in by_task.items():
            self.save(key, at, cells=fields)

    # Steps

    def submit(self, step: Step):
        moves.submit(self.version.pk, actor=self.partner(Role.PARTNER_CERTIFIER), at=self.at(step.on), certified=True)

    def start_review(self, step: Step):
        moves.start_review(self.version.pk, actor=self.officer, at=self.at(step.on))

    def send_back(self, step: Step):
        items = [moves.Item(item.task, item.text, item.field) for item in step.items]
        moves.return_report(
            self.version.pk, actor=self.officer, at=self.at(step.on), items=items, comment=step.comment, due_on=step.due
        )

    def answer(self, step: Step):
        newest = self.version.return_items.order_by("-round").first().round
        self.remarks = step.remarks
        for item, text in zip(self.version.return_items.filter(round=newest).order_by("pk"), step.answers, strict=True):
            self.save(item.section_key, self.at(step.on), answers={item.pk: text})

    def accept(self, step: Step):
        moves.accept(self.version.pk, actor=self.officer, at=self.at(step.on), comment=step.comment)

    def reopen(self, step: Step):
        self.version = moves.reopen(self.version.pk, actor=self.officer, at=self.at(step.on), reason=step.reason)

    def change(self, step: Step):
        self.save_cells(step.cells, self.at(step.on))

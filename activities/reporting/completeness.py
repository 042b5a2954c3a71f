"""How far each task of a report is, and what is missing. Pure: works on contents that were read before."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cpc.core.texts import text_in

from .contents import Contents
from .models import Section
from .rules import AWARD, FINANCIAL, INDICATORS, RETURNED
from .sf425 import Finding, Lines, find_problems, missing_lines


class Progress(StrEnum):
    """The few words for a task (completed is plain text, so that colour marks what needs action)."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PROBLEM = "problem"


PROGRESS_LABELS = {
    Progress.NOT_STARTED: gettext_lazy("Not yet started"),
    Progress.IN_PROGRESS: gettext_lazy("In progress"),
    Progress.COMPLETED: gettext_lazy("Completed"),
    Progress.PROBLEM: gettext_lazy("There is a problem"),
}
TITLES = {
    AWARD: gettext_lazy("Check the award and the period"),
    "summary": gettext_lazy("Summarize the period"),
    "context": gettext_lazy("Say what changed around you, and what was difficult"),
    "progress": gettext_lazy("Tell the progress, and why it differs from the plan"),
    "coordination": gettext_lazy("Report on sub-recipients and coordination"),
    "sustainability": gettext_lazy("Say what will last, and plan the next quarter"),
    "lessons": gettext_lazy("Ask for approvals, and share what you learned"),
    FINANCIAL: gettext_lazy("Fill in the financial report, SF-425"),
}


@dataclass(frozen=True)
class Task:
    """One task: `missing` says in sentences what it needs, `problems` which of its lines are wrong."""

    key: str
    title: str
    progress: Progress
    missing: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    @property
    def is_completed(self) -> bool:
        return self.progress == Progress.COMPLETED

    @property
    def label(self) -> str:
        return str(PROGRESS_LABELS[self.progress])


def tasks_of(contents: Contents, *, is_final: bool) -> list[Task]:
    return [task_of(contents, key, is_final=is_final) for key in contents.keys]


def task_of(contents: Contents, key: str, *, is_final: bool) -> Task:
    section = contents.sections.get(key)
    problems = financial_problems(contents, is_final=is_final) if key == FINANCIAL else []
    missing = _missing(contents, key, section) + _unanswered(contents, key)
    return Task(key, title_of(key, contents), _progress(contents, key, section, missing, problems), missing, problems)


def title_of(key: str, contents: Contents) -> str:
    """What the task asks for. An objective is named by its number and its short word, which the page has in the reader's
    language."""
    if not key.startswith(f"{INDICATORS}-"):
        return str(TITLES[key])
    objective = next((b.indicator.objective for b in contents.blocks_of(key)), None)
    if objective is None:
        return _("Fill in the indicators of the whole partnership")
    words = {"number": objective.number, "short": _short(objective)}
    return _("Fill in the indicators of objective %(number)s, %(short)s") % words


def financial_problems(contents: Contents, *, is_final: bool) -> list[Finding]:
    """What is wrong with the SF-425 as saved; nothing before it was saved."""
    if contents.financial is None:
        return []
    previous = contents.previous
    return find_problems(
        contents.lines,
        basis=contents.financial.basis,
        remarks=contents.financial.remarks,
        is_final=is_final,
        previous=Lines.of(previous) if previous else None,
        previous_basis=previous.basis if previous else None,
    )


def _progress(contents: Contents, key: str, section: Section | None, missing: list[str], problems: list[Finding]) -> Progress:
    if problems or (contents.version.state == RETURNED and _unanswered(contents, key)):
        return Progress.PROBLEM
    if section is None or section.revision == 0:
        return Progress.NOT_STARTED
    return Progress.COMPLETED if section.is_done and not missing else Progress.IN_PROGRESS


def _missing(contents: Contents, key: str, section: Section | None) -> list[str]:
    if key == AWARD:
        return []
    if key == FINANCIAL:
        lines = missing_lines(contents.lines)
        return [_("Not reported yet: %(lines)s.") % {"lines": ", ".join(lines)}] if lines else []
    if key.startswith(f"{INDICATORS}-"):
        n = sum(block.n_missing for block in contents.blocks_of(key))
        words = ngettext("%(n)s cell needs a number or a reason.", "%(n)s cells need a number or a reason.", n)
        return [words % {"n": n}] if n else []
    return [] if section and section.text.strip() else [_("The text is not written yet.")]


def _unanswered(contents: Contents, key: str) -> list[str]:
    n = sum(1 for item in contents.items_of(key) if not item.answer.strip())
    words = ngettext("%(n)s question of the reviewer has no answer.", "%(n)s questions of the reviewer have no answer.", n)
    return [words % {"n": n}] if n else []


def _short(objective) -> str:
    return str(text_in(objective, "short")).lower()

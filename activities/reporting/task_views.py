"""The page of one task of a report: its forms, how they are saved, and where it goes on."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cpc.core import clock
from cpc.core.labels import moment_label
from cpc.core.pages import conflict, posted_version
from cpc.core.rendering import Problem, problems
from cpc.core.texts import active_language
from funding.awards.ledger import in_force, period_of
from funding.models import AwardAction

from . import comparison, drafts
from .completeness import Task, tasks_of
from .contents import Contents, read_contents
from .forms import CellsForm, FinancialForm, NarrativeForm, TaskForm
from .labels import NARRATIVE_HINTS, name_of, place_label, where_labels
from .pages import Opened, not_now, overtaken_reason, report_page, started
from .permissions import may_prepare
from .rules import AWARD, FINANCIAL, INDICATORS, NARRATIVES
from .sf425 import TYPED, Finding, Lines
from .showing import Figures, lines_of, tables_of
from .signed_out import gives_back

TASK_TEMPLATE = "activities/report_task.html"


@gives_back("reports:task")
@require_http_methods(["GET", "HEAD", "POST"])
@report_page
@started
def report_task(request, opened: Opened, task: str):
    """One task. Saving keeps the revision that the page was drawn with, so that a second tab cannot overwrite the first."""
    may = may_prepare(request.user, opened.report, opened.version)
    contents = read_contents(opened.report, opened.version)
    if may and task not in contents.keys:
        raise Http404
    if request.method != "POST" or task not in contents.keys:
        if (elsewhere := not_now(request, opened, may)) is not None:
            return elsewhere
    elif may.code != "state":  # what was typed too late is shown once more, by the page itself
        may.require()
    page = TaskPage(request, opened, contents, task)
    if request.method != "POST" or not page.is_valid():
        return page.render()
    try:
        page.save()
    except ValidationError as error:
        page.form.add_error(None, error)
        return page.render()
    except drafts.Conflict as overtaken:
        return page.render_conflict(overtaken.section)
    except drafts.Overtaken as overtaken:
        return page.render_frozen(overtaken)
    return page.go_on()


class TaskPage:
    """The page of one task: which forms it has, how they are saved, and where it goes on."""

    def __init__(self, request, opened: Opened, contents: Contents, key: str):
        self.request, self.opened, self.contents, self.key = request, opened, contents, key
        self.section = contents.sections.get(key)
        self.revision = posted_version(request) if request.method == "POST" else (self.section.revision if self.section else 0)
        posted = request.POST if request.method == "POST" else None
        items = [item for item in contents.items_of(key) if item.round == contents.round]
        self.form = self.form_class(posted, items=items, initial=self.initial())
        self.cells = CellsForm(contents.blocks_of(key), posted) if key.startswith(f"{INDICATORS}-") else None

    @property
    def form_class(self):
        return NarrativeForm if self.key in NARRATIVES else FinancialForm if self.key == FINANCIAL else TaskForm

    def initial(self) -> dict:
        section, financial = self.section, self.contents.financial
        values = {"done": "yes" if section and section.is_done else "no"}
        if self.key in NARRATIVES:
            is_written = bool(section and section.text)
            values |= {"text": section.text if section else "", "language": section.language if is_written else active_language()}
        if self.key == FINANCIAL:
            before = self.contents.previous
            basis = financial.basis if financial else before.basis if before else "cash"
            lines = Lines.of(financial)
            values |= {"basis": basis, "remarks": financial.remarks if financial else ""}
            values |= {line: lines[line] for line in TYPED}
        return values

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.cells is None or self.cells.is_valid()])

    def save(self):
        common = {
            "actor": self.request.user,
            "at": clock.now(self.opened.partnership.time_zone),
            "revision": self.revision,
            "done": self.form.is_done,
            "answers": self.form.answers,
        }
        data, version_id = self.form.cleaned_data, self.opened.version.pk
        if self.key == AWARD:
            write = partial(drafts.save_award_check, version_id)
        elif self.cells is not None:
            write = partial(drafts.save_indicators, version_id, self.key, cells=self.cells.values)
        elif self.key == FINANCIAL:
            write = partial(
                drafts.save_financial, version_id, basis=data["basis"], lines=self.form.lines, remarks=data["remarks"]
            )
        else:
            write = partial(drafts.save_narrative, version_id, self.key, text=data["text"], language=data["language"])
        self.section = write(**common)

    def go_on(self):
        """Back to the page that sent here, on to the next task, or once more here when something is missing after all."""
        if self.form.is_done and not self.section.is_done:
            messages.warning(self.request, _("Saved. Something is still missing, so this section is not completed."))
            return redirect(f"{self.opened.url('task', self.key)}?saved={self.key}")
        messages.success(self.request, _("Saved."))
        if self.request.GET.get("from") == "check":
            return redirect(f"{self.opened.url('check')}?saved={self.key}#{self.key}")
        keys = self.contents.keys
        after = keys[keys.index(self.key) + 1 :]
        target = self.opened.url("task", after[0]) if after else self.opened.url("detail")
        return redirect(f"{target}?saved={self.key}")

    def render_conflict(self, section):
        """409: both versions, and the form with what was typed, ready to be saved over the one that is now there."""
        self.contents = read_contents(self.opened.report, self.opened.version)
        self.section, self.revision = section, section.revision
        context = self.context() | {
            "conflict": {
                "rows": comparison.compare(self.form, self.cells, self.contents, self.key),
                "who": section.saved_by or _("a program"),
                "when": moment_label(section.saved_at, self.opened.partnership.time_zone),
            },
            "fresh_url": self.opened.url("task", self.key),
        }
        return conflict(self.request, TASK_TEMPLATE, context)

    def render_frozen(self, overtaken):
        """409: the report went on without this save. What was typed stays on the page to be copied."""
        context = self.context() | {"frozen_reason": overtaken_reason(self.opened, overtaken, self.request.user)}
        return conflict(self.request, TASK_TEMPLATE, context)

    def render(self):
        return render(self.request, TASK_TEMPLATE, self.context())

    def context(self) -> dict:
        opened, contents = self.opened, self.contents
        tasks = tasks_of(contents, is_final=opened.report.is_final)
        task = next(one for one in tasks if one.key == self.key)
        found = problems(self.form) + (self.cells.problems if self.cells else [])
        is_fresh = not self.form.is_bound
        context = opened.context | {
            "crumbs": opened.crumbs(),
            "contents": contents,
            "tasks": tasks,
            "task": task,
            "number": tasks.index(task) + 1,
            "n_tasks": len(tasks),
            "form": self.form,
            "revision": self.revision,
            "section": self.section,
            "problems": found or (shown_findings(task) if is_fresh else []),
            "questions": self.questions(),
            "needs": needs_label(task) if is_fresh or not found else _("Not saved: correct what is marked."),
            "has_typing": self.key != AWARD,
        }
        if self.cells is not None:
            figures = Figures(opened.report)
            tables = tables_of(contents.blocks_of(self.key), figures, exact=True, form=self.cells)
            context |= {"tables": tables, "year": opened.report.period_to.year}
        elif self.key == FINANCIAL:
            context |= self.financial_context(task)
        elif self.key in NARRATIVES:
            context |= {"hint": NARRATIVE_HINTS[self.key]}
        else:
            context |= award_facts(opened)
        return context

    def questions(self) -> list:
        places = where_labels(self.contents) if self.form.items else {}
        return [
            (item, place_label(self.contents, item.section_key, item.field, places), field) for item, field in self.form.questions
        ]

    def financial_context(self, task: Task) -> dict:
        by_line: dict[str, list[str]] = {}
        findings = task.problems if not self.form.is_bound else []
        for finding in findings:
            by_line.setdefault(finding.field, []).append(finding.message)
        for line, errors in self.form.errors.items():
            by_line.setdefault(line, []).extend(errors)
        previous = self.contents.previous
        return {
            "lines": lines_of(self.contents, form=self.form, problems=by_line),
            "currency": self.opened.report.award.currency,
            "previous_to": previous and previous.version.report.period_to,
            "basis_problems": by_line.get("basis", []),
        }


def shown_findings(task: Task) -> list[Problem]:
    """What is wrong in what is saved, as the summary at the head of the page links to it."""
    return [Problem(finding.message, anchor_of(finding)) for finding in task.problems]


def anchor_of(finding: Finding) -> str:
    return "id_basis_0" if finding.field == "basis" else f"id_{finding.field}"


def needs_label(task: Task) -> str:
    """The line of the save bar: what the task as saved still needs."""
    n = len(task.missing) + len(task.problems)
    if not n:
        return _("Nothing is missing in this section.")
    if len(task.missing) == 1 and not task.problems:
        return task.missing[0]
    return ngettext("%(n)s thing needs you in this section.", "%(n)s things need you in this section.", n) % {"n": n}


def award_facts(opened: Opened) -> dict:
    """What the system knows of award and period, for the partner to confirm."""
    award, today = opened.report.award, clock.today(opened.partnership.time_zone)
    actions = in_force(AwardAction.objects.filter(award=award), as_of=today, known_on=today).order_by("effective_on", "pk")
    period = period_of(actions)
    return {
        "award": award,
        "award_title": name_of(award, "title"),
        "award_from": period.start,
        "award_to": period.end,
    }

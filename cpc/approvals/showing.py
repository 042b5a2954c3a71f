"""What a proposal does to deadlines and reports, as its page shows it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.deadlines.explain import decision_words, rule_words, title_of
from activities.deadlines.rulebook import shipped
from activities.deadlines.sync import REPORT_KINDS
from activities.models import Deadline, ReportVersion
from activities.reporting.rules import NOT_STARTED
from cpc.core.labels import period_label, weekday_label
from cpc.core.periods import Period

from .words import Names

SATURDAY = 5
FINAL = "final_report"


@dataclass(frozen=True)
class Line:
    """A deadline or report: what it is, its day now and after, what becomes of it, by which rule, `detail` (the period of a
    report), and `why` a decision, and not the rule alone, gives the day. `weekend`: the day of the week of its day, where that
    is none of work and the rule does not move it."""

    title: str
    place: str
    before: date | None
    after: date | None
    effect: str
    rule: str = ""
    detail: str = ""
    why: str = ""
    is_new: bool = False
    is_gone: bool = False

    @property
    def day(self) -> date | None:
        return self.after or self.before

    @property
    def weekend(self) -> str:
        if self.day is None or self.day.weekday() < SATURDAY:
            return ""
        return _("%(weekday)s; not moved") % {"weekday": weekday_label(self.day)}


def deadline_lines(found: dict, names: Names) -> list[Line]:
    """Those that move, come and go, in the order of the day after; the periodic reports that come and go stand among the reports,
    with their days."""
    alone = is_of_one_award(found)
    pairs = [pair for pair in pairs_of(found["deadlines"]) if all(pair) or (pair[0] or pair[1])["kind"] not in REPORT_KINDS]
    return in_day_order(deadline_line(before, after, names, alone=alone) for before, after in pairs)


def pairs_of(rows: dict) -> list[tuple[dict | None, dict | None]]:
    """Each deadline that changes as it is and as it would be; None where it is not there. A final report that takes the place of
    another one is a date that moves."""
    came, gone = (dict(rows[name]) for name in ("created", "superseded"))
    pairs = [(change["from"], change["to"]) for change in rows["changed"].values()]
    for key, row in list(gone.items()):
        after = next((one for one, other in came.items() if row["kind"] == FINAL and _same_report(row, other)), None)
        if after:
            pairs.append((gone.pop(key), came.pop(after)))
    return [*pairs, *((None, row) for row in came.values()), *((row, None) for row in gone.values())]


def in_day_order(lines) -> list[Line]:
    return sorted(lines, key=lambda line: (line.day, line.title, line.place))


def _same_report(before: dict, after: dict) -> bool:
    return all(before[name] == after[name] for name in ("kind", "rule", "award", "recipient"))


def is_of_one_award(found: dict) -> bool:
    """Whether all that moves belongs to one award, so that its name need not stand in each line."""
    deadlines, reports = found["deadlines"], found["reports"]
    rows = [row for group in (deadlines, reports) for name in ("created", "superseded") for row in group[name].values()]
    rows += [change["to"] for group in (deadlines, reports) for change in group["changed"].values()]
    return len({row["award"] for row in rows}) == 1


def deadline_line(before: dict | None, after: dict | None, names: Names, *, alone: bool) -> Line:
    row = after or before
    days = [side and date.fromisoformat(side["due_on"]) for side in (before, after)]
    period = {"period_from": _iso(row["from"]), "period_to": _iso(row["to"])}
    if before and after and before["from"] != after["from"]:
        period = {"period_from": None, "period_to": None}  # a final that moved: of neither period alone
    effect = _("Superseded") if after is None else _("Is created") if before is None else _("Changed")
    return Line(
        title_of(Deadline(rule=row["rule"], **period)), place_of(None if alone else row["award"], row["recipient"], names), *days,
        effect, rule_words(shipped().rule(row["rule"])), why=_why(after), is_new=before is None, is_gone=after is None,
    )  # fmt: skip


def _why(row: dict | None) -> str:
    return decision_words(Deadline(due_on=_iso(row["due_on"]), inputs=row)) if row else ""


def place_of(award: str | None, organization: str | None, names: Names) -> str:
    return ", ".join(filter(None, [award and names.award(award), organization and names.organization(organization)]))


def report_lines(found: dict, names: Names) -> list[Line]:
    """Reports that come, go and stay; of those that stay, the begun ones of the awards that are touched."""
    rows, was, due = found["reports"], _due_days(found["deadlines"], "from"), _due_days(found["deadlines"], "to")
    how = {"names": names, "alone": is_of_one_award(found)}
    kept = {key: row for key, row in rows["kept"].items() if row["state"] != NOT_STARTED}
    changed = {key: one["to"] for key, one in rows["changed"].items()}
    lines = [_report_line(row, was, _("Superseded"), **how, is_gone=True) for _key, row in in_order(rows["superseded"])]
    lines += [_report_line(row, due, _change_words(rows["changed"][key]), **how, is_new=True) for key, row in in_order(changed)]
    lines += [_report_line(row, due, _("Is created"), **how, is_new=True) for _key, row in in_order(rows["created"])]
    return lines + [_report_line(row, due, _("Kept"), **how) for _key, row in in_order(kept)]


def in_order(rows: dict[str, dict]) -> list[tuple[str, dict]]:
    """By award, organization and period, whatever order the rows were kept in."""
    return sorted(rows.items(), key=lambda pair: (pair[1]["award"], pair[1]["organization"], pair[1]["from"]))


def _change_words(change: dict) -> str:
    if change["from"]["is_final"] != change["to"]["is_final"]:
        return _("Becomes final") if change["to"]["is_final"] else _("No longer final")
    return _("Changed")


def _due_days(deadlines: dict, side: str) -> dict[tuple, dict]:
    """The deadline by award, recipient and period, as it is ("from") or would be ("to")."""
    rows = [*deadlines["kept"].values(), *deadlines["superseded" if side == "from" else "created"].values()]
    rows += [change[side] for change in deadlines["changed"].values()]
    return {(row["award"], row["recipient"], row["from"], row["to"]): row for row in rows if row["from"]}


def _report_line(row: dict, due: dict, effect: str, *, names: Names, alone: bool, **how) -> Line:
    title = _("Final") if row["is_final"] else _("Periodic")
    if row["state"] != NOT_STARTED:
        words = {"report": title, "state": ReportVersion.State(row["state"]).label}
        title = _("%(report)s, %(state)s") % words
    deadline = due.get((row["award"], row["organization"], row["from"], row["to"]))
    day = deadline and _iso(deadline["due_on"])
    period = period_label(Period(_iso(row["from"]), _iso(row["to"])))
    place = place_of(None if alone else row["award"], row["organization"], names)
    return Line(title, place, None, day, effect, detail=period, why=_why(deadline), **how)


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def deadlines_headline(lines: list[Line]) -> str:
    """ "3 deadlines move, 1 is created", as the table below it lists them; what does not happen is not counted."""
    n_new, n_gone = sum(line.is_new for line in lines), sum(line.is_gone for line in lines)
    n_moved = len(lines) - n_new - n_gone
    parts = [
        n_moved and ngettext("%(n)s deadline moves", "%(n)s deadlines move", n_moved) % {"n": n_moved},
        n_new and ngettext("%(n)s deadline is created", "%(n)s deadlines are created", n_new) % {"n": n_new},
        n_gone and ngettext("%(n)s deadline is superseded", "%(n)s deadlines are superseded", n_gone) % {"n": n_gone},
    ]
    return ", ".join(part for part in parts if part) or _("No deadline moves")


def reports_headline(found: dict, lines: list[Line]) -> str:
    """ "3 reports are created, 1 is superseded, 3 are kept", as the table below it lists them."""
    rows, n_kept = found["reports"], sum(not line.is_new and not line.is_gone for line in lines)
    n = {name: len(rows[name]) for name in ("created", "superseded", "changed")}
    parts = [
        n["created"] and ngettext("%(n)s report is created", "%(n)s reports are created", n["created"]) % {"n": n["created"]},
        n["changed"] and ngettext("%(n)s report changes", "%(n)s reports change", n["changed"]) % {"n": n["changed"]},
        n["superseded"]
        and ngettext("%(n)s report is superseded", "%(n)s reports are superseded", n["superseded"]) % {"n": n["superseded"]},
        n_kept and ngettext("%(n)s begun report is kept", "%(n)s begun reports are kept", n_kept) % {"n": n_kept},
    ]
    return ", ".join(part for part in parts if part) or _("No report is touched")

"""Why a date is what it is, in the reader's language: the rule, what it counts from, its source, the day of the week.

Everything is made from the row and rules.yaml when it is read, so that both languages always say the same.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cpc.core.dates import PreciseDate
from cpc.core.labels import assumed_label, day_label, period_label, precise_label, weekday_label
from cpc.core.periods import Period
from cpc.core.texts import active_language
from funding.models import AwardRecipient
from partners.ledger import Certainty

from .births import DAYS_OF_GRACE
from .due import Gap
from .history import Move
from .models import RuleOverride
from .rulebook import Rule, shipped

REPORT_NAMES = {
    ("quarterly", "performance"): gettext_lazy("quarterly performance report"),
    ("quarterly", "financial"): gettext_lazy("quarterly SF-425"),
    ("semiannual", "performance"): gettext_lazy("semi-annual performance report"),
    ("semiannual", "financial"): gettext_lazy("semi-annual SF-425"),
    ("annual", "performance"): gettext_lazy("annual performance report"),
    ("annual", "financial"): gettext_lazy("annual SF-425"),
    ("anniversary", "performance"): gettext_lazy("annual performance report"),
    ("anniversary", "financial"): gettext_lazy("annual SF-425"),
    ("final", "performance"): gettext_lazy("final performance report"),
    ("final", "financial"): gettext_lazy("final SF-425"),
    ("once", "liquidation"): gettext_lazy("liquidation of obligations"),
}
GUIDANCE_NAMES = {
    "UG-2014": gettext_lazy("2 CFR 200, text of 2014"),
    "UG-2020": gettext_lazy("2 CFR 200, text of 2020"),
    "UG-2024": gettext_lazy("2 CFR 200, text of 2024"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of the answer to "why this date", each a text in the reader's language. `guidance` is empty where the rule
    needs none, `terms` where the award's own terms say nothing else, `decision` where the rule alone gives the day, `grant` where
    no later day was granted."""

    rule: str
    counted_from: str
    source: str
    weekday: str
    guidance: str = ""
    decision: str = ""
    terms: str = ""
    grant: str = ""

    def __str__(self):
        return " ".join(filter(None, [self.of_rule, self.terms, self.decision, self.grant]))

    @property
    def of_rule(self) -> str:
        parts = {"rule": self.rule, "counted_from": self.counted_from, "source": self.source, "guidance": self.guidance}
        if self.guidance:
            return _("%(rule)s. Counted from %(counted_from)s. Guidance: %(guidance)s. Source: %(source)s.") % parts
        return _("%(rule)s. Counted from %(counted_from)s. Source: %(source)s.") % parts


def explain(deadline) -> Explanation:
    """The explanation of a `Deadline`, saved or not."""
    rule = shipped().rule(deadline.rule)
    return Explanation(
        rule=_("%(rule)s, %(words)s") % {"rule": rule.id, "words": rule_words(rule)},
        counted_from=counted_from(rule, PreciseDate.parse(deadline.inputs["base"])),
        source=source_words(rule),
        weekday=weekday_words(deadline),
        guidance=str(GUIDANCE_NAMES.get(deadline.guidance_version, deadline.guidance_version)),
        decision=decision_words(deadline),
        terms=terms_words(rule, deadline.inputs.get("terms")),
        grant=grant_words(deadline),
    )


def title_of(deadline) -> str:
    """What falls due, with its period: "Quarterly SF-425, January–March 2020"; of the yearly targets their year, of a commitment
    its permanent name."""
    rule = shipped().rule(deadline.rule)
    title = rule.title.said_in(active_language())
    if deadline.period_from is not None:
        period = period_label(Period(deadline.period_from, deadline.period_to))
    elif rule.kind == "targets" and deadline.raw_on is not None:
        period = f"{deadline.raw_on.year}"
    elif rule.kind == "commitment" and deadline.subject_key:
        period = deadline.subject_key
    else:
        return title
    return _("%(title)s, %(period)s") % {"title": title, "period": period}


def rule_words(rule: Rule) -> str:
    """The rule's count in words: "30 days after the end of the reporting period"."""
    n = abs(rule.offset)
    return RULE_WORDS[rule.trigger, rule.unit, (rule.offset > 0) - (rule.offset < 0)](n) % {"n": n}


RULE_WORDS = {
    ("reporting_period_end", "day", 1): lambda n: ngettext(
        "%(n)s day after the end of the reporting period", "%(n)s days after the end of the reporting period", n
    ),
    ("award_anniversary", "day", -1): lambda n: ngettext(
        "%(n)s day before the anniversary of the award", "%(n)s days before the anniversary of the award", n
    ),
    ("award_end", "day", 1): lambda n: ngettext(
        "%(n)s day after the end of the award", "%(n)s days after the end of the award", n
    ),
    ("award_end", "day", 0): lambda n: _("the day on which the award's period of performance ends"),
    ("award_end", "day", -1): lambda n: ngettext(
        "%(n)s day before the end of the award", "%(n)s days before the end of the award", n
    ),
    ("award_end", "year", 1): lambda n: ngettext(
        "%(n)s year after the end of the award", "%(n)s years after the end of the award", n
    ),
    ("final_reports_accepted", "year", 1): lambda n: ngettext(
        "%(n)s year after the last final report was accepted", "%(n)s years after the last final report was accepted", n
    ),
    ("final_sf425_submitted", "year", 1): lambda n: ngettext(
        "%(n)s year after the final SF-425 was handed in", "%(n)s years after the final SF-425 was handed in", n
    ),
    ("term_end", "day", 0): lambda n: _("the day on which the term ends"),
    ("term_end", "day", -1): lambda n: ngettext(
        "%(n)s day before the end of the term", "%(n)s days before the end of the term", n
    ),
    ("pledge_end", "day", 0): lambda n: _("the day on which the pledge's term ends"),
    ("previous_dialogue", "month", 1): lambda n: ngettext(
        "%(n)s month after the last day of the dialogue before", "%(n)s months after the last day of the dialogue before", n
    ),
    ("dialogue_date", "day", -1): lambda n: ngettext(
        "%(n)s day before the next dialogue", "%(n)s days before the next dialogue", n
    ),
    ("partnership_year_start", "day", 0): lambda n: _("the anniversary of the signing"),
    ("commitment_due", "day", 0): lambda n: _("the day that the commitment names"),
}
TRIGGER_WORDS = {
    "reporting_period_end": gettext_lazy("%(day)s, end of the reporting period"),
    "award_anniversary": gettext_lazy("%(day)s, anniversary of the award"),
    "award_end": gettext_lazy("%(day)s, end of the award"),
    "final_reports_accepted": gettext_lazy("%(day)s, when the last final report was accepted"),
    "final_sf425_submitted": gettext_lazy("%(day)s, when the final SF-425 was handed in"),
    "term_end": gettext_lazy("%(day)s, end of the term"),
    "pledge_end": gettext_lazy("%(day)s, end of the pledge's term"),
    "previous_dialogue": gettext_lazy("%(day)s, last day of the dialogue before"),
    "dialogue_date": gettext_lazy("%(day)s, when the next dialogue is planned or falls due"),
    "partnership_year_start": gettext_lazy("%(day)s, anniversary of the signing"),
    "commitment_due": gettext_lazy("%(day)s, as the commitment says"),
}
SHIFT_WORDS = {
    "NONE": gettext_lazy("no day is moved"),
    "NEXT_US": gettext_lazy("moved to the next working day in the United States"),
    "NEXT_HOST": gettext_lazy("moved to the next working day in the host country"),
    "NEXT_BOTH": gettext_lazy("moved to the next day that is a working day in both countries"),
    "PREV_US": gettext_lazy("moved back to the last working day in the United States"),
    "PREV_HOST": gettext_lazy("moved back to the last working day in the host country"),
    "PREV_BOTH": gettext_lazy("moved back to the last day that is a working day in both countries"),
}


def counted_from(rule: Rule, base: PreciseDate) -> str:
    day = precise_label(base)
    if assumed := assumed_label(base):
        day = _("%(day)s (%(assumed)s)") % {"day": day, "assumed": assumed}
    return TRIGGER_WORDS[rule.trigger] % {"day": day}


def source_words(rule: Rule) -> str:
    """The rule's citation and how sure it is."""
    words = {"citation": rule.citation.said_in(active_language()), "certainty": Certainty(rule.certainty).label}
    return _("%(citation)s (%(certainty)s)") % words


def terms_words(rule: Rule, terms: dict | None) -> str:
    """What the award's own terms say instead of the rule, with reason and source; empty where they say nothing else. `terms` as
    in the row's inputs."""
    if terms is None:
        return ""
    count = rule_words(replace(rule, offset=terms.get("offset", rule.offset)))
    words = {"count": count, "shift": SHIFT_WORDS[terms.get("shift") or rule.shift]}
    words |= {"reason": terms["reason"].rstrip("."), "source": terms.get("source") or _("no document on file")}
    return _("The award's own terms say instead: %(count)s; %(shift)s. Reason: %(reason)s. Source: %(source)s.") % words


def grant_words(deadline) -> str:
    """That a later day was granted, and what counted before; empty where none was, or where another day counts."""
    granted = deadline.inputs.get("granted")
    if granted is None:
        return ""
    days = {"granted": date.fromisoformat(granted["day"]), "on": date.fromisoformat(granted["on"]), "legal": deadline.legal_on}
    words = {name: day_label(day) for name, day in days.items()}
    return _("Computed day %(legal)s; %(granted)s was granted on %(on)s.") % words


def decision_words(deadline) -> str:
    """Why a decision taken here, and not the rule alone, gives the day; empty where it does not."""
    if deadline.decided_on is None:
        return ""
    words = {"legal": day_label(deadline.legal_on), "decided": day_label(deadline.decided_on), "n": DAYS_OF_GRACE}
    if deadline.legal_on < deadline.decided_on:
        return _("Computed day %(legal)s, before the decision of %(decided)s; %(n)s days from the decision.") % words
    return _("Computed day %(legal)s; an extension makes no date earlier: %(n)s days from the decision of %(decided)s.") % words


def weekday_words(deadline) -> str:
    """The day of the week, and what weekends and holidays did or would do."""
    words = {"weekday": weekday_label(deadline.due_on), "due": day_label(deadline.due_on)}
    if deadline.due_on != deadline.raw_on and deadline.decided_on is None and "granted" not in deadline.inputs:
        words["raw"] = day_label(deadline.raw_on)
        return _("%(raw)s is no working day: moved to %(weekday)s, %(due)s") % words
    if deadline.next_business_on != deadline.due_on:
        words["next"] = day_label(deadline.next_business_on)
        return _("%(weekday)s; next business day in the United States: %(next)s") % words
    return words["weekday"]


def explain_move(move: Move) -> str:
    """What moved a date, in one sentence: "6 Feb 2020: was 30 Jun 2021; moved by: Extended, until June 2022"."""
    words = {"on": day_label(move.on), "before": day_label(move.before)}
    words["causes"] = get_text_list([cause_words(row) for row in move.causes], _("and"))
    return _("%(on)s: was %(before)s; moved by: %(causes)s") % words


def cause_words(row) -> str:
    """A row of a ledger: its kind, and the end that it set or took back."""
    if isinstance(row, RuleOverride):
        words = {"rule": row.rule}
        return _("terms taken back for %(rule)s") % words if row.voids_id else _("own terms for %(rule)s") % words
    if row.voids_id:
        return _("%(kind)s (%(voided)s)") % {"kind": row.get_kind_display(), "voided": cause_words(row.voids)}
    if row.new_end_on is None:
        return row.get_kind_display()
    end = precise_label(PreciseDate.of(row.new_end_on, row.new_end_precision))
    return _("%(kind)s, until %(end)s") % {"kind": row.get_kind_display(), "end": end}


def explain_gap(gap: Gap) -> str:
    """Why a date does not exist, in one sentence."""
    words = {"report": REPORT_NAMES.get((gap.frequency, gap.report), ""), "on": day_label(gap.on) if gap.on else ""}
    words["rule_class"] = AwardRecipient.RuleClass(gap.rule_class).label if gap.rule_class else ""
    return GAP_WORDS[gap.reason] % words


GAP_WORDS = {
    "no_period": gettext_lazy("No period of performance is known, so no report falls due."),
    "no_start": gettext_lazy("The first day of the period of performance is not known, so no report falls due."),
    "no_end": gettext_lazy("The last day of the period of performance is not known, so no report falls due."),
    "bad_period": gettext_lazy("The period of performance ends before it begins, so no report falls due."),
    "no_recipient": gettext_lazy("No recipient is known, so no report falls due."),
    "no_guidance": gettext_lazy(
        "No date for the %(report)s: the text of 2 CFR 200 under which money was last added is not known."
    ),
    "no_rule": gettext_lazy("No rule is known: %(report)s, %(rule_class)s."),
    "unknown_end": gettext_lazy("No end is known, so no date counts from it."),
    "no_dialogue": gettext_lazy("No dialogue has been held, so no date counts from one."),
    "no_day": gettext_lazy("The commitment names no day."),
    "after_term": gettext_lazy("The next dialogue would fall due on %(on)s, after the end of the term."),
}

"""What an award's own terms say instead of a rule, as a proposal: its form section, its sentence, its part of the picture."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.deadlines.acts import changeable_rules
from activities.deadlines.explain import SHIFT_WORDS, rule_words
from activities.deadlines.models import RuleOverride
from activities.deadlines.rulebook import shipped
from cpc.core.texts import active_language
from funding.models import Award
from partners.models import Partnership

from .forms import DECISION_DAY, EMPTY, Section, choice, day, text


class TermsSection(Section):
    act = name = "terms"
    heading, rare = gettext_lazy("Change a rule by the award’s own terms"), ("effective", "reason")
    award = choice(gettext_lazy("Award"))
    rule = choice(gettext_lazy("Rule"))
    count = text(
        gettext_lazy("Number of days, months or years"), inputmode="numeric",
        hint=gettext_lazy("In the rule’s own unit, for example 45. Empty: the rule’s."),
    )  # fmt: skip
    shift = choice(
        gettext_lazy("Where the day is none of work"), [*EMPTY, *SHIFT_WORDS.items()], required=False,
        hint=gettext_lazy("Empty: as the rule says."),
    )  # fmt: skip
    suppressed = forms.BooleanField(label=gettext_lazy("Nothing falls due by this rule"), required=False)
    effective = day(gettext_lazy("Takes effect on"), DECISION_DAY)

    def offer(self):
        awards = Award.objects.filter(partnership=self.partnership).order_by("level", "key")
        titles = "title_es" if active_language().startswith("es") else "title_en"
        self.choose("award", [(row.key, getattr(row, titles) or row.title_en) for row in awards])
        self.choose("rule", [(rule.id, rule_label(rule)) for rule in changeable_rules()])

    def acts(self):
        (act,) = super().acts()
        return [{name: value for name, value in act.items() if value is not False}]


def rule_label(rule) -> str:
    words = {"title": rule.title.said_in(active_language()), "rule": rule.id, "count": rule_words(rule)}
    return _("%(title)s (%(rule)s): %(count)s") % words


def terms_sentence(act: dict, names) -> str:
    """What is proposed, in one line; also where the number was not checked yet, or the rule has gone."""
    words = {"award": names.award(act.get("award", "")), "rule": act.get("rule", ""), "shift": "", "count": ""}
    rule = next((one for one in shipped().rules if one.id == act.get("rule")), None)
    if act.get("suppressed") or rule is None:
        return _("Terms of “%(award)s”: nothing falls due by %(rule)s.") % words
    typed = str(act.get("count", ""))
    offset = int(typed) * (1 if rule.offset > 0 else -1) if typed.isascii() and typed.isdigit() and int(typed) else rule.offset
    words |= {"count": rule_words(replace(rule, offset=offset)), "shift": SHIFT_WORDS.get(act.get("shift") or rule.shift, "")}
    return _("Terms of “%(award)s”: %(rule)s, %(count)s; %(shift)s.") % words


def terms_in_force(partnership: Partnership, days: dict) -> dict[str, dict]:
    """What the awards' own terms say instead of the rules, by award and rule."""
    rows = RuleOverride.objects.filter(award__partnership=partnership).in_force(**days).select_related("award")
    return {
        f"{row.award.key} {row.rule}": {"offset": row.offset, "shift": row.shift, "suppressed": row.is_suppressed}
        for row in rows.order_by("effective_on", "pk")
    }

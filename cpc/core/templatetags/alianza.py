"""The one filter or tag for each thing that pages show: money, days, quarters, numbers, text pairs, marks."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cpc.core import labels
from cpc.core.dates import PreciseDate
from cpc.core.money import format_money
from cpc.core.texts import text_in

register = template.Library()
TAG_KINDS = ("none", "half", "full", "soon", "late", "off")


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ amount|money:currency }}`: "US$ 6,700,000"; None reads "not reported"."""
    return format_html('<span class="al-money">{}</span>', format_money(amount, currency))


@register.filter
def money_text(amount: Decimal | None, currency: str) -> str:
    """The same without markup, for titles, attributes and mails."""
    return format_money(amount, currency)


@register.simple_tag(name="money")
def money_tag(amount: Decimal | None, currency: str, unknown: str | None = None, signed: bool = False) -> SafeString:
    """`{% money amount currency unknown=_("not published") signed=True %}`."""
    return format_html('<span class="al-money">{}</span>', format_money(amount, currency, unknown=unknown, signed=signed))


@register.filter
def number(n: int | Decimal | None, unknown: str | None = None) -> str:
    """`{{ n|number }}`: "1,234"; None reads "not reported", or the argument."""
    return labels.format_number(n, unknown=unknown)


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ day|day }}`: a `<time>` element, "6 Feb 2020". A datetime is shown as its day in the current time zone."""
    if value is None:
        return ""
    value = _civil_day(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), labels.day_label(value))


@register.filter
def day_text(value: date | datetime | None) -> str:
    """The same without markup."""
    return "" if value is None else labels.day_label(_civil_day(value))


@register.filter
def weekday(value: date) -> str:
    return labels.weekday_label(value)


@register.filter
def moment(instant: datetime | None, zone: str) -> str:
    """`{{ instant|moment:"America/New_York" }}`: day and time as a clock there shows it."""
    if instant is None:
        return ""
    local = instant.astimezone(ZoneInfo(zone))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), labels.moment_label(instant, zone))


@register.filter
def precise_day(precise: PreciseDate | None, which: str = "last") -> str:
    """`{{ precise|precise_day }}`: "June 2022" and, where the day is not known, which one is assumed. For the start of a
    period `{{ precise|precise_day:"first" }}`."""
    if precise is None:
        return ""
    shown = format_html('<time datetime="{}">{}</time>', precise.iso, labels.precise_label(precise))
    assumed = labels.assumed_label(precise, first=which == "first")
    return format_html('{} <span class="al-prec">{}</span>', shown, assumed) if assumed else shown


@register.filter
def with_precision(day: date | None, precision: str) -> PreciseDate | None:
    """`{{ row.effective_on|with_precision:row.effective_precision|precise_day }}`: two columns of a row as one day."""
    return None if day is None else PreciseDate.of(day, precision)


@register.filter
def precise_text(precise: PreciseDate | None) -> str:
    """ "June 2022" without markup."""
    return "" if precise is None else labels.precise_label(precise)


@register.filter
def month_text(value: date) -> str:
    """ "Jun 2017" without markup, for narrow places."""
    return labels.short_month_label(value)


@register.filter
def quarter(key: str) -> str:
    """`{{ key|quarter }}`: "January–March 2021" for 2021-Q1; years of every calendar too. Another key comes back as it is."""
    return labels.key_label(key)


@register.filter
def period(value) -> str:
    """`{{ period|period }}`: "January–March 2021", "2021", or both days."""
    return "" if value is None else labels.period_label(value)


@register.simple_tag
def text_pair(obj, name: str) -> str:
    """`{% text_pair award "title" %}`: the text in the reader's language, else the other one with its `lang`."""
    shown = text_in(obj, name)
    return format_html('<span lang="{}">{}</span>', shown.lang, shown.text) if shown.is_fallback else shown.text


@register.simple_tag
def sample(obj) -> str:
    """`{% sample activity %}`: the mark of a row that was made up for the demonstration."""
    return format_html('<span class="al-sample">{}</span>', _("sample")) if obj.is_sample else ""


@register.simple_tag
def tag(word: str, kind: str = "none") -> SafeString:
    """`{% tag word "half" %}`: a status, its word first. Raises ValueError for a kind the stylesheet does not know."""
    if kind not in TAG_KINDS:
        raise ValueError(f"{kind!r} is no kind of status tag; use one of {', '.join(TAG_KINDS)}.")
    modifier = "" if kind == "none" else f" al-tag--{kind}"
    return format_html('<span class="al-tag{}">{}</span>', modifier, word)


@register.simple_tag(takes_context=True)
def querystring_with(context, **changes) -> str:
    """`{% querystring_with page=2 sort=None %}`: the present parameters with these set, or dropped where None."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"


def _civil_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value

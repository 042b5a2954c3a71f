"""The table of exchange rates, the file that is loaded into it, and one amount under all bases."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.dates import Precision
from cpc.core.pages import paginate
from cpc.core.rendering import Problem, problems
from funding.awards.filters import faults_of
from partners.asof import asked_days
from partners.exports import asks_for_file, file_of
from partners.ledger import Qualifier
from partners.pages import partnership_page, partnerships_seen
from partners.permissions import may, may_anywhere

from .models import ExchangeRate, Pledge
from .queries import promise_of
from .rate_bases import side_by_side
from .rate_files import COLUMNS, FileRefused, Mistake, load_rates
from .rate_forms import BasesForm, RateFileForm, RateListFilter
from .rate_sheet import RATES
from .rates import RateTable

ROWS_AT_ONCE = 500
MOST_SHOWN = 200
DOLLARS = "USD"


@require_safe
def rate_list(request):
    may_anywhere(request.user, "read.pledges").require()
    rows = RateListFilter(request.GET, queryset=ExchangeRate.objects.order_by("-record_date", "-effective_date", "-pk"))
    if asks_for_file(request) and rows.is_valid():
        if request.GET["format"] == "csv":  # the form in which rates are loaded, without a line of ours
            return RATES.for_programs(rows.qs.iterator(chunk_size=ROWS_AT_ONCE))
        return file_of(request, RATES, rows.qs, partnership=None, filters=rows)
    page = paginate(request, rows.qs) if rows.is_valid() else None
    found = page and ngettext("%(n)s rate", "%(n)s rates", page.count) % {"n": page.count}
    context = {
        "filter": rows,
        "page": page,
        "found": found,
        "citations": citations(page or ()),
        "problems": faults_of(rows, "rates"),
        "may_load": may_anywhere(request.user, "reference.edit"),
        "bases_of": [one for one in partnerships_seen(request.user) if may(request.user, "read.pledges", one.pk)],
    }
    return render(request, "funding/rate_list.html", context, status=200 if rows.is_valid() else 400)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_load(request):
    may_anywhere(request.user, "reference.edit").require()
    form, mistakes = RateFileForm(request.POST or None, request.FILES or None), []
    if request.method == "POST":
        form = RateFileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                loaded = load_rates(file.read(), name=file.name, actor=request.user, today=clock.today())
            except FileRefused as refused:
                mistakes = refused.mistakes
            else:
                messages.success(request, said_of(loaded))
                return redirect("rates:list")
    context = {
        "form": form,
        "problems": [*problems(form), *summary_of(mistakes)],
        "mistakes": mistakes[:MOST_SHOWN],
        "n_more": max(len(mistakes) - MOST_SHOWN, 0),
        "columns": ",".join(COLUMNS),
        "kinds": ExchangeRate.Kind.choices,
    }
    return render(request, "funding/rate_load.html", context)


def said_of(loaded) -> str:
    added = ngettext("%(n)s rate added.", "%(n)s rates added.", loaded.n_added) % {"n": loaded.n_added}
    same = ngettext("%(n)s was there already.", "%(n)s were there already.", loaded.n_unchanged) % {"n": loaded.n_unchanged}
    return f"{added} {same}" if loaded.n_unchanged else added


def summary_of(mistakes: list[Mistake]) -> list[Problem]:
    if not mistakes:
        return []
    n = len(mistakes)
    text = ngettext(
        "The file has %(n)s mistake, so nothing was loaded.", "The file has %(n)s mistakes, so nothing was loaded.", n
    )
    return [Problem(text % {"n": n}, "mistakes")]


@require_safe
@partnership_page("read.pledges")
def rate_bases(request, partnership):
    """An amount of the host's currency in dollars, by each basis; without a question the pledge's."""
    days, asof = asked_days(request, partnership)
    currency = partnership.host_currency
    form = BasesForm(request.GET, currency=currency, into=DOLLARS, today=days.today)
    is_valid = form.is_valid() and asof.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")} if is_valid else {}
    pledge = pledge_of(partnership, days, asked.get("pledge"))
    own = {"amount": pledge.amount, "day": pledge.effective.last} if pledge else {"amount": None, "day": days.as_of}
    amount, day = (asked.get(name, own[name]) for name in own)
    if is_valid:  # what is shown stands in the form
        form = BasesForm(initial=own | asked, currency=currency, into=DOLLARS, today=days.today)
    shown = None
    if amount is not None and currency != DOLLARS:
        rates = ExchangeRate.objects.filter(base__in=(currency, DOLLARS), quote__in=(currency, DOLLARS))
        shown = side_by_side(
            amount,
            currency,
            table=RateTable.of(rates, {currency, DOLLARS}, as_of=min(days.as_of, days.known_on)),
            day=day,
            only_year=bool(pledge and day == own["day"] and pledge.effective_precision == Precision.YEAR),
            signature=pledge and pledge.rate,
        )
    is_pledge = bool(pledge) and (amount, day) == (own["amount"], own["day"])
    context = {
        "partnership": partnership,
        "days": days,
        "asof": asof,
        "form": form,
        "problems": problems(asof, form),
        "promise": pledge and promise_of(pledge),
        "is_pledge": is_pledge,
        "qualifier": pledge.get_qualifier_display() if is_pledge and pledge.qualifier != Qualifier.EXACT else "",
        "amount": amount,
        "day": day,
        "currency": currency,
        "into": DOLLARS,
        "shown": shown,
        "citations": citations(line.rate for line in shown.lines if line.rate) if shown else [],
        "told": shown and shown.told(asked.get("stated")),
    }
    return render(request, "funding/rate_bases.html", context, status=200 if is_valid else 400)


def citations(rates) -> list[tuple[str, str]]:
    """Where the rates of a page were seen, each source and text once."""
    return sorted({(rate.source, rate.citation) for rate in rates if rate.citation})


def pledge_of(partnership, days, key: str | None) -> Pledge | None:
    """The pledge in the host's currency that is asked for, else the first one in force; None where there is none. 404 for another
    key."""
    rows = Pledge.objects.filter(partnership=partnership).in_force(as_of=days.as_of, known_on=days.known_on)
    rows = rows.filter(amount__isnull=False, currency=partnership.host_currency).select_related("rate", "source")
    if key:
        return get_object_or_404(rows, key=key)
    return rows.order_by("effective_on", "pk").first()

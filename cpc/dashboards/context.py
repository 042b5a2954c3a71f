"""What stands around every page: the partnership, the navigation that this reader has, languages, the demonstration's day."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cpc.core.texts import active_language, text_in
from partners.pages import partnerships_seen
from partners.permissions import may, may_anywhere, memberships_of
from partners.roles import names_of

# Each entry: the row of the table of grants, the address, and the word.
NAVIGATION = (
    ("read.dashboard", "dashboards:overview", lambda: _("Overview")),
    ("read.activities", "activities:list", lambda: _("Activities")),
    ("read.reports", "reports:list", lambda: _("Reports")),
    ("read.funding", "funding:list", lambda: _("Funding")),
    ("read.pledges", "pledges:list", lambda: _("Pledge")),
    ("read.dialogues", "dialogues:list", lambda: _("Dialogues")),
    ("read.deadlines", "deadlines:list", lambda: _("Deadlines")),
    ("read.statements", "dashboards:statements", lambda: _("Statements")),
    ("read.partners", "partners:list", lambda: _("Partners")),
)


def chrome(request):
    """The template variable `chrome`; computed only when a page shows it, and once."""
    return {"chrome": SimpleLazyObject(lambda: _chrome(request))}


def _chrome(request):
    around = {"is_demo": settings.ALIANZA_DEMO, "demo_day": settings.ALIANZA_TODAY, "languages": _languages(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return around
    partnerships = partnerships_seen(user)
    current = _current(request, partnerships)
    around |= {
        "user_label": str(user),
        "person": [
            {"label": _("Profile"), "url": reverse("accounts:profile")},
            {"label": _("Calendar"), "url": reverse("calendar:page")},
            {"label": _("API tokens"), "url": reverse("accounts:tokens")},
        ],
        "jobs_url": reverse("dashboards:jobs") if may_anywhere(user, "read.jobs") else "",
        "footer": [{"label": _("API"), "url": reverse("api:docs")}],
        "partnerships": [_link(partnership, current, user) for partnership in partnerships],
    }
    if may_anywhere(user, "reference.edit"):
        around["person"].append({"label": _("Exchange rates"), "url": reverse("rates:list")})
        around["person"].append({"label": _("Days without work"), "url": reverse("dashboards:holidays")})
    if around["jobs_url"]:
        around["person"].append({"label": _("Jobs"), "url": around["jobs_url"]})
    if current:
        around |= {
            "partnership": _link(current, current, user),
            "nav": _navigation(request, user, current),
            "act": _act(user, current),
            "user_roles": _roles(user, current),
        }
        if may(user, "users.invite_partners", current.pk):
            around["person"].append({"label": _("Who has access"), "url": reverse("partners:people", args=[current.key])})
        around["footer"].insert(0, {"label": _("Sources"), "url": reverse("partners:list", args=[current.key]) + "#sources"})
    return around


def _roles(user, partnership) -> str:
    return names_of({m.role for m in memberships_of(user) if m.partnership_id in (partnership.pk, None)})


def _current(request, partnerships):
    """The partnership of the address, or the only one that the reader has."""
    match = getattr(request, "resolver_match", None)
    key = match.kwargs.get("partnership") if match else None
    if key:
        return next((partnership for partnership in partnerships if partnership.key == key), None)
    return partnerships[0] if len(partnerships) == 1 else None


def _link(partnership, current, user):
    return {
        "key": partnership.key,
        "label": label_of(partnership),
        "url": home_of(user, partnership),
        "is_current": partnership == current,
    }


def label_of(partnership) -> str:
    """A short name for the head of the page: "U.S.–Peru, 2017"."""
    host = str(text_in(partnership, "host_name"))
    return _("U.S.–%(host)s, %(year)s") % {"host": host, "year": partnership.signed_on.year}


def home_of(user, partnership) -> str:
    """Where this reader begins in a partnership: the dashboard, or for a partner the list of what it owes."""
    if may(user, "read.dashboard", partnership.pk):
        return reverse("dashboards:overview", args=[partnership.key])
    return reverse("reports:list", args=[partnership.key])


def _navigation(request, user, partnership):
    entries = []
    if may(user, "report.prepare", partnership.pk):
        here = request.resolver_match and request.resolver_match.view_name == "dashboards:home"
        entries.append({"label": _("What we owe"), "url": reverse("dashboards:home"), "is_current": bool(here)})
    for act, name, label in NAVIGATION:
        if may(user, act, partnership.pk):
            url = reverse(name, args=[partnership.key])
            entries.append({"label": label(), "url": url, "is_current": _is_here(request, name, url)})
    return entries


def _is_here(request, name, url) -> bool:
    if name == "dashboards:overview":
        return request.path == url
    return request.path.startswith(url)


def _act(user, partnership):
    if not may(user, "activity.log", partnership.pk):
        return None
    return {"label": _("Log an activity"), "url": reverse("activities:new", args=[partnership.key])}


def _languages(request):
    """A link that shows the same page in the other language; where the page answers a form, its address alone."""
    links = []
    for code, _name in settings.LANGUAGES:
        query = request.GET.copy()
        query["lang"] = code
        links.append(
            {"code": code, "name": {"en": "English", "es": "Español"}[code], "url": f"?{query.urlencode()}",
             "is_current": active_language() == code}
        )  # fmt: skip
    return links

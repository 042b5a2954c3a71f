"""Describing an award: texts and numbers of identification, which change directly. Money and dates have no field here."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cpc.audit.models import AuditEvent
from cpc.core.labels import moment_label
from cpc.core.pages import conflict, posted_version
from cpc.core.texts import text_in
from funding.awards.describing import DescribeAwardForm, filled_from
from funding.awards.permissions import may_describe
from funding.awards.services import Conflict, describe_award
from funding.models import Award
from partners.models import Organization
from partners.pages import partnership_page
from partners.roles import names_of, roles_that_may

TEMPLATE = "dashboards/award_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.awards")
def award_edit(request, partnership, key):
    award = get_object_or_404(Award.objects.visible_to(request.user), partnership=partnership, key=key)
    may_describe(request.user, award).require()
    organizations = list(Organization.objects.filter(received__award=award).order_by("key"))
    address = reverse("dashboards:award", args=[partnership.key, award.key])
    context = {
        "partnership": partnership,
        "award": award,
        "version": award.version,
        "back": address,
        "deciders": names_of(roles_that_may("money.decide")),
        "crumbs": [{"label": str(text_in(award, "title")), "url": address}],
    }
    form = DescribeAwardForm(request.POST or None, initial=filled_from(award, organizations), organizations=organizations)
    if request.method == "POST":
        context["version"] = posted_version(request)
        if form.is_valid():
            try:
                describe_award(award.pk, actor=request.user, version=context["version"], **form.values)
            except ValidationError as error:
                form.add_service_errors(error)
            except Conflict as overtaken:
                return overtaken_page(request, form, overtaken.current, context)
            else:
                messages.success(request, _("Saved."))
                return redirect(address)
    return render(request, TEMPLATE, context | {"form": form})


def overtaken_page(request, form, current: Award, context):
    """409: both versions, and the form with what was typed, ready to be saved over the version that is now there."""
    organizations = list(Organization.objects.filter(received__award=current).order_by("key"))
    theirs, rows = filled_from(current, organizations), []
    for field in form:
        yours = field.data or ""
        stored = field.field.prepare_value(theirs[field.name]) if hasattr(field.field, "prepare_value") else theirs[field.name]
        rows.append({"label": field.label, "yours": yours, "theirs": stored or "", "is_same": yours == (stored or "")})
    last = changes_of(current).first()
    who = last.actor if last and last.actor else _("a program")
    when = moment_label(last.at, current.partnership.time_zone) if last else ""
    context |= {
        "form": form,
        "version": current.version,
        "conflict": {"rows": rows, "who": who, "when": when},
        "fresh_url": reverse("dashboards:award-edit", args=[current.partnership.key, current.key]),
    }
    return conflict(request, TEMPLATE, context)


def changes_of(award: Award) -> QuerySet[AuditEvent]:
    """What was changed directly, newest first."""
    return AuditEvent.objects.filter(subject_type="funding.award", subject_key=award.key).select_related("actor")

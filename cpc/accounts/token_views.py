"""The owner's pages of API tokens."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .forms import TokenForm
from .models import ApiToken
from .services import create_token, revoke_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request) -> HttpResponse:
    """The person's tokens, and a form for another one. The text of a new one stands in the answer to its making, never again."""
    made = None
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(request.user, actor=request.user, now=timezone.now(), **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm()
    rows = token_rows(ApiToken.objects.visible_to(request.user))
    return render(request, "accounts/token_list.html", {"rows": rows, "form": form, "made": made})


def token_rows(tokens):
    """Each token with whether it has expired."""
    now = timezone.now()
    return [(token, token.is_expired(now)) for token in tokens]


@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request) -> HttpResponse:
    """Asks, then revokes the own token with the `?name=`; names may hold any character, so they are no part of the path."""
    token = named_token(request, ApiToken.objects.visible_to(request.user))
    if request.method == "POST":
        revoke_token(token.name, actor=request.user)
        messages.success(request, revoked_sentence(token))
        return redirect("accounts:tokens")
    return render(request, "accounts/token_revoke.html", {"token": token, "back": reverse("accounts:tokens")})


def named_token(request, tokens) -> ApiToken:
    """The one of `tokens` that `?name=` names, or a 404."""
    name = request.GET.get("name", "")
    if "\0" in name:
        raise Http404
    return get_object_or_404(tokens, name=name)


def revoked_sentence(token) -> str:
    return _("%(name)s is revoked. Programs that use it are refused from now on.") % {"name": token.name}

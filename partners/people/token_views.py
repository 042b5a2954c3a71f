"""An administrator's pages of the API tokens that reach a partnership."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cpc.accounts.services import revoke_token
from cpc.accounts.token_views import named_token, revoked_sentence, token_rows
from cpc.core.pages import paginate
from partners.pages import partnership_page

from .queries import tokens_reaching
from .views import around

ACT = "tokens.manage_all"


@require_GET
@partnership_page(ACT)
def tokens_list(request, partnership):
    page = paginate(request, tokens_reaching(partnership))
    context = {"rows": token_rows(page), "page": page, **around(partnership)}
    return render(request, "partners/people/tokens_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(ACT)
def tokens_revoke(request, partnership):
    """Asks, then revokes the token with the `?name=`, whoever owns it."""
    token = named_token(request, tokens_reaching(partnership))
    if request.method == "POST":
        revoke_token(token.name, actor=request.user)
        messages.success(request, revoked_sentence(token))
        return redirect("partners:people-tokens", partnership.key)
    back = reverse("partners:people-tokens", args=[partnership.key])
    return render(request, "accounts/token_revoke.html", {"token": token, "back": back})

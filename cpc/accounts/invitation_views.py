"""Where the link of an invitation leads."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .forms import FirstPasswordForm
from .invitations import invited_user
from .services import set_first_password


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request, text) -> HttpResponse:
    """Set a first password, then sign in with it. A dead link is a page that says so, with the status 410."""
    user = invited_user(text, now=timezone.now())
    if user is None:
        return render(request, "accounts/invitation_dead.html", status=410)
    form = FirstPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        set_first_password(user.pk, password=form.cleaned_data["password1"])
        if request.user.is_authenticated:
            logout(request)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(request, "accounts/invitation_accept.html", {"form": form, "invited": user})

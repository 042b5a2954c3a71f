"""A person's own pages: profile, and where they are signed in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .forms import ProfileForm
from .models import User
from .services import save_profile
from .sessions import device_of, end_sessions, sessions_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Name, language and time zone. The form works on a row of its own, so that a refused value does not dress the page."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            user = save_profile(request.user.pk, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            with translation.override(user.language):
                messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    return render(request, "accounts/profile_edit.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request):
    """Where the person is signed in. A POST ends one session (`session`, its number) or all others (`others`)."""
    if request.method == "POST":
        return end(request)
    rows = [(session, device_of(session.user_agent)) for session in sessions_of(request.user)]
    return render(request, "accounts/session_list.html", {"rows": rows, "here": request.session.session_key})


def end(request):
    if "others" in request.POST:
        n = end_sessions(request.user, keep=request.session.session_key)
        messages.success(request, ngettext("%(n)s other session is ended.", "%(n)s other sessions are ended.", n) % {"n": n})
        return redirect("accounts:sessions")
    number = request.POST.get("session", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    session = get_object_or_404(sessions_of(request.user), pk=number)
    session.end()
    messages.success(request, _("The session is ended."))
    return redirect("accounts:sessions")

"""Where a person is signed in."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone


def sessions_of(user):
    """The live sessions of `user`, newest first. `UserSession` is written by allauth when somebody signs in."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=alive).order_by("-created_at", "-pk")


def end_sessions(user, *, keep: str | None = None) -> int:
    """End every session of `user` but the one with the key `keep`. Returns how many."""
    ended = 0
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep):
        session.end()
        ended += 1
    return ended


SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
# In this order: each of them also says that it is some of those after it.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}


def device_of(user_agent: str) -> str:
    """ "Firefox, Windows" from what a browser says of itself; empty if it says nothing that is known."""
    found = (next((word for mark, word in table.items() if mark in user_agent), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(word for word in found if word)

"""The answer to "may this person do that now?", which carries its reason when it is no."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Decision:
    """Allowed, or refused with a reason in a sentence, who may do it instead, and a stable code for programs.

    True only when allowed, so that a template can say `{% if may %}`. A refusal without a reason is a ValueError.
    """

    allowed: bool
    reason: str = ""
    who: str = ""
    code: str = ""

    def __post_init__(self):
        if not self.allowed and not self.reason:
            raise ValueError("A refusal says why.")

    def __bool__(self):
        return self.allowed

    @property
    def message(self) -> str:
        """The reason, and who may, in one text for the reader."""
        if not self.who:
            return str(self.reason)
        return _("%(reason)s Who may: %(who)s.") % {"reason": self.reason, "who": self.who}

    def require(self) -> None:
        """Raise `Refused` unless allowed."""
        if not self.allowed:
            raise Refused(self)


class Refused(PermissionDenied):
    """A 403 that teaches: `decision` says why, and who may."""

    def __init__(self, decision: Decision):
        super().__init__(decision.message)
        self.decision = decision


ALLOWED = Decision(True)


def refuse(reason: str, who: str = "", code: str = "") -> Decision:
    """A refusal. `reason` is a whole sentence with its full stop; `who` names those who may, without one."""
    return Decision(False, reason, who, code or "not_allowed")

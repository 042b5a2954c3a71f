"""What a token may read."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "funding:read": _("Funding: awards, pledges, contributions, sums"),
    "activities:read": _("Activities"),
    "reports:read": _("Reports and indicators"),
    "dialogues:read": _("Dialogues and commitments"),
    "deadlines:read": _("Deadlines"),
}
SCOPES = tuple(LABELS)

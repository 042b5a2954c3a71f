"""Writing the trail."""

from django.db import models

from .models import AuditEvent


def key_of(subject: models.Model) -> str:
    return str(getattr(subject, "key", None) or subject.pk)


def record(
    actor, act: str, subject: models.Model, *, partnership_key: str = "", before=None, after=None, **details
) -> AuditEvent:
    """Record that `actor` (a user; None for a job) did `act` ("award.action_proposed") to `subject`, inside the caller's
    transaction."""
    return AuditEvent.objects.create(
        actor=actor if getattr(actor, "pk", None) else None,
        act=act,
        partnership_key=partnership_key,
        subject_type=subject._meta.label_lower,
        subject_key=key_of(subject),
        details=details,
        before=before,
        after=after,
    )

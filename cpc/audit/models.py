"""The trail: who did what, when. Append-only."""

import pgtrigger
from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One act in the reader's words. `at` is the real time. `subject_key` stands as text, so that the trail outlives its
    subject."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    partnership_key = models.CharField(max_length=60, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_key", "-at"], name="audit_subject")]
        triggers = [pgtrigger.Protect(name="audit_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.act} {self.subject_key}"

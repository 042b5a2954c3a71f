"""People and the tokens of their programs."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from .zones import check_zone


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields):
        """A person without a password (None) logs in only after setting one through a mailed link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, or a program with an owner, who logs in by e-mail. What they may do stands in their memberships.

    `mail`: which notices also come by mail; all of them stand on the page. `time_zone` is only for showing instants; what day it
    is, the partnership's zone decides. `invited_at`: the instant of the invitation that still waits for its answer; null once
    there is a password.
    """

    class Mail(models.TextChoices):
        DAILY = "daily", _("Returns and decisions at once, the rest once a day")
        AT_ONCE = "at_once", _("Only returns and decisions")
        NONE = "none", _("No mail")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=[("en", "English"), ("es", "Español")], default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/Lima", validators=[check_zone])
    mail = models.CharField(_("notices by mail"), max_length=7, choices=Mail.choices, default=Mail.DAILY)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_once", violation_error_message=_("Somebody has this e-mail address already.")
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)


class ApiToken(AbstractAuthToken):
    """A program's key to the API. Only its digest is stored; `scopes` and the memberships of `user` bound what it sees."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def key(self) -> str:
        """What the trail calls it; never the digest."""
        return self.name

    def is_expired(self, now: datetime) -> bool:
        return self.expiry is not None and self.expiry <= now

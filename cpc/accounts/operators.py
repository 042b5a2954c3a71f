"""Who runs a command: the `--operator` of those that load a file."""

from django.core.management.base import CommandError

from .models import User


def find_operator(email: str | None) -> User | None:
    """The user with this e-mail; None where none is named. Raises CommandError."""
    if not email:
        return None
    operator = User.objects.filter(email__iexact=email).first()
    if operator is None:
        raise CommandError(f"Nobody has the e-mail {email}. Name a user of this site.")
    return operator

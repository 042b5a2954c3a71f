"""A letter as a mail: text and HTML, in the language of the person, with the address of each page and the way to ask for less."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import NBSP, day_label
from cpc.core.texts import text_in

from .models import Letter, Notice
from .words import headline_of, is_past_due


def mail_of(letter: Letter) -> EmailMultiAlternatives | None:
    """The mail, for the same letter always of the same name; None where nothing in it holds any more, or its person is gone."""
    rows = list(letter.notices.holding().select_related("partnership"))
    if not rows or not letter.recipient.is_active:
        return None
    with translation.override(letter.recipient.language):
        context = {
            "person": letter.recipient,
            "groups": groups_of(rows, letter.digest_on),
            "digest_on": letter.digest_on,
            "notices_url": absolute(reverse("notices:list")),
            "profile_url": absolute(reverse("accounts:profile")),
        }
        mail = EmailMultiAlternatives(
            subject_of(rows, letter.digest_on),
            render_to_string("notices/email/letter.txt", context),
            to=[letter.recipient.email],
            headers={"Message-ID": message_id_of(letter), "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("notices/email/letter.html", context), "text/html")
    return mail


def message_id_of(letter: Letter) -> str:
    """The name of the mail for mail programs: the letter's own, at the sender's domain."""
    return f"<{letter.name}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip(' >')}>"


def subject_of(rows: list[Notice], digest_on: date | None) -> str:
    if len(rows) == 1:
        line = {"headline": headline_of(rows[0], said_on(rows[0], digest_on)), "subject": text_in(rows[0], "subject")}
        return plain(_("%(headline)s: %(subject)s") % line)
    n_late = sum(is_past_due(row, digest_on) for row in rows)
    count = ngettext("%(n)s notice", "%(n)s notices", len(rows)) % {"n": len(rows)}
    words = {"count": count, "n_late": n_late, "day": day_label(digest_on)}
    line = _("%(count)s of %(day)s, %(n_late)s late") if n_late else _("%(count)s of %(day)s")
    return plain(line % words)


def plain(line: str) -> str:
    """Without the blanks that never break: some mail programs show them as signs in a subject."""
    return line.replace(NBSP, " ")


def said_on(row: Notice, digest_on: date | None) -> date:
    """The day from which days are counted: a second try says what the first one said."""
    return digest_on or row.planned_on


def groups_of(rows: list[Notice], digest_on: date | None) -> list[dict]:
    """By partnership, what is late first, then by the due day; events after that."""
    found: dict[str, list[dict]] = {}
    for row in sorted(rows, key=lambda row: (row.partnership.key, row.due_on or date.max, row.pk)):
        found.setdefault(str(text_in(row.partnership, "name")), []).append(
            {
                "headline": headline_of(row, said_on(row, digest_on)),
                "subject": str(text_in(row, "subject")),
                "url": absolute(row.path),
                "is_sample": row.is_sample,
            }
        )
    return [{"partnership": name, "lines": lines} for name, lines in found.items()]


def absolute(path: str) -> str:
    return settings.SITE_URL + path

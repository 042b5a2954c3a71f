"""May this person keep the register of statements, now."""

from django.utils.translation import gettext as _

from cpc.core.decisions import Decision, refuse
from partners.models import Partnership, Statement
from partners.permissions import may
from partners.roles import names_of, roles_that_may

KEEP = "partnership.edit"


def may_register(user, partnership: Partnership) -> Decision:
    return may(user, KEEP, partnership.pk)


def may_change(user, statement: Statement) -> Decision:
    """A statement that stands. One that was taken back stays as it is."""
    allowed = may(user, KEEP, statement.partnership_id)
    if allowed and (statement.voids_id or hasattr(statement, "voided_by")):
        return refuse(_("This statement was taken back or replaced."), who=names_of(roles_that_may(KEEP)), code="voided")
    return allowed

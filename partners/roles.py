"""Who may do what: one table of grants. Who sees which rows is `visible_to` of each queryset; who may now, each slice's
permissions.py.

Source: the write table and "who reads what" of the product contract.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PROGRAM_OFFICER = "program_officer", _("Program officer")
    GRANTS_OFFICER = "grants_officer", _("Grants officer")
    EMBASSY_VIEWER = "embassy_viewer", _("Embassy viewer")
    PARTNER_PREPARER = "partner_preparer", _("Partner, preparer")
    PARTNER_CERTIFIER = "partner_certifier", _("Partner, certifier")
    HOST_DELEGATE = "host_delegate", _("Host government delegate")
    ADMINISTRATOR = "administrator", _("Administrator")
    API_CLIENT = "api_client", _("API client")


PARTNER_ROLES = {Role.PARTNER_PREPARER, Role.PARTNER_CERTIFIER}
FULL_READERS = {Role.PROGRAM_OFFICER, Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.ADMINISTRATOR, Role.API_CLIENT}
ORGANIZATION_ROLES = PARTNER_ROLES | {Role.HOST_DELEGATE}
OFFICERS = {Role.PROGRAM_OFFICER, Role.GRANTS_OFFICER}
SECOND_FACTOR_ROLES = OFFICERS | {Role.ADMINISTRATOR}
EVERY_ROLE = set(Role)

GRANTS = {
    # reading: the page as a whole; rows are bounded by visible_to
    "read.dashboard": FULL_READERS | {Role.HOST_DELEGATE},
    "read.activities": EVERY_ROLE,
    "read.awards": EVERY_ROLE - {Role.HOST_DELEGATE},
    "read.funding": FULL_READERS | {Role.HOST_DELEGATE},
    "read.pledges": FULL_READERS | {Role.HOST_DELEGATE},
    "read.statements": EVERY_ROLE,
    "read.dialogues": EVERY_ROLE,
    "read.partners": EVERY_ROLE,
    "read.deadlines": EVERY_ROLE,
    "read.reports": FULL_READERS | PARTNER_ROLES,
    "read.jobs": OFFICERS | {Role.ADMINISTRATOR},
    "read.exact_counts": {Role.PROGRAM_OFFICER},  # others by the membership's flag
    # writing
    "partnership.edit": {Role.PROGRAM_OFFICER},
    "activity.log": {Role.PROGRAM_OFFICER} | PARTNER_ROLES,
    "activity.log_for_any": {Role.PROGRAM_OFFICER},
    "report.prepare": PARTNER_ROLES,
    "report.certify": {Role.PARTNER_CERTIFIER},
    "report.review": {Role.PROGRAM_OFFICER},
    "contribution.enter": {Role.HOST_DELEGATE, Role.PROGRAM_OFFICER},
    "money.propose": OFFICERS,
    "money.decide": {Role.GRANTS_OFFICER},
    "users.manage": {Role.ADMINISTRATOR},
    "users.invite_partners": {Role.PROGRAM_OFFICER, Role.ADMINISTRATOR},
    "reference.edit": {Role.ADMINISTRATOR},
    "tokens.manage_all": {Role.ADMINISTRATOR},
}


def roles_that_may(act: str) -> set[Role]:
    """The roles that hold `act`. Raises KeyError for an act that the table does not know."""
    return GRANTS[act]


def names_of(roles) -> str:
    """The roles in the reader's language, in the order of the table, for the sentence that says who may."""
    return ", ".join(str(role.label) for role in Role if role in roles)

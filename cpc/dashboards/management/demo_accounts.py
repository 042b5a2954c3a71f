"""The accounts of the demonstration: one for each role, and one at each of two more partners."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from cpc.accounts.models import User
from partners.models import Membership, Organization, Partnership
from partners.roles import Role


@dataclass(frozen=True)
class Account:
    """`organization` is the key of the one that a partner or host account speaks for."""

    local_part: str
    role: Role
    name: str
    organization: str = ""
    everywhere: bool = False

    @property
    def email(self) -> str:
        return f"{self.local_part}@example.org"


def of_role(role: Role, organization: str = "", **rest) -> Account:
    return Account(role.value, role, f"{role.label}, demonstration", organization, **rest)


ACCOUNTS = (
    of_role(Role.PROGRAM_OFFICER),
    of_role(Role.GRANTS_OFFICER),
    of_role(Role.EMBASSY_VIEWER),
    of_role(Role.PARTNER_PREPARER, "ilo"),
    of_role(Role.PARTNER_CERTIFIER, "ilo"),
    of_role(Role.HOST_DELEGATE, "gov-peru"),
    of_role(Role.ADMINISTRATOR, everywhere=True),
    of_role(Role.API_CLIENT),
    Account(
        "yanapanakusun_certifier", Role.PARTNER_CERTIFIER, "Certifier of Centro Yanapanakusun, demonstration", "yanapanakusun"
    ),
    Account("chs_certifier", Role.PARTNER_CERTIFIER, "Certifier of CHS Alternativo, demonstration", "chs"),
    Account("chs_preparer", Role.PARTNER_PREPARER, "Preparer of CHS Alternativo, demonstration", "chs"),
)


def make_accounts(partnership: Partnership, password: str) -> int:
    """Make the missing accounts and give all of them `password`; returns how many rows were written. Safe to run twice."""
    passwords = Passwords(password)
    return sum(make_account(account, partnership, passwords) for account in ACCOUNTS)


def make_account(account: Account, partnership: Partnership, passwords: "Passwords") -> int:
    user, is_new = User.objects.get_or_create(
        email=account.email, defaults={"name": account.name, "password": passwords.encoded(), "time_zone": partnership.time_zone}
    )
    written = int(is_new)
    if not passwords.fits(user.password):
        user.password = passwords.encoded()
        user.save(update_fields=["password"])
        written += 1
    organization = Organization.objects.get(key=account.organization) if account.organization else None
    written += Membership.objects.get_or_create(
        user=user,
        partnership=None if account.everywhere else partnership,
        role=account.role,
        organization=organization,
        defaults={"exact_counts": account.role == Role.PROGRAM_OFFICER},
    )[1]
    return written


class Passwords:
    """The one password of the accounts. It is slow to digest on purpose, so each digest is made and compared once."""

    def __init__(self, password: str):
        self.password = password
        self.digest = None
        self.known = {}

    def encoded(self) -> str:
        self.digest = self.digest or make_password(self.password)
        self.known[self.digest] = True
        return self.digest

    def fits(self, digest: str) -> bool:
        if digest not in self.known:
            self.known[digest] = check_password(self.password, digest)
        if self.known[digest]:
            self.digest = digest
        return self.known[digest]


def lines_about_accounts(password: str):
    """What the demonstration prints about who can log in."""
    width = max(len(account.email) for account in ACCOUNTS)
    yield f"Log in with one of these addresses; the password of each is {password}"
    for account in ACCOUNTS:
        yield f"  {account.email:{width}}  {account.name.removesuffix(', demonstration')}"

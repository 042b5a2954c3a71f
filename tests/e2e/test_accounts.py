"""Accounts in the browser: from the invitation by mail to the first look at the site, and an account that is switched off."""

import email
import email.policy
import re
from pathlib import Path

from .accessibility import findings, scrolls_sideways
from .acting import leave_by

PEOPLE = "/p/peru-2017/people/"
INVITED = "nadia.quispe@example.net"
PASSWORD = "a-password-that-is-long-enough"


def mail_to(site, address: str, word: str):
    """The text of the newest mail to `address` with `word` in its subject, from the folder into which the demonstration mails."""
    found = []
    for file in sorted((Path(site.environment["ALIANZA_DATA"]) / "mail").iterdir(), key=lambda path: path.stat().st_mtime):
        for part in file.read_bytes().split(b"-" * 79):
            message = email.message_from_bytes(part.strip(), policy=email.policy.default)
            if message["to"] == address and word in str(message["subject"]):
                found.append(message.get_content())
    return found[-1]


def submit(visitor):
    leave_by(visitor.page.locator("main button.usa-button").first)
    faults = findings(visitor.page)
    if scrolls_sideways(visitor.page):
        faults.append("scrolls sideways")
    assert not faults, f"{visitor.page.url}: {faults}"


def sign_in(visitor, address):
    visitor.go("/accounts/login/")
    visitor.page.fill("[name=login]", address)
    visitor.page.fill("[name=password]", PASSWORD)
    submit(visitor)


def test_invited_by_mail_switched_off_and_on_again(visit, site):
    administrator = visit(width=360).log_in("administrator")
    administrator.go("/accounts/profile/?lang=en")
    invite(administrator)
    link = re.search(r"https?://[^/\s]+(/\S+)", mail_to(site, INVITED, "access"))[1]

    invited = visit(width=360)
    accept(invited, link)
    sign_in(invited, INVITED)
    assert "/p/peru-2017/" in invited.page.url
    assert invited.page.request.get(f"{site.address}{link}").status == 410

    switch(administrator, "Switch off")
    assert "switched off" in mail_to(site, INVITED, "switched off")
    invited.go("/p/peru-2017/")
    assert "/accounts/login/" in invited.page.url
    sign_in(invited, INVITED)
    assert "This account is switched off" in invited.page.locator("h1").inner_text()

    switch(administrator, "Switch on")
    sign_in(invited, INVITED)
    assert "/p/peru-2017/" in invited.page.url


def invite(administrator):
    administrator.go(f"{PEOPLE}invite/")
    administrator.page.fill("[name=email]", INVITED)
    administrator.page.fill("[name=name]", "Nadia Quispe")
    administrator.page.select_option("[name=role]", "embassy_viewer")
    submit(administrator)
    assert INVITED in administrator.page.locator(".al-messages").inner_text()


def accept(invited, link):
    invited.go(link)
    invited.page.fill("[name=password1]", PASSWORD)
    invited.page.fill("[name=password2]", "something else")
    submit(invited)
    assert "The two passwords differ." in invited.page.locator(".al-errors").inner_text()
    invited.page.fill("[name=password1]", PASSWORD)
    invited.page.fill("[name=password2]", PASSWORD)
    submit(invited)
    assert "Sign in with it." in invited.page.locator(".al-messages").inner_text()


def switch(administrator, act):
    administrator.go(PEOPLE)
    leave_by(administrator.page.locator("tr", has_text=INVITED).get_by_role("link", name="Account"))
    assert not findings(administrator.page)
    leave_by(administrator.page.get_by_role("link", name=act, exact=True))
    submit(administrator)
    assert "“Reason” is missing." in administrator.page.locator(".al-errors").inner_text()
    administrator.page.fill("[name=reason]", "Left the embassy")
    submit(administrator)
    assert "The account of Nadia Quispe is switched" in administrator.page.locator(".al-messages").inner_text()

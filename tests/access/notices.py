"""Routes of notices. A notice is its recipient's alone; a mail that did not go is for who sees the addresses of people."""

from datetime import date

from django.utils import timezone

from cpc.notices.models import Letter, Notice

from . import EVERYBODY, Route, Rule, in_partnership, nothing

OWNER = {"program_officer"}
OFFICER = {"program_officer", "administrator"}


def a_notice(world, kind: str, **fields):
    """One to the program officer; each route asks for its own, so that one world can hold those of all."""
    return Notice.objects.create(
        kind=kind,
        partnership=world.partnership,
        subject_key=world.deadline.key,
        subject_en="Report",
        subject_es="Informe",
        path="/notices/",
        due_on=date(2020, 1, 30),
        recipient=world.actors["program_officer"],
        planned_on=date(2020, 2, 10),
        planned_at=timezone.now(),
        **fields,
    )


def own(world) -> dict:
    return {"pk": a_notice(world, "deadline").pk}


def given_up(world) -> dict:
    now = timezone.now()
    officer = world.actors["program_officer"]
    letter = Letter.objects.create(recipient=officer, made_at=now, next_try_at=now, n_tries=1, failed_at=now, failure="550")
    a_notice(world, "report_due_again", letter=letter)
    return {"pk": letter.pk}


ROUTES = {
    "notices:list": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False),
    "notices:read-all": Route(post=Rule(EVERYBODY), kwargs=nothing, scoped=False),
    "notices:read": Route(post=Rule(OWNER, hidden=EVERYBODY - OWNER), kwargs=own, missing=lambda world: {"pk": 0}),
    "notices:unsent": Route(get=Rule(OFFICER), kwargs=nothing, scoped=False),
    "notices:try-again": Route(post=Rule(OFFICER), kwargs=given_up, missing=lambda world: {"pk": 0}),
    "notices:ladder": Route(
        get=Rule(OWNER), post=Rule(OWNER), kwargs=in_partnership, missing=lambda world: {"partnership": "nothing"}
    ),
}

"""The rows that the access table is tried on: one partnership with everything in it."""

from datetime import date, datetime
from types import SimpleNamespace

from cpc.approvals.services import propose
from partners.roles import Role
from tests import factories as make

from . import OTHER_PARTNER, ROLES, SUB_PREPARER


def build_world() -> SimpleNamespace:
    """One partnership; a partner (prime), another prime, a sub-recipient of the first; an actor of each kind; one row of each
    kind."""
    world = SimpleNamespace()
    p = world.partnership = make.make_partnership("test-2017")
    world.partner, world.other_partner, world.sub = (make.make_organization(key) for key in ("partner", "other-partner", "sub"))
    make.make_member(p, world.partner)
    make.make_member(p, world.other_partner)
    make.make_member(p, world.sub, part="sub_recipient")
    world.host = make.make_organization("host", organization_class="government")
    make.make_member(p, world.host, part="host_entity")
    world.award = make.make_award(p, recipients=[world.partner], key="test-award")
    world.action = make.make_action(world.award, amount="5000.00", start="2019-10", end="2020-12", key="test-award-1")
    world.sub_award = make.make_award(
        p,
        recipients=[world.sub],
        key="test-sub",
        level="sub",
        rule_class="subrecipient_2cfr200",
        parent=world.award,
        pass_through=world.partner,
    )
    world.other_award = make.make_award(p, recipients=[world.other_partner], key="test-other-award")
    world.activity = make.make_activity(p, organization=world.partner, award=world.award, key="test-activity")
    world.report = make.make_report(world.award, world.partner)
    world.deadline = make.make_deadline(
        p,
        key="test-award-partner-2019-q4-performance",  # as the engine names it, so that a recomputation finds it again
        award=world.award,
        recipient=world.partner,
        period_from=world.report.period_from,
        period_to=world.report.period_to,
    )
    world.asked = make.make_deadline(
        p,
        key="test-award-partner-2020-q1-performance",
        due_on="2020-04-30",
        award=world.award,
        recipient=world.partner,
        period_from=date(2020, 1, 1),
        period_to=date(2020, 3, 31),
    )
    world.pledge = make.make_pledge(p, rate=make.make_rate())
    world.contribution = make.make_contribution(p, entity=world.host, confirmed=["us"])
    world.statement = make.make_statement(p)
    world.dialogue = make.make_dialogue(p)
    world.commitment = make.make_commitment(world.dialogue, owner=world.host)
    world.actors = {role: make.make_user(role, p, organization=_organization(world, role)) for role in ROLES}
    world.actors[OTHER_PARTNER] = make.make_user(Role.PARTNER_PREPARER, p, organization=world.other_partner)
    world.actors[SUB_PREPARER] = make.make_user(Role.PARTNER_PREPARER, p, organization=world.sub)
    world.change = make.make_due_date_change(world.asked, asked_by=world.actors[Role.PARTNER_PREPARER])
    act = {"act": "term", "kind": "extended", "new_end": "2022-06"}
    at = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
    world.proposal = propose(p.pk, [act], actor=world.actors["program_officer"], at=at, reason="Agreed.")
    world.stranger = make.make_user(Role.PROGRAM_OFFICER, make.make_partnership("elsewhere", regions=("XB-ONE",)))
    return world


def _organization(world, role):
    if role in (Role.PARTNER_PREPARER, Role.PARTNER_CERTIFIER):
        return world.partner
    return world.host if role == Role.HOST_DELEGATE else None

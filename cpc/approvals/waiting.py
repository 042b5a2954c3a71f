"""How many proposals wait for a person, as an expression over the memberships that every page reads anyway."""

from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from partners.roles import roles_that_may

from .models import Proposal


def n_to_decide() -> Case:
    """Of a membership: how many proposals wait in its partnership for a decision that its person may take."""
    waiting = Proposal.objects.waiting().filter(partnership=OuterRef("partnership")).exclude(proposed_by=OuterRef("user"))
    counted = waiting.order_by().values("partnership").annotate(n=Count("*")).values("n")
    return Case(
        When(role__in=roles_that_may("money.decide"), then=Coalesce(Subquery(counted), 0)),
        default=Value(0),
        output_field=IntegerField(),
    )

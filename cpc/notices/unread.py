"""How many notices a person has not read, as an expression over the memberships that every page reads anyway."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from partners.models import Membership

from .models import Notice


def n_unread() -> Coalesce:
    """Of a membership: how many notices its person has not read, in all partnerships. The same on each row of one person."""
    there = Membership.objects.filter(Q(partnership=OuterRef("partnership")) | Q(partnership=None), user=OuterRef("recipient"))
    unread = Notice.objects.unread().filter(Exists(there), recipient=OuterRef("user")).order_by()
    return Coalesce(Subquery(unread.values("recipient").annotate(n=Count("*")).values("n")), 0)

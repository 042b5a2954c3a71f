"""What a host delegate types: a whole contribution, and an entity that may give one."""

from cpc.core.dates import PreciseDate
from funding.pledges.checks import Given
from tests import factories as make

TYPED = {
    "kind": "cash",
    "entity": "ministry",
    "region": "national",
    "effective": "2019-06",
    "amount": "1,234.50",
    "valuation": "none",
    "quantity": "",
    "words_en": "Running costs",
    "words_es": "Gastos corrientes",
    "source": "",
}


def make_ministry(partnership, key="ministry"):
    entity = make.make_organization(key, organization_class="government")
    make.make_member(partnership, entity, part="host_entity")
    return entity


def given(entity, **changes) -> Given:
    """A contribution in cash in June 2019."""
    fields = {
        "kind": "cash", "entity_id": entity.pk, "region_id": None, "effective": PreciseDate.parse("2019-06"),
        "amount": make.Decimal("1234.50"), "quantity": None, "valuation": "none",
        "words_en": "Running costs", "words_es": "Gastos corrientes",
    }  # fmt: skip
    return Given(**(fields | changes))

"""The money of a compact whose first award was announced for two partners together: what the expected figures are asked of."""

from types import SimpleNamespace

from tests import factories as make


def build(partnership) -> SimpleNamespace:
    """5,000,000 for two partners in October 2017, 1,700,000 more for one on 6 February 2020, two sub-awards without amounts."""
    ilo, yana = make.make_organization("ilo"), make.make_organization("yana")
    chs, idl = make.make_organization("chs"), make.make_organization("idl")
    initial = make.make_award(
        partnership, key="initial", recipients=[ilo, yana], title_en="First award", known_on=make.day("2017-10")
    )
    first = make.make_action(initial, amount="5000000.00", effective="2017-10", start="2017-10", end="2020-12", key="initial-1")
    more = make.make_award(partnership, key="more", recipients=[ilo], title_en="Award of 2020", known_on=make.day("2020-02-06"))
    second = make.make_action(more, amount="1700000.00", effective="2020-02-06", recipient=ilo, key="more-1")
    subs = [
        make.make_award(partnership, key=f"sub-{one.key}", recipients=[one], level="sub", parent=initial, pass_through=ilo)
        for one in (chs, idl)
    ]
    for award, one in zip(subs, (chs, idl), strict=True):
        make.make_action(award, amount=None, effective="2018-07", recipient=one)
    return SimpleNamespace(
        ilo=ilo, yana=yana, chs=chs, idl=idl, initial=initial, more=more, first=first, second=second, subs=subs
    )

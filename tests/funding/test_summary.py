"""The sums of U.S. money as of a day and as known on a day."""

from datetime import date

import pytest
from django.utils.translation import override

from funding.awards.answers import Asked
from funding.awards.ledger import lines_of
from funding.awards.queries import summaries, summary
from tests import factories as make

TODAY = date(2020, 2, 10)


def asked(partnership, as_of="2020-02-10", known_on="2020-02-10", **question):
    return summary(partnership, as_of=make.day(as_of), known_on=make.day(known_on), **question)


def figures(result):
    return [(row.key, text(row.amount), text(row.share)) for row in result.rows]


def text(number):
    return None if number is None else str(number)


def total(result):
    return [(one.currency, str(one.amount), str(one.qualifier)) for one in result.totals]


@pytest.mark.parametrize(
    ("as_of", "known_on", "expected"),
    [
        ("2017-10-30", "2020-02-10", []),
        ("2017-10-31", "2020-02-10", [("USD", "5000000.00", "exact")]),
        ("2020-02-05", "2020-02-10", [("USD", "5000000.00", "exact")]),
        ("2020-02-06", "2020-02-10", [("USD", "6700000.00", "exact")]),
        ("2020-02-06", "2020-02-05", [("USD", "5000000.00", "exact")]),
        ("2020-02-10", "2017-10-30", []),
    ],
)
def test_awarded_on_the_days_that_matter(partnership, compact, as_of, known_on, expected):
    result = asked(partnership, as_of, known_on)
    assert total(result) == expected
    assert bool(result.rows) == bool(expected)


def test_by_partner_the_unknown_split_stays_one_row(partnership, compact):
    result = asked(partnership, group_by="partner")
    assert figures(result) == [("unallocated-initial", "5000000.00", "0.7463"), ("ilo", "1700000.00", "0.2537")]
    assert [row.allocated for row in result.rows] == [False, True]
    assert [row.label for row in result.rows] == ["Unallocated: Ilo and Yana, split not published", "Ilo"]


def test_by_award_and_by_year_of_every_calendar(partnership, compact):
    assert figures(asked(partnership, group_by="award")) == [
        ("initial", "5000000.00", "0.7463"),
        ("more", "1700000.00", "0.2537"),
    ]
    years = {"fiscal_year": ("FY2018", "FY2020"), "calendar_year": ("CY2017", "CY2020"), "quarter": ("2017-Q4", "2020-Q1")}
    for group, keys in years.items():
        found = figures(asked(partnership, group_by=group))
        assert found == [(keys[0], "5000000.00", "0.7463"), (keys[1], "1700000.00", "0.2537")]


def test_a_split_learnt_later_removes_the_unallocated_row_and_not_the_old_answer(partnership, compact):
    for recipient, amount in ((None, "-5000000.00"), (compact.ilo, "3000000.00"), (compact.yana, "2000000.00")):
        make.make_action(compact.initial, kind="allocation", amount=amount, effective="2020-02-08", recipient=recipient)
    result = asked(partnership, group_by="partner")
    assert figures(result) == [("ilo", "4700000.00", "0.7015"), ("yana", "2000000.00", "0.2985")]
    assert total(result) == [("USD", "6700000.00", "exact")]
    before = asked(partnership, known_on="2020-02-07", group_by="partner")
    assert [row.key for row in before.rows] == ["unallocated-initial", "ilo"]


def test_an_allocation_of_an_unknown_amount_blurs_the_partners_and_nothing_else(partnership, compact):
    for recipient in (None, compact.yana):
        make.make_action(compact.initial, kind="allocation", amount=None, effective="2020-02-08", recipient=recipient)
    result = asked(partnership, group_by="partner")
    assert {row.key: (text(row.amount), row.qualifier) for row in result.rows} == {
        "unallocated-initial": ("5000000.00", "about"), "ilo": ("1700000.00", "exact"), "yana": (None, "exact"),
    }  # fmt: skip
    for group in ("none", "partner", "award", "fiscal_year", "calendar_year", "quarter"):
        result = asked(partnership, group_by=group)
        assert total(result) == [("USD", "6700000.00", "exact")]
        assert result.not_reported == 2
        assert group == "partner" or {row.qualifier for row in result.rows} == {"exact"}


def test_what_was_taken_back_is_zero_and_stays_to_be_seen(partnership, compact):
    make.make_action(compact.initial, kind="deobligation", amount="-5000000.00", effective="2020-02-08")
    result = asked(partnership, group_by="partner")
    assert figures(result) == [("ilo", "1700000.00", "1.0000"), ("unallocated-initial", "0.00", "0.0000")]
    assert total(result) == [("USD", "1700000.00", "exact")]


def test_a_year_of_zero_stands_in_its_period_whatever_made_it(partnership):
    award = make.make_award(partnership, recipients=[make.make_organization("one")])
    make.make_action(award, amount="10.00", effective="2018")
    make.make_action(award, amount="-10.00", effective="2018", kind="allocation")
    make.make_action(award, amount="10.00", effective="2018", kind="allocation", recipient=make.make_organization("two"))
    make.make_action(award, amount="-10.00", effective="2018", kind="deobligation", recipient=make.make_organization("three"))
    assert [(row.key, str(row.amount), row.allocated) for row in asked(partnership, group_by="quarter").rows] == [
        ("unallocated", "0.00", False)
    ]


def test_sub_awards_are_a_level_of_their_own_and_unknown_is_not_zero(partnership, compact):
    result = asked(partnership, level="sub", group_by="partner")
    assert figures(result) == [("chs", None, None), ("idl", None, None)]
    assert (result.totals, result.not_reported) == ([], 2)
    assert result.messages == ["2 amounts are not known; they are left out of the totals."]
    make.make_action(compact.subs[0], kind="supplement", amount="250.00", effective="2019-01-01", recipient=compact.chs)
    result = asked(partnership, level="sub", group_by="partner")
    assert figures(result) == [("chs", "250.00", "1.0000"), ("idl", None, None)]
    assert total(result) == [("USD", "250.00", "at_least")]
    assert total(asked(partnership)) == [("USD", "6700000.00", "exact")]


def test_only_signed_actions_are_obligated(partnership, compact):
    result = asked(partnership, measure="obligated")
    assert (result.rows, result.totals, result.not_reported) == ([], [], 0)
    assert result.messages == ["No action in force on this day is known to be signed; those in the ledger are announced only."]
    make.make_action(
        compact.more, kind="supplement", amount="40.00", effective="2020-02-07", basis="signed", recipient=compact.ilo
    )
    assert total(asked(partnership, measure="obligated")) == [("USD", "40.00", "exact")]
    assert total(asked(partnership)) == [("USD", "6700040.00", "exact")]


def test_steps_without_money_do_not_count_as_not_reported(partnership, compact):
    make.make_action(compact.initial, kind="administrative", amount=None, effective="2019-01-01")
    make.make_action(compact.initial, kind="no_cost_extension", amount=None, effective="2019-01-02", end="2021-06-30")
    result = asked(partnership)
    assert (total(result), result.not_reported) == ([("USD", "6700000.00", "exact")], 0)


def test_a_void_takes_back_from_the_day_it_could_be_known(partnership, compact):
    void = {"kind": "void", "amount": None, "voids": compact.second, "reason": "Entered twice."}
    make.make_action(compact.more, effective="2020-02-09", **void)
    assert total(asked(partnership, as_of="2020-02-06")) == [("USD", "5000000.00", "exact")]
    assert total(asked(partnership, as_of="2020-02-06", known_on="2020-02-08")) == [("USD", "6700000.00", "exact")]


def test_the_day_of_a_void_is_that_of_its_decision_and_moves_no_sum(partnership, compact):
    """What was void was never true: whatever day the void carries, no earlier `as_of` brings the row back once it is known."""
    for as_of in ("2020-02-06", "2020-02-08", "2020-02-10"):
        assert total(asked(partnership, as_of)) == [("USD", "6700000.00", "exact")]
    void = {"kind": "void", "amount": None, "voids": compact.second, "reason": "Entered twice."}
    make.make_action(compact.more, effective="2020-02-10", known="2020-02-09", **void)
    for as_of in ("2020-02-06", "2020-02-09", "2020-02-10"):
        assert total(asked(partnership, as_of)) == [("USD", "5000000.00", "exact")]
        assert total(asked(partnership, as_of, "2020-02-08")) == [
            ("USD", "6700000.00" if as_of >= "2020-02-06" else "5000000.00", "exact")
        ]


@pytest.mark.parametrize("as_of", ["2020-02-06", "2020-02-09", "2020-02-10"])
def test_an_award_s_ledger_shows_a_void_beside_its_row_and_agrees_with_the_sum(partnership, compact, as_of):
    void = {"kind": "void", "amount": None, "voids": compact.second, "reason": "Entered twice."}
    make.make_action(compact.more, effective="2020-02-10", known="2020-02-09", key="taken-back", **void)
    lines = lines_of(compact.more, as_of=make.day(as_of), known_on=TODAY)
    assert [(line.action.key, line.counts, line.balance) for line in lines] == [
        ("more-1", False, None), ("taken-back", False, None),
    ]  # fmt: skip
    before = lines_of(compact.more, as_of=make.day(as_of), known_on=date(2020, 2, 8))
    assert [(line.action.key, line.counts) for line in before] == [("more-1", True)]


def test_an_award_that_was_not_known_hides_its_actions(partnership, compact):
    late = make.make_award(partnership, recipients=[compact.ilo], known_on=TODAY)
    make.make_action(late, amount="1.00", effective="2018-01-01")
    assert total(asked(partnership, known_on="2020-02-09")) == [("USD", "6700000.00", "exact")]
    assert total(asked(partnership)) == [("USD", "6700001.00", "exact")]


def test_a_row_known_by_year_only_stands_apart_where_it_straddles(partnership):
    award = make.make_award(partnership, recipients=[make.make_organization("one")])
    make.make_action(award, amount="10.00", effective="2018")
    make.make_action(award, amount="30.00", effective="2018-12", kind="supplement")
    assert figures(asked(partnership, group_by="fiscal_year")) == [
        ("FY2019", "30.00", "0.7500"),
        ("unallocated", "10.00", "0.2500"),
    ]
    assert figures(asked(partnership, group_by="quarter")) == [("2018-Q4", "30.00", "0.7500"), ("unallocated", "10.00", "0.2500")]
    assert figures(asked(partnership, group_by="calendar_year")) == [("CY2018", "40.00", "1.0000")]
    assert total(asked(partnership, as_of="2018-12-30")) == []


def test_the_fiscal_year_turns_with_october(partnership):
    award = make.make_award(partnership)
    make.make_action(award, amount="1.00", effective="2018-09-30")
    make.make_action(award, amount="2.00", effective="2018-10-01", kind="supplement")
    assert [row.key for row in asked(partnership, group_by="fiscal_year").rows] == ["FY2018", "FY2019"]


def test_currencies_are_never_added(partnership, compact):
    make.make_action(
        compact.more, kind="supplement", amount="100.00", currency="EUR", effective="2020-02-07", recipient=compact.ilo
    )
    result = asked(partnership, group_by="partner")
    assert total(result) == [("EUR", "100.00", "exact"), ("USD", "6700000.00", "exact")]
    assert {(row.key, row.currency): str(row.share) for row in result.rows} == {
        ("ilo", "EUR"): "1.0000",
        ("ilo", "USD"): "0.2537",
        ("unallocated-initial", "USD"): "0.7463",
    }


def test_nothing_is_shared_where_the_total_is_zero(partnership):
    award = make.make_award(partnership)
    make.make_action(award, amount="5.00", recipient=make.make_organization("one"))
    make.make_action(award, amount="-5.00", kind="deobligation", recipient=make.make_organization("two"))
    result = asked(partnership, group_by="partner")
    assert figures(result) == [("one", "5.00", None), ("two", "-5.00", None)]
    assert total(result) == [("USD", "0.00", "exact")]


def test_another_partnership_s_money_is_not_in_it(partnership, compact):
    other = make.make_partnership(regions=("XB-ONE",))
    make.make_action(make.make_award(other), amount="77.00")
    assert total(asked(partnership)) == [("USD", "6700000.00", "exact")]
    assert total(asked(other)) == [("USD", "77.00", "exact")]


def test_sample_rows_are_said_to_be_samples(partnership, compact):
    assert asked(partnership).messages == []
    make.make_action(compact.more, amount="1.00", kind="supplement", effective="2020-02-07", is_sample=True)
    assert asked(partnership).messages == ["This answer rests on sample rows, invented for the demonstration."]


def test_labels_follow_the_reader_s_language(partnership, compact):
    compact.initial.title_es = "Primera subvención"
    compact.initial.save()
    with override("es"):
        assert asked(partnership, group_by="award").rows[0].label == "Primera subvención"


def test_several_questions_are_one_statement(partnership, compact, django_assert_num_queries):
    questions = [
        Asked("awarded"),
        Asked("awarded", group_by="partner"),
        Asked("obligated", level="sub", group_by="award"),
    ]
    with django_assert_num_queries(1):
        answers = summaries(partnership, questions, as_of=TODAY, known_on=TODAY)
    assert [(one.measure, one.level, one.group_by) for one in answers] == [
        ("awarded", "prime", "none"), ("awarded", "prime", "partner"), ("obligated", "sub", "award"),
    ]  # fmt: skip
    assert figures(answers[1]) == figures(asked(partnership, group_by="partner"))

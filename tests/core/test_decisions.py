import pytest
from django.core.exceptions import PermissionDenied

from cpc.core.decisions import ALLOWED, Decision, Refused, refuse


def test_allowed_is_true_and_lets_pass():
    assert ALLOWED
    ALLOWED.require()


def test_a_refusal_is_false_and_raises_a_403_that_teaches():
    decision = refuse("You proposed this yourself.", who="another grants officer", code="own_proposal")
    assert not decision
    with pytest.raises(PermissionDenied) as refused:
        decision.require()
    assert isinstance(refused.value, Refused)
    assert refused.value.decision is decision
    assert str(refused.value) == "You proposed this yourself. Who may: another grants officer."


def test_a_refusal_without_others_says_only_why():
    assert refuse("The report is accepted.").message == "The report is accepted."
    assert refuse("The report is accepted.").code == "not_allowed"


def test_a_refusal_says_why():
    for make in (lambda: refuse(""), lambda: Decision(False)):
        with pytest.raises(ValueError, match="why"):
            make()


def test_a_decision_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        refuse("No.").allowed = True

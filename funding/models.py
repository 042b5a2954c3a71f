"""The models of all slices, so that the app has one migration history."""

from .awards.models import Award, AwardAction, AwardRecipient
from .pledges.models import Contribution, ContributionConfirmation, ExchangeRate, Pledge

__all__ = ["Award", "AwardAction", "AwardRecipient", "Contribution", "ContributionConfirmation", "ExchangeRate", "Pledge"]

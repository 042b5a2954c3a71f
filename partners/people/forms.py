"""Forms of who has access."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cpc.accounts.models import User
from partners.models import Membership
from partners.roles import ORGANIZATION_ROLES

from .permissions import may_set_exact_counts, roles_to_give
from .queries import organizations_for


class AccessForm(forms.Form):
    """A role, the organization that some roles need, and for an administrator the view of counts."""

    role = forms.ChoiceField(label=_("Role"))
    organization = forms.ChoiceField(label=_("Organization"), required=False, help_text=_("Partner and host roles need one."))
    exact_counts = forms.BooleanField(
        label=_("Sees exact counts of children"), required=False, help_text=_("Others see them protected.")
    )

    def __init__(self, *args, actor, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        roles = roles_to_give(actor, partnership.pk)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        organizations = {row.key: row for role in roles for row in organizations_for(partnership.pk, role)}
        name = f"name_{get_language()[:2]}"
        choices = [(key, getattr(organization, name)) for key, organization in sorted(organizations.items())]
        self.fields["organization"].required = set(roles) <= ORGANIZATION_ROLES
        self.fields["organization"].choices = choices if self.fields["organization"].required else [("", _("None")), *choices]
        if not may_set_exact_counts(actor, partnership.pk):
            del self.fields["exact_counts"]

    def clean(self):
        cleaned = super().clean()
        needs = cleaned.get("role") in ORGANIZATION_ROLES
        if "role" in cleaned and "organization" in cleaned and not needs and cleaned["organization"]:
            self.add_error("organization", _("This role speaks for no organization: choose “None”."))
        return cleaned

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the fields that it names."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def values(self) -> dict:
        """The arguments of the services."""
        values = dict(self.cleaned_data)
        values["organization_key"] = values.pop("organization")
        return values


class InvitationForm(AccessForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=User._meta.get_field("language").choices, widget=forms.RadioSelect
    )
    field_order = ["email", "name", "role", "organization", "language", "exact_counts"]

    def __init__(self, *args, **kwargs):
        """No role stands chosen: the first of them is the widest."""
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose a role")), *self.fields["role"].choices]


class ChangeForm(AccessForm):
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"})
    )


class AccountReasonForm(ReasonForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Kept in the trail; the person does not get it.")


class EmailForm(AccountReasonForm):
    """`seen`: the address when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput)
    email = forms.EmailField(label=_("New e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "reason", "seen"]

"""What the API says of itself and of the token that asks."""

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from cpc.accounts.tokens import SCOPES
from cpc.core.rest import ETagMixin, LanguageMixin, StrictParameters
from partners.models import Membership, Partnership


class OwnView(LanguageMixin, StrictParameters, ETagMixin, APIView):
    # The base of single answers. No docstring: OpenAPI would show it to readers wherever a view has none of its own.
    pass


class IndexView(OwnView):
    """The resources of this version, by name."""

    @extend_schema(
        operation_id="index",
        responses=inline_serializer("Index", {"version": serializers.CharField(), "resources": serializers.DictField()}),
    )
    def get(self, request):
        from .urls import router

        names = {prefix: reverse(f"api:{basename}-list") for prefix, _viewset, basename in router.registry}
        own = {name: reverse(f"api:{name}") for name in ("me", "funding-summary", "schema", "docs")}
        return Response({"version": "1", "resources": names | own})


ME_EXAMPLE = {
    "email": "api_client@example.org",
    "token": "monthly figures",
    "expires_at": "2021-02-10T17:00:00Z",
    "scopes": ["funding:read"],
    "partnerships": ["peru-2017"],
    "memberships": [{"partnership": "peru-2017", "role": "api_client", "organization": None}],
}


class MembershipField(serializers.ModelSerializer):
    partnership = serializers.CharField(source="partnership.key", allow_null=True, default=None)
    organization = serializers.CharField(source="organization.key", allow_null=True, default=None)

    class Meta:
        model = Membership
        fields = ["partnership", "role", "organization"]


class MeSerializer(serializers.Serializer):
    """Who this token is, and what it may read. `token` and `expires_at` are null for a person's own session."""

    email = serializers.EmailField()
    token = serializers.CharField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField())
    partnerships = serializers.ListField(child=serializers.CharField())
    memberships = MembershipField(many=True)


class MeView(OwnView):
    """Who the token is: its owner, its scopes, when it ends, and the partnerships and roles that it sees through. Ask here first;
    an answer other than 200 means that the token is not valid any more."""

    @extend_schema(
        operation_id="me", responses=MeSerializer, examples=[OpenApiExample("A token", value=ME_EXAMPLE, response_only=True)]
    )
    def get(self, request):
        token = request.auth
        answer = {
            "email": request.user.email,
            "token": token and token.name,
            "expires_at": token and token.expiry,
            "scopes": token.scopes if token else list(SCOPES),
            "partnerships": Partnership.objects.visible_to(request.user).order_by("key").values_list("key", flat=True),
            "memberships": Membership.objects.of(request.user).select_related("partnership", "organization").order_by("pk"),
        }
        return Response(MeSerializer(answer).data)


class SchemaView(ETagMixin, SpectacularAPIView):
    """The OpenAPI description of this version; YAML, or JSON with `?format=json`."""


class DocsView(SpectacularSwaggerSplitView):
    """A page that shows the description and tries it out: from our own files, without an inline script, and as closed to other
    windows as every page here."""

    url_name = "api:schema"

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        response.headers.pop("Cross-Origin-Opener-Policy", None)
        return response

"""What the API says of itself and of the token that asks."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from cpc.accounts.tokens import SCOPES
from cpc.core.rest import ETagMixin, LanguageMixin, StrictParameters
from partners.models import Membership, Partnership


class OwnView(LanguageMixin, StrictParameters, ETagMixin, APIView):
    """The base of single answers."""


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
    @extend_schema(operation_id="me", responses=MeSerializer)
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

"""How the OpenAPI description names the two ways to prove who asks."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "cpc.accounts.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token of yours: Authorization: Bearer …"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "cpc.accounts.tokens.PageSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of a person logged in to the pages.",
        }

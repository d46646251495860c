"""OpenID Connect with the company's sign-in provider: the way there, and what it says of the person who comes back."""

from __future__ import annotations

from typing import Any

import jwt
import requests
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from akrab.platform.operations.single_sign_on import Claims
from akrab.platform.queries.sign_in_rules import SingleSignOn
from akrab.platform.refusal import Refusal

NAME = "company"
TROUBLE = (OAuth2Error, requests.RequestException, jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError)


class ProviderFailed(Refusal):
    code = "provider_failed"
    status = 502
    message = _("The sign-in provider did not answer as it should. Try again, or sign in another way.")


class StrangeReturn(Refusal):
    code = "strange_return"
    status = 422
    message = _("This sign-in was not begun in this browser, or too long ago. Begin again.")


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's adapter, told its provider, with our address to come back to."""

    def __init__(self, request: HttpRequest, rules: SingleSignOn) -> None:
        app = SocialApp(
            provider="openid_connect", provider_id=NAME, name=rules.name, client_id=rules.client_id, secret=rules.secret,
            settings={"server_url": rules.address, "oauth_pkce_enabled": True},
        )  # fmt: skip
        self.known = Provider(request, app=app, adapter=self)
        super().__init__(request, NAME)

    def get_provider(self) -> Any:
        return self.known

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("platform:provider_answer"))


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    def __init__(self, request: HttpRequest, app: Any, adapter: Adapter) -> None:
        super().__init__(request, app=app)
        self.adapter = adapter

    def get_oauth2_adapter(self, request: HttpRequest) -> Adapter:
        return self.adapter


def way_there(request: HttpRequest, rules: SingleSignOn, back: str) -> str:
    """The provider's page to send the browser to; state and PKCE verifier wait in the session."""
    try:
        return str(Adapter(request, rules).known.redirect(request, "login", next_url=back).url)
    except TROUBLE as problem:
        raise ProviderFailed from problem


def person_who_returns(request: HttpRequest, rules: SingleSignOn) -> tuple[Claims, str]:
    """Exchange the code of the answer and check the signed token; returns who it is and where they wanted to go."""
    adapter = Adapter(request, rules)
    state = statekit.unstash_state(request, provider_id=adapter.known.sub_id, state_id=request.POST.get("state", ""))
    if state is None:
        raise StrangeReturn
    try:
        app = adapter.known.app
        client = adapter.get_client(request, app)
        tokens = client.get_access_token(request.POST["code"], pkce_code_verifier=state["pkce_code_verifier"])
        said = _verified(adapter, tokens["id_token"])
        if "email" not in said:
            more = adapter._fetch_user_info(tokens["access_token"])
            said = said | more if more["sub"] == said["sub"] else {}
        claims = Claims(
            issuer=said["iss"], subject=str(said["sub"]), email=str(said["email"]).strip().lower(),
            is_verified=said.get("email_verified") in (True, "true"), name=str(said.get("name") or ""),
        )  # fmt: skip
    except TROUBLE as problem:
        raise ProviderFailed from problem
    return claims, str(state.get("next") or "/")


def _verified(adapter: Adapter, token: str) -> dict[str, Any]:
    """The claims of an id token, after its signature was checked with the provider's published keys.

    allauth trusts the connection and skips the signature; we check both.
    """
    config = adapter.openid_config
    claims: dict[str, Any] = jwtkit.verify_and_decode(
        credential=token, keys_url=config["jwks_uri"], issuer=config["issuer"], audience=adapter.known.app.client_id,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )  # fmt: skip
    return claims

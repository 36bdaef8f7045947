"""Where django-oauth-toolkit's views are, and a resource that it protects: Django reads it once it is set up."""

# pyright: basic
from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.decorators import protected_resource
from oauth2_provider.views import AuthorizationView, TokenView


@protected_resource()
def whoami(request: HttpRequest) -> HttpResponse:
    """Tell whose access token came."""
    patient = request.resource_owner.username  # pyright: ignore[reportAttributeAccessIssue]
    return JsonResponse({"patient": patient})


urlpatterns = [
    path("authorize", AuthorizationView.as_view()),
    path("token", csrf_exempt(TokenView.as_view())),
    path("whoami", whoami),
]

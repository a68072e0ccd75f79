"""Where everything is. Each view declares its permission; a test walks this file and fails otherwise."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from rehab import views
from rehab.permissions import Permission
from rehab.views import documents, lists, serving, wordings


class Schema(SpectacularAPIView):
    """The OpenAPI description, for those who may read the API."""

    required_permission = (Permission.API_READ,)


urlpatterns = [
    path("", include("reporting.urls")),
    path("intake/", include("intake.urls")),
    path("zones/", include("zones.urls")),
    path("centers/", include("centers.urls")),
    path("aftercare/", include("aftercare.urls")),
    path("house/", include("rehab.page_urls")),
    path("login/", views.login, name="login"),
    path("login/code/", views.login_code, name="login-code"),
    path("logout/", views.logout, name="logout"),
    path("healthz/", views.healthz, name="healthz"),
    path("drafts/", views.draft_save, name="draft-save"),
    path("drafts/drop/", views.draft_drop, name="draft-drop"),
    path("documents/verification/", documents.document_verify, name="document-verify"),
    path("documents/samples/<slug:kind>/", documents.document_sample, name="document-sample"),
    path("documents/<uuid:pk>/", documents.document_detail, name="document-detail"),
    path("documents/<uuid:pk>/prints/", documents.document_print, name="document-print"),
    path("documents/<uuid:pk>/service/", serving.service_create, name="service-create"),
    path("wordings/", wordings.wording_list, name="wording-list"),
    path("wordings/versions/<uuid:pk>/", wordings.wording_detail, name="wording-detail"),
    path(
        "wordings/versions/<uuid:pk>/confirmation/",
        wordings.wording_confirm,
        name="wording-confirm",
    ),
    path("wordings/<slug:kind>/", wordings.wording_create, name="wording-create"),
    path("wordings/<slug:kind>/preview/", wordings.wording_preview, name="wording-preview"),
    path("lists/", lists.saved_list_list, name="saved-list-list"),
    path("lists/new/", lists.saved_list_create, name="saved-list-create"),
    path("lists/<uuid:pk>/drop/", lists.saved_list_drop, name="saved-list-drop"),
    path("api/v1/schema/", Schema.as_view(), name="api-schema"),
    *([path("demo/clock/", views.demo_clock, name="demo-clock")] if settings.DEMO else []),
]

handler400 = "rehab.sorry.bad_request"
handler403 = "rehab.sorry.forbidden"
handler404 = "rehab.sorry.not_found"
handler500 = "rehab.sorry.server_error"

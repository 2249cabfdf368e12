from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api_docs"),
    path("auth/", include("tellerdesk.staff.api.urls")),
    path("limits/", include("tellerdesk.limits.api.urls")),
    path("training/", include("training.api.urls")),
    path("", include("tiering.api.urls")),
    path("", include("customers.api.urls")),
]

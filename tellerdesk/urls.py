from django.urls import include, path

from tellerdesk import home

handler400 = "tellerdesk.handlers.bad_request"
handler403 = "tellerdesk.handlers.permission_denied"
handler404 = "tellerdesk.handlers.not_found"
handler500 = "tellerdesk.handlers.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("commands/", home.commands, name="commands"),
    path("", include("tellerdesk.staff.urls")),
    path("audit/", include("tellerdesk.audit.urls")),
    path("limits/", include("tellerdesk.limits.urls")),
    path("training/", include("training.urls")),
    path("customers/", include("customers.urls")),
    path("tiering/", include("tiering.urls")),
    path("api/v1/", include("tellerdesk.api_urls")),
]

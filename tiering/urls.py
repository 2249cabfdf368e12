from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from tiering.views import dashboard, lists, owners, policy, runs, what_if

app_name = "tiering"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("export/", dashboard.export_dashboard, name="export_dashboard"),
    path("customers/", lists.customer_list, name="customer_list"),
    path("customers/export/", lists.export_list, name="export_list"),
    path("customers/<customer_number:customer_number>/", owners.customer_tier, name="customer_tier"),
    path("customers/<customer_number:customer_number>/owners/", owners.set_customer_owners, name="set_customer_owners"),
    path("policy/", policy.policy, name="policy"),
    path("policy/<int:version>/", policy.policy, name="policy_version"),
    path("policy/<int:version>/what-if/", what_if.what_if, name="what_if"),
    path("policy/<int:version>/what-if/customers/", what_if.what_if_customers, name="what_if_customers"),
    path("policy/<int:version>/what-if/customers/export/", what_if.export_what_if, name="export_what_if"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/again/", runs.load_run_again, name="load_run_again"),
    path("runs/<int:pk>/rejects/", runs.run_rejects, name="run_rejects"),
]

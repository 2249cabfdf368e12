from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from customers.api import importing, views

urlpatterns = [
    path("documents/parse/", views.ParseDocument.as_view(), name="api_parse_document"),
    path("identity-checks/", views.IdentityChecks.as_view(), name="api_identity_checks"),
    path("identity-checks/<int:pk>/", views.IdentityCheckDetail.as_view(), name="api_identity_check"),
    path("identity-checks/<int:pk>/decision/", views.CheckDecision.as_view(), name="api_check_decision"),
    path("customers/", views.Customers.as_view(), name="api_customers"),
    path("customers/imports/", importing.CustomerImports.as_view(), name="api_customer_imports"),
    path("customers/imports/<int:pk>/", importing.CustomerImportDetail.as_view(), name="api_customer_import"),
    path("customers/imports/<int:pk>/import/", importing.CustomerImportNow.as_view(), name="api_customer_import_now"),
    path(
        "customers/imports/<int:pk>/rejects/",
        importing.CustomerImportRejects.as_view(),
        name="api_customer_import_rejects",
    ),
    path("customers/<customer_number:customer_number>/", views.CustomerDetail.as_view(), name="api_customer"),
    path(
        "customers/<customer_number:customer_number>/amendments/", views.CustomerAmendments.as_view(), name="api_amend"
    ),
    path("customers/<customer_number:customer_number>/history/", views.CustomerHistory.as_view(), name="api_history"),
    path("amendments/", views.Amendments.as_view(), name="api_amendments"),
    path("amendments/<int:pk>/", views.AmendmentDetail.as_view(), name="api_amendment"),
    path("amendments/<int:pk>/approve/", views.ApproveAmendment.as_view(), name="api_approve"),
    path("amendments/<int:pk>/reject/", views.RejectAmendment.as_view(), name="api_reject"),
]

from django.urls import path

from tellerdesk.limits.api import views

urlpatterns = [
    path("", views.Limits.as_view(), name="api_limits"),
    path("changes/<int:pk>/approve/", views.ApproveLimitChange.as_view(), name="api_approve_limit"),
    path("changes/<int:pk>/reject/", views.RejectLimitChange.as_view(), name="api_reject_limit"),
    path("changes/<int:pk>/withdraw/", views.WithdrawLimitChange.as_view(), name="api_withdraw_limit"),
    path("<str:name>/changes/", views.LimitChanges.as_view(), name="api_change_limit"),
]

from django.urls import path

from tellerdesk.staff.api import views

urlpatterns = [
    path("token/", views.Token.as_view(), name="api_token"),
    path("me/", views.Me.as_view(), name="api_me"),
]

from django.urls import path

from tellerdesk.limits import views

app_name = "limits"

urlpatterns = [
    path("", views.limit_list, name="limit_list"),
    path("changes/<int:pk>/", views.decide_limit, name="decide_limit"),
    path("changes/<int:pk>/withdraw/", views.withdraw_change, name="withdraw_change"),
    path("<str:name>/", views.change_limit, name="change_limit"),
]

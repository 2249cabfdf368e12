from django.urls import path

from tellerdesk.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("events/<int:pk>/", views.event, name="event"),
    path("records/<str:subject_type>/<str:subject_id>/", views.record, name="record"),
    path("people/<str:username>/", views.person, name="person"),
    path("days/<str:day>/", views.day, name="day"),
]

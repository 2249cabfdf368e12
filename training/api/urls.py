from django.urls import path

from training.api import views

urlpatterns = [
    path("courses/", views.CourseListView.as_view(), name="api_course_list"),
    path("courses/<slug:code>/", views.CourseView.as_view(), name="api_course"),
    path("courses/<slug:code>/attempts/", views.StartAttemptView.as_view(), name="api_start_attempt"),
    path("attempts/<int:pk>/", views.AttemptView.as_view(), name="api_attempt"),
    path("attempts/<int:pk>/answers/", views.AnswersView.as_view(), name="api_answers"),
    path("attempts/<int:pk>/submit/", views.SubmitAttemptView.as_view(), name="api_submit_attempt"),
]

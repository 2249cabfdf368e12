from django.urls import path

from training.views import administration, attempts, courses, results

app_name = "training"

urlpatterns = [
    path("", courses.course_list, name="course_list"),
    path("courses/<slug:code>/", courses.course, name="course"),
    path("courses/<slug:code>/start/", courses.start_attempt, name="start_attempt"),
    path("attempts/<int:pk>/", attempts.attempt, name="attempt"),
    path("attempts/<int:pk>/save/", attempts.save_attempt, name="save_attempt"),
    path("attempts/<int:pk>/submit/", attempts.submit_attempt, name="submit_attempt"),
    path("attempts/<int:pk>/result/", results.attempt_result, name="attempt_result"),
    path("qualifications/", courses.qualification_list, name="qualification_list"),
    path("results/", results.branch_results, name="branch_results"),
    path("manage/", administration.course_admin, name="course_admin"),
    path("manage/<slug:code>/", administration.question_list, name="question_list"),
    path("manage/<slug:code>/edit/", administration.edit_course, name="edit_course"),
    path("manage/<slug:code>/questions/new/", administration.create_question, name="create_question"),
    path("manage/questions/<int:pk>/edit/", administration.edit_question, name="edit_question"),
    path("manage/questions/<int:pk>/retire/", administration.retire_question, name="retire_question"),
]

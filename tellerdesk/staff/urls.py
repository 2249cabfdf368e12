from django.urls import include, path

from tellerdesk.staff.views import accounts, logins, people, personal, places, postings

staff = (
    [
        path("", people.staff_list, name="staff_list"),
        path("new/", people.create_staff, name="create_staff"),
        path("branches/", places.branch_list, name="branch_list"),
        path("branches/new/", places.create_branch, name="create_branch"),
        path("branches/<str:code>/", places.rename_branch, name="rename_branch"),
        path("people/<str:username>/", people.staff_detail, name="staff_detail"),
        path("people/<str:username>/post/", postings.post_staff, name="post_staff"),
        path("people/<str:username>/postings/<int:pk>/move/", postings.move_staff, name="move_staff"),
        path("people/<str:username>/postings/<int:pk>/end/", postings.end_posting, name="end_posting"),
        path("people/<str:username>/deactivate/", accounts.deactivate_staff, name="deactivate_staff"),
        path("people/<str:username>/reactivate/", accounts.reactivate_staff, name="reactivate_staff"),
        path("people/<str:username>/password/", accounts.reset_password, name="reset_password"),
    ],
    "staff",
)

urlpatterns = [
    path("accounts/login/", logins.login, name="login"),
    path("accounts/logout/", logins.logout, name="logout"),
    path("accounts/language/", personal.set_language, name="set_language"),
    path("accounts/theme/", personal.set_theme, name="set_theme"),
    path("accounts/settings/", personal.personal_settings, name="personal_settings"),
    path("accounts/password/", personal.change_password, name="change_password"),
    path("accounts/tokens/", personal.token_list, name="token_list"),
    path("accounts/tokens/new/", personal.issue_token, name="issue_token"),
    path("accounts/tokens/<int:pk>/revoke/", personal.revoke_token, name="revoke_token"),
    path("staff/", include(staff)),
]

"""The training administrator's screens; an auditor reads them."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors
from training.enums import Kind
from training.forms import CourseForm, QuestionForm, TimeAllowanceForm
from training.models import Course, Question, TimeAllowance
from training.selectors.bank import course_rows, question_rows
from training.services import courses as services

EDIT, READ = "training.edit_course", "training.read_course"
SHAPE = ("stem_zh", "stem_en", "explanation_zh", "explanation_en", "section")


@requires(READ)
@require_http_methods(["GET", "POST"])
def course_admin(request):
    may_edit = request.user.has_perm(EDIT)
    form = TimeAllowanceForm(request.POST or None, by=request.user)
    if request.method == "POST" and may_edit and form.is_valid():
        services.allow_time(staff=form.cleaned_data["username"], percent=form.cleaned_data["percent"], by=request.user)
        messages.success(request, _("The extra time counts from the next attempt on."))
        return redirect("training:course_admin")
    allowances = TimeAllowance.objects.filter(staff__legal_entity_id=request.user.legal_entity_id, percent__gt=0)
    shown = {
        "rows": course_rows(),
        "form": form,
        "may_edit": may_edit,
        "allowances": allowances.select_related("staff"),
    }
    return render(request, "training/course_admin.html", shown)


@requires(READ)
@require_GET
def question_list(request, code):
    course = get_object_or_404(Course, code=code)
    shown = {
        "course": course,
        "versions": question_rows(course),
        "may_edit": request.user.has_perm(EDIT),
        "kinds": Kind,
    }
    return render(request, "training/question_list.html", shown)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def edit_course(request, code):
    course = get_object_or_404(Course, code=code)
    form = CourseForm(request.POST or None, instance=course)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            services.edit_course(course=course, by=request.user, **form.course_fields)
            services.set_unlocks(course=course, permissions=form.cleaned_data["unlocks"], by=request.user)
        messages.success(request, _("The course is saved; attempts that run keep what they started with."))
        return redirect("training:question_list", code)
    return render(request, "training/edit_course.html", {"form": form, "course": course})


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def create_question(request, code):
    course = get_object_or_404(Course, code=code)
    kind = request.GET.get("kind", "")
    form = QuestionForm(request.POST or None, kind=kind if kind in Kind.values else Kind.SINGLE)
    if _done(request, form, lambda: services.create_question(course=course, by=request.user, **form.shape)):
        return redirect("training:question_list", code)
    return render(request, "training/create_question.html", {"form": form, "course": course})


@requires(READ)
@require_http_methods(["GET", "POST"])
def edit_question(request, pk):
    """Shows the question with every version it had; saving makes the next one."""
    question = get_object_or_404(Question.objects.select_related("course"), pk=pk)
    versions = list(question.questionversion_set.all())
    form = _question_form(request.POST or None, versions[0])
    may_edit = request.user.has_perm(EDIT) and not question.is_retired
    if may_edit and _done(request, form, lambda: _edit(question, form, by=request.user)):
        return redirect("training:edit_question", pk)
    shown = {"form": form, "question": question, "versions": versions, "may_edit": may_edit}
    return render(request, "training/edit_question.html", shown)


@requires(EDIT)
@require_POST
def retire_question(request, pk):
    question = get_object_or_404(Question.objects.select_related("course"), pk=pk)
    services.retire_question(question=question, by=request.user)
    messages.success(request, _("Question %(number)s is retired.") % {"number": question.number})
    return redirect("training:question_list", question.course.code)


def _question_form(posted, version) -> QuestionForm:
    initial = {name: getattr(version, name) for name in SHAPE} | {"based_on": version.version}
    return QuestionForm(
        posted, kind=version.kind, options=version.options, answer_key=version.answer_key, initial=initial
    )


def _edit(question, form, *, by) -> None:
    services.edit_question(question=question, based_on=form.cleaned_data["based_on"], by=by, **form.shape)


def _done(request, form, write) -> bool:
    """Whether a valid form was posted and written. Nothing typed is lost: a refusal goes back into the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        write()
    except FieldErrors as refusal:
        form.take(refusal)
        return False
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return False
    messages.success(request, _("The question is saved; attempts that run keep the old version."))
    return True

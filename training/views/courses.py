from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tellerdesk.core.access import requires
from training.models import Course, Qualification
from training.selectors.courses import course_cards, course_page
from training.services import attempts as services


@requires("training.take_course")
@require_GET
def course_list(request):
    cards = course_cards(request.user, at=timezone.now())
    may_see_results = request.user.has_perm("training.see_results")
    return render(request, "training/course_list.html", {"cards": cards, "may_see_results": may_see_results})


@requires("training.take_course")
@require_GET
def course(request, code):
    found = get_object_or_404(Course, code=code)
    services.open_attempt(course=found, by=request.user)
    page = course_page(found, request.user, at=timezone.now())
    return render(request, "training/course.html", {"page": page, "course": found, "unlocks": page.unlocks})


@requires("training.take_course")
@require_POST
def start_attempt(request, code):
    attempt = services.start_attempt(course=get_object_or_404(Course, code=code), by=request.user)
    return redirect("training:attempt", attempt.pk)


@requires("training.take_course")
@require_GET
def qualification_list(request):
    held = Qualification.objects.of(request.user).select_related("course", "attempt")
    cards = course_cards(request.user, at=timezone.now())
    return render(request, "training/qualification_list.html", {"qualifications": held, "cards": cards})

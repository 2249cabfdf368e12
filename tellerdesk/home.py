"""The first page after the login, the list of transactions, and the answer to whoever watches over the site."""

from django.contrib.auth.decorators import login_required
from django.db import Error, connection
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tellerdesk import commands as transactions
from training.selectors.courses import course_cards


@login_required
@require_GET
def home(request):
    return render(request, "home/home.html", {"cards": course_cards(request.user, at=timezone.now())})


@login_required
@require_GET
def commands(request):
    """F1. `?q=` is what the bar sends where there is no script."""
    sought = request.GET.get("q", "")
    offers = transactions.search(transactions.offers(request.user), sought) if sought else []
    return render(request, "commands.html", {"offers": offers})


@require_GET
def healthz(request):
    """503 while the database is away; says nothing else to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database_away"}, status=503)
    return JsonResponse({"status": "ok"})

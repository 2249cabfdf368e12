"""The tree of branches."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError
from tellerdesk.staff import forms
from tellerdesk.staff.models import Branch
from tellerdesk.staff.selectors import branch_tree
from tellerdesk.staff.services import places

READ, MANAGE = "staff.read_staff", "staff.manage_staff"


@requires(READ)
@require_GET
def branch_list(request):
    shown = {"lines": branch_tree(request.user), "may_manage": request.user.has_perm(MANAGE)}
    return render(request, "staff/branch_list.html", shown)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def create_branch(request):
    form = forms.BranchForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            branch = places.create_branch(**form.cleaned_data, by=request.user)
            messages.success(request, _("The branch %(branch)s is created.") % {"branch": branch})
            return redirect("staff:branch_list")
        except DomainError as error:
            form.refuse(error)
    return render(request, "staff/create_branch.html", {"form": form})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def rename_branch(request, code):
    branch = get_object_or_404(Branch.objects.of_entity_of(request.user), code=code)
    form = forms.RenameBranchForm(request.POST or None, initial={"name": branch.name})
    if request.method == "POST" and form.is_valid():
        places.rename_branch(branch=branch, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("The branch is renamed."))
        return redirect("staff:branch_list")
    return render(request, "staff/rename_branch.html", {"form": form, "branch": branch})

"""证件影像: the scans of a customer's papers, and one of them as it is."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.forms.imaging import ImageForm
from customers.models import Customer, DocumentImage
from customers.scan_response import scan_response
from customers.selectors.images import papers_of
from customers.selectors.limits import largest_image
from customers.services import add_image
from customers.views.looking import looked_up, reachable_or_404
from tellerdesk.core.access import requires
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.uploads import sealed_uploads


@requires("customers.look_up")
@require_GET
def images(request, customer_number):
    customer = looked_up(request, customer_number)
    if customer.customer_number != customer_number:
        return redirect("customers:images", customer_number=customer.customer_number)
    papers = papers_of(customer)
    return shown(request, customer, papers, ImageForm(papers=papers, initial={"of": request.GET.get("of", "")}))


@requires("customers.amend_customer")
@sealed_uploads
@require_POST
def add_scan(request, customer_number):
    customer = looked_up(request, customer_number)
    papers = papers_of(customer)
    form = ImageForm(request.POST, request.FILES, papers=papers)
    if form.is_valid() and kept(customer, form, by=request.user):
        messages.success(request, _("The scan is on the file."))
        return redirect("customers:images", customer_number=customer.customer_number)
    return shown(request, customer, papers, form)


def kept(customer: Customer, form: ImageForm, *, by) -> DocumentImage | None:
    """None where the service refused; the form then says why."""
    typed = form.cleaned_data
    try:
        return add_image(customer=customer, of=form.thing, side=typed["side"], upload=typed["file"], by=by)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
        return None


def shown(request, customer: Customer, papers: list, form: ImageForm):
    context = {
        "customer": customer,
        "papers": papers,
        "form": form,
        "megabytes": largest_image(customer.legal_entity_id) // 1024**2,
    }
    return render(request, "customers/images.html", context)


@requires("customers.look_up")
@require_GET
def image(request, customer_number, pk):
    return scan_response(reachable_or_404(request, customer_number), pk, by=request.user)

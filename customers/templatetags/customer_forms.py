from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def checkline(field):
    """A single box with its words, to stand in a row of others."""
    box = '<label class="checkline" for="{}">{}{}</label>'
    return format_html(box, field.id_for_label, field.as_widget(), field.label)

from django import template

register = template.Library()


@register.filter
def is_among(value, values) -> bool:
    return value in values


@register.simple_tag(takes_context=True)
def transaction_of(context, permission: str):
    """The command bar's offer that needs `permission`, or None where no screen does yet."""
    offers = getattr(context.get("shell"), "commands", [])
    return next((offer for offer in offers if offer.permission == permission), None)

from django.urls import register_converter


class CustomerNumberConverter:
    """Digits only, as customer numbers are; anything else is no address."""

    regex = "[0-9]{6,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value) -> str:
        return str(value)


register_converter(CustomerNumberConverter, "customer_number")

"""How the OpenAPI document names operations."""

from drf_spectacular.openapi import AutoSchema

FETCHED, LISTED = "_retrieve", "_list"


class Schema(AutoSchema):
    def get_operation_id(self) -> str:
        """A page of a list is a list; the library takes it for one thing, and numbers what then has the same name."""
        found = super().get_operation_id()
        if found.endswith(FETCHED) and self._is_page():
            return found.removesuffix(FETCHED) + LISTED
        return found

    def _is_page(self) -> bool:
        told = self.get_response_serializers()
        return "results" in getattr(told, "_declared_fields", {})

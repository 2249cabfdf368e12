from tiering.services.owning import set_owners

__all__ = ["set_owners"]

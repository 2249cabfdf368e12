def is_counted(request) -> bool:
    """Whether django-axes took this failure down: it leaves the number of failures on the request when it does."""
    return bool(getattr(request, "axes_failures_since_start", 0))

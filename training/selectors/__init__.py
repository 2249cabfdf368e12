from training.selectors.gate import courses_that_unlock, forget_locks, locked_permissions

__all__ = ["courses_that_unlock", "forget_locks", "locked_permissions"]

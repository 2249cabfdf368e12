"""What base.html knows about the person and the day. Lazy: a page without the shell asks nothing."""

from dataclasses import asdict
from functools import cached_property

from customers.citizen_check import is_simulated
from tellerdesk import commands
from tellerdesk.core.business_date import today
from tellerdesk.navigation import navigation
from tellerdesk.staff.enums import Theme

NEXT_THEME = {Theme.SYSTEM: Theme.LIGHT, Theme.LIGHT: Theme.DARK, Theme.DARK: Theme.SYSTEM}


def shell(request):
    return {"shell": Shell(request)}


class Shell:
    keys = commands.KEYS
    field_keys = commands.FIELD_KEYS

    def __init__(self, request):
        self.request = request

    @cached_property
    def person(self):
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def chosen_theme(self) -> Theme:
        """The person's setting; before the login, the cookie of the last switch on this computer."""
        chosen = self.person.theme if self.person else self.request.COOKIES.get("theme")
        return Theme(chosen) if chosen in Theme.values else Theme.SYSTEM

    @property
    def theme(self) -> str:
        return "" if self.chosen_theme == Theme.SYSTEM else self.chosen_theme.value

    @property
    def next_theme(self) -> Theme:
        return NEXT_THEME[self.chosen_theme]

    @property
    def enter_moves(self) -> bool:
        return self.person is None or self.person.enter_moves

    @cached_property
    def business_date(self):
        return today()

    @property
    def branch(self):
        return self.person.branch if self.person else None

    @property
    def position_label(self) -> str:
        posting = self.person.posting if self.person else None
        return posting.get_position_display() if posting else ""

    @cached_property
    def navigation(self):
        return navigation(self.person, self.request.path) if self.person else []

    @cached_property
    def waiting(self) -> list:
        """What waits for this person's decision, as home lists it: places of the spine with their counts."""
        items = [item for group in self.navigation for item in group.items]
        return [item for item in items if item.waits and item.count]

    @property
    def waiting_count(self) -> int:
        return sum(item.count for item in self.waiting)

    @cached_property
    def commands(self):
        return commands.offers(self.person) if self.person else []

    @property
    def command_data(self) -> dict:
        """For the scripts: `commands.js` shows the transactions and places, `keys.js` binds the keys."""
        items = [item for group in self.navigation for item in group.items]
        places = [{"label": item.label, "url": item.url, "icon": item.icon} for item in items]
        keys = {key.name: key.does for key in self.keys}
        return {"transactions": [asdict(offer) for offer in self.commands], "places": places, "keys": keys}

    @cached_property
    def simulated_check(self) -> bool:
        """Said to whoever may make a check."""
        return self.person is not None and self.person.has_perm("customers.check_identity") and is_simulated()

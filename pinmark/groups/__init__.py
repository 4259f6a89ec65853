"""Groups: equal subscriptions are read, executed and written out once, however many they are.

    followed     which subscriptions are equal
    group        those who follow the same from the same place, told together
    groups       how they find each other: at the beginning, and at rest
    member       one of them, whatever it is told over
    beginning    sending without waiting, as far as that goes

Nobody is told what was made before they asked. Who comes begins alone, or with those who ask the
same at the same moment; once a group has told everything and waits for what comes next, it joins
the one that waits at the same place. So whoever is behind catches up by themselves, and whoever
takes what they are told too slowly goes their own way until they have.
"""

from pinmark.groups.followed import Followed, followed_by
from pinmark.groups.groups import Groups, open_groups
from pinmark.groups.member import GroupFailed, Member, Told, TooSlow, event_of

__all__ = [
    "Followed",
    "GroupFailed",
    "Groups",
    "Member",
    "Told",
    "TooSlow",
    "event_of",
    "followed_by",
    "open_groups",
]

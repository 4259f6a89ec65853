"""The chain of audit entries: what a hash is over, and what is wrong where two do not fit.

The database hashes an entry as it takes it. Here the same text is written by other means, so
that the one checks the other. An exported line is that text with the hash put in at its end,
and checks by itself.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice

FIELDS = (
    "id",
    "seq",
    "after",
    "facts",
    "action",
    "app_id",
    "before",
    "outcome",
    "actor_id",
    "actor_kind",
    "actor_name",
    "request_id",
    "subject_id",
    "occurred_at",
    "subject_kind",
    "previous_hash",
    "environment_id",
    "organization_id",
)
"""All that a hash is over, in the order of the text: by length, then by bytes, as jsonb has it."""

BEGINNING = "0" * 64
"""What the first entry has for the hash of the one before."""

MAXIMUM_TROUBLES = 1000
MAXIMUM_TRIED = 200

_HASHED = re.compile(r'(\{"id": .*), "hash": "([0-9a-f]{64})"\}')
_NUMBER = re.compile(r'"seq": [^,]*')


@dataclass(frozen=True)
class Head:
    """The end of a chain, small enough to be noted elsewhere: ``SEQ:HASH``."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def read(cls, noted: str) -> "Head":
        """The head as it was printed; raises ``ValueError`` for anything else."""
        if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", noted):
            raise ValueError("A head is a number, a colon and 64 hexadecimal digits.")
        seq, _, digest = noted.partition(":")
        return cls(int(seq), digest)


@dataclass(frozen=True)
class Link:
    """An entry as it is found: its place, the two hashes it holds, and the text of all else."""

    seq: int
    previous_hash: str
    hash: str
    text: str

    @property
    def is_sound(self) -> bool:
        return digest(self.text) == self.hash

    @property
    def line(self) -> str:
        """The entry as an export shows it."""
        return f'{self.text[:-1]}, "hash": {written(self.hash)}}}'

    def was(self, seq: int) -> bool:
        """Whether this is the untouched entry ``seq``, which now has another number."""
        return digest(_NUMBER.sub(f'"seq": {seq}', self.text, count=1)) == self.hash

    @classmethod
    def of_line(cls, line: str) -> "Link":
        """The entry in a line of an export; raises ``ValueError`` for any other line."""
        found = _HASHED.fullmatch(line)
        if found is None:
            raise ValueError("not a line of an export")
        text = found[1] + "}"
        try:
            fields = json.loads(text)
            seq, previous_hash = fields["seq"], fields["previous_hash"]
        except (KeyError, RecursionError):
            raise ValueError("not a line of an export") from None
        if type(seq) is not int or not isinstance(previous_hash, str):
            raise ValueError("not a line of an export")
        return cls(seq, previous_hash, found[2], text)


def digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def written(value: str | None) -> str:
    """A text as JSON; what can be read as it stands is not escaped."""
    return json.dumps(value, ensure_ascii=False)


def canonical(fields: Mapping[str, str]) -> str:
    """The text of an entry whose ``fields`` are JSON already, one for each of ``FIELDS``."""
    return "{" + ", ".join(f'"{name}": {fields[name]}' for name in FIELDS) + "}"


@dataclass
class Verdict:
    """What a walk along a chain found; ``last`` is the last entry that was there."""

    entries: int = 0
    last: Head = field(default_factory=lambda: Head(0, BEGINNING))
    troubles: list[str] = field(default_factory=list[str])
    unlisted: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.troubles

    def complain(self, trouble: str) -> None:
        if len(self.troubles) < MAXIMUM_TROUBLES:
            self.troubles.append(trouble)
        else:
            self.unlisted += 1


class Walk:
    """Takes the entries of one chain from the first, and remembers what does not fit.

    ``noted`` is a head that somebody wrote down when the chain was shorter.
    """

    def __init__(self, noted: Head | None = None) -> None:
        self._noted = noted
        self._met_noted = noted is None or noted.seq == 0
        self._verdict = Verdict()
        self._previous = Link(0, "", BEGINNING, "")
        self._previous_sound = True
        self._missing: list[range] = []
        self._unsound: list[Link] = []

    def take(self, link: Link) -> None:
        self._verdict.entries += 1
        self._compare_noted(link)
        if link.seq <= self._previous.seq:
            self._take_late(link)
            return
        if link.seq > self._previous.seq + 1:
            self._missing.append(range(self._previous.seq + 1, link.seq))
        sound = link.is_sound
        if not sound:
            self._keep_unsound(link)
        elif self._breaks(link):
            self._verdict.complain(
                f"Entry {link.seq} does not follow entry {link.seq - 1}: one of them was replaced."
                if link.seq > 1
                else "Entry 1 does not begin the chain: it was replaced."
            )
        self._previous, self._previous_sound = link, sound

    def end(self, head: Head | None) -> Verdict:
        """What was found, given where the chain should end; None when nobody knows."""
        last = self._previous
        self._verdict.last = Head(last.seq, last.hash)
        if head is not None:
            self._compare_head(head)
        if not self._met_noted and self._noted is not None:
            self._verdict.complain(f"The noted entry {self._noted.seq} is missing.")
        self._name_unsound()
        for gap in self._missing:
            self._verdict.complain(f"{_entries(gap)} missing.")
        return self._verdict

    def refuse(self, number: int) -> None:
        """Remember that line ``number`` of an export holds no entry."""
        self._verdict.complain(f"Line {number} is not an entry as it was exported.")

    def _breaks(self, link: Link) -> bool:
        """Whether the one before is there, was not changed by itself, and is not the right one."""
        before = self._previous
        return (
            link.seq == before.seq + 1
            and self._previous_sound
            and link.previous_hash != before.hash
        )

    def _keep_unsound(self, link: Link) -> None:
        if len(self._unsound) < MAXIMUM_TROUBLES:
            self._unsound.append(link)
        else:
            self._verdict.unlisted += 1

    def _take_late(self, link: Link) -> None:
        for index, gap in enumerate(self._missing):
            if link.seq in gap:
                rest = (range(gap.start, link.seq), range(link.seq + 1, gap.stop))
                self._missing[index : index + 1] = [part for part in rest if part]
                trouble = f"Entry {link.seq} comes after entry {self._previous.seq}."
                break
        else:
            trouble = f"Entry {link.seq} is there twice, or never had this number."
        self._verdict.complain(trouble)
        if not link.is_sound:
            self._keep_unsound(link)

    def _compare_noted(self, link: Link) -> None:
        if self._noted is None or link.seq != self._noted.seq:
            return
        self._met_noted = True
        if link.hash != self._noted.hash:
            self._verdict.complain(f"Entry {link.seq} is not the one that was noted.")

    def _compare_head(self, head: Head) -> None:
        last = self._previous
        if head.seq > last.seq:
            gap = range(last.seq + 1, head.seq + 1)
            self._verdict.complain(f"{_entries(gap)} missing: the end was cut off.")
        elif head.seq < last.seq:
            self._verdict.complain(
                f"The chain's head names entry {head.seq} as the last, but there are more."
            )
        elif head.hash != last.hash and self._previous_sound:
            self._verdict.complain(
                f"Entry {last.seq} is not the one that the chain's head names: it was replaced."
            )

    def _name_unsound(self) -> None:
        """Say of each unsound entry that it was changed, or which other one it really is."""
        places = chain((link.seq for link in self._unsound), chain.from_iterable(self._missing))
        tried = list(islice(places, MAXIMUM_TRIED))
        for number, link in enumerate(self._unsound):
            seqs = tried if number < MAXIMUM_TRIED else ()
            origin = next((seq for seq in seqs if link.was(seq)), None)
            self._verdict.complain(
                f"Entry {link.seq} was changed."
                if origin is None
                else f"Entry {origin} stands in the place of entry {link.seq}."
            )


def _entries(gap: range) -> str:
    if len(gap) == 1:
        return f"Entry {gap.start} is"
    return f"Entries {gap.start} to {gap.stop - 1} are"


def walk_lines(lines: Iterable[str], noted: Head | None = None) -> Verdict:
    """Check an export that leaves nothing out; its end is known only by ``noted``."""
    walk = Walk(noted)
    for number, line in enumerate(lines, start=1):
        try:
            link = Link.of_line(line.removesuffix("\n"))
        except ValueError:
            walk.refuse(number)
        else:
            walk.take(link)
    return walk.end(None)

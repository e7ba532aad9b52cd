"""The store's front door: one object a user, every method a checked transaction."""

from __future__ import annotations

from pathlib import Path

from assistant.triage import access, audit, queue, submissions
from assistant.triage import decisions as judging
from assistant.triage import panels as seating
from assistant.triage.accounts import Accounts, User
from assistant.triage.agreement import Agreement
from assistant.triage.database import Database
from assistant.triage.files import Files
from assistant.triage.queue import Facets


class Store:
    """A database and a folder of files."""

    def __init__(self, url: str, folder: Path) -> None:
        """Open and migrate the store.

        Raises:
            InputError: the URL is not understood.
            UnavailableError: the database cannot be reached.
        """
        self.database = Database(url)
        self.database.migrate()
        self.files = Files(folder)
        self.accounts = Accounts(self.database)

    def room(self, user: User) -> Room:
        """Return what ``user`` may do."""
        return Room(self, user)

    def sweep(self) -> int:
        """Delete what is past its retention date; returns how many."""
        with self.database.writing() as session:
            return submissions.sweep(session, self.files)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()


class Room:
    """Everything one user can do. Raises AccessError, ConflictError, UsageError with messages fit to show."""

    def __init__(self, store: Store, user: User) -> None:
        self._store = store
        self.user = user

    def queue(self, wanted: queue.Filter | None = None, *, offset: int = 0, limit: int = 50) -> queue.Queue:
        """Return a page of the queue."""
        with self._store.database.reading() as session:
            return queue.load(session, self.user, wanted or queue.Filter(), offset=offset, limit=limit)

    def add(self, upload: submissions.Upload) -> str:
        """Take in a file with its review; returns the submission's id."""
        with self._store.database.writing() as session:
            return submissions.add(session, self._store.files, self.user, upload)

    def open(self, identifier: str) -> submissions.Opened:
        """Return a submission."""
        with self._store.database.reading() as session:
            return submissions.open_for(session, self.user, identifier)

    def file(self, identifier: str) -> bytes:
        """Return a submission's file."""
        with self._store.database.reading() as session:
            return submissions.file_of(session, self._store.files, self.user, identifier)

    def remove(self, identifier: str) -> None:
        """Delete a submission."""
        with self._store.database.writing() as session:
            submissions.remove(session, self._store.files, self.user, identifier)

    def decide(self, identifier: str, decision: judging.Decision) -> int:
        """Judge a finding; returns the new version."""
        with self._store.database.writing() as session:
            return judging.decide(session, self.user, identifier, decision)

    def undo(self, identifier: str, finding: str) -> int:
        """Take back the last change to a finding; returns the new version."""
        with self._store.database.writing() as session:
            return judging.undo(session, self.user, identifier, finding)

    def give_opinion(self, identifier: str, opinion: judging.Opinion) -> int:
        """Give or change an opinion on a submission; returns the new version."""
        with self._store.database.writing() as session:
            return judging.give_opinion(session, self.user, identifier, opinion)

    def adjudicate(self, identifier: str, ruling: judging.Ruling) -> None:
        """Settle a conflict or close a submission."""
        with self._store.database.writing() as session:
            judging.adjudicate(session, self.user, identifier, ruling)

    def decisions(self, identifier: str) -> tuple[judging.Decision, ...]:
        """Return the decisions on a submission that this user may see."""
        with self._store.database.reading() as session:
            row = access.submission(session, self.user, identifier)
            blinded = submissions.is_blinded(session, self.user, row)
            return (
                ()
                if self._outside()
                else judging.decisions_of(session, self.user, identifier, blinded=blinded)
            )

    def opinions(self, identifier: str) -> tuple[judging.Opinion, ...]:
        """Return the opinions on a submission that this user may see."""
        with self._store.database.reading() as session:
            row = access.submission(session, self.user, identifier)
            blinded = submissions.is_blinded(session, self.user, row)
            return (
                ()
                if self._outside()
                else judging.opinions_of(session, self.user, identifier, blinded=blinded)
            )

    def _outside(self) -> bool:
        """Say whether the panel's deliberations are none of this user's business."""
        return self.user.role == "enterprise"

    def history(self, identifier: str) -> tuple[audit.Event, ...]:
        """Return a submission's log; a reviewer who is still blind sees only the own entries."""
        with self._store.database.reading() as session:
            row = access.submission(session, self.user, identifier)
            events = audit.history(session, identifier)
            if self.user.role in ("admin", "chair"):
                return events
            if self.user.role == "enterprise" or submissions.is_blinded(session, self.user, row):
                return tuple(event for event in events if event.actor == self.user.name)
            return events

    def create_panel(self, name: str, *, blind: bool = True, rubric: str = "sample") -> int:
        """Create a panel; returns its id."""
        with self._store.database.writing() as session:
            return seating.create(session, self.user, name, blind=blind, rubric=rubric)

    def set_blind(self, panel: int, *, blind: bool) -> None:
        """Turn blind-first on or off."""
        with self._store.database.writing() as session:
            seating.set_blind(session, self.user, panel, blind=blind)

    def panels(self) -> tuple[seating.Panel, ...]:
        """Return the panels this user chairs."""
        with self._store.database.reading() as session:
            return seating.all_of(session, self.user)

    def move_to_panel(self, identifier: str, panel: int) -> None:
        """Put a submission before a panel."""
        with self._store.database.writing() as session:
            seating.move_to_panel(session, self.user, identifier, panel)

    def assign(self, identifier: str, reviewer: str) -> None:
        """Give a submission to a reviewer."""
        with self._store.database.writing() as session:
            seating.assign(session, self.user, identifier, reviewer)

    def conflicts(self, panel: int | None = None) -> tuple[judging.Conflict, ...]:
        """Return the unsettled conflicts."""
        with self._store.database.reading() as session:
            return seating.conflicts(session, self.user, panel)

    def facets(self) -> Facets:
        """Return the jurisdictions and industries that occur in what this user may see."""
        with self._store.database.reading() as session:
            return queue.facets(session, self.user)

    def reviewers(self) -> tuple[str, ...]:
        """Return the names to whom submissions can be given."""
        with self._store.database.reading() as session:
            return seating.reviewers(session, self.user)

    def seats(self, identifier: str) -> seating.Seats:
        """Return who reviews a submission, and whether this user may settle it."""
        with self._store.database.reading() as session:
            return seating.seats(session, self.user, identifier)

    def recommended(self, panel: int) -> tuple[submissions.Opened, ...]:
        """Return what the panel recommends, lowest risk first."""
        with self._store.database.reading() as session:
            identifiers = seating.recommended(session, self.user, panel)
            return tuple(submissions.open_for(session, self.user, i) for i in identifiers)

    def agreement(self, panel: int, what: str = "opinions") -> Agreement:
        """Return how far the panel agrees."""
        with self._store.database.reading() as session:
            return seating.panel_agreement(session, self.user, panel, what)

    def drift(self, panel: int) -> seating.Drift:
        """Return how often first opinions were changed."""
        with self._store.database.reading() as session:
            return seating.drift(session, self.user, panel)

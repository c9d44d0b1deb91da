"""Where what was left out of a conversation can be read again: redacted, bounded, expiring."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

from tokenpak.errors import StoreError
from tokenpak.redact import redact

# Bounds the work of a prune, which looks at every file.
MAX_FILES = 10_000
# A prune makes room for a while, so that not every put has to prune again.
_ROOM = 1 / 16
_PRUNE_EVERY_S = 3600.0
# So long what was there counts as there, and what was gone is not asked for again.
_LOOK_EVERY_S = 60.0
_TEMPORARY_MAX_AGE_S = 3600.0
_ID = re.compile(r"[0-9a-f]{16}")
_NAMED = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_NAME = re.compile(r"[0-9a-f]{16}\.txt")
_TEMPORARY = re.compile(r"\.raw-\w+\.tmp")
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

# Tools of agents that can open a local file or run a command; lower case, letters and digits only.
_READERS = frozenset(
    "bash bashtool cat containerexec exec execbash execcommand executebash executecommand "
    "executeipythoncell executescript executeshell executeterminalcommand fileread "
    "filesystemread fsread localshell localshellcall openfile powershell pythonrepl read "
    "readfile readfilelines readfiles readmanyfiles readmultiplefiles readtextfile readtool "
    "runbash runbashcommand runcmd runcommand runinterminal runscript runshell "
    "runshellcommand runterminal runterminalcmd runterminalcommand shell shellcommand "
    "shellexec shelltool startprocess strreplacebasededittool strreplaceeditor terminal "
    "terminalcommand texteditor unifiedexec view viewfile".split()
)
# What may stand before such a name: groups of an agent's own tools, and MCP servers that by their
# name work on this machine. Others may run anywhere: on a server, in a container, behind SSH.
_HERE = frozenset(
    "acp bash cli command commands console container defaultapi desktopcommander filesystem fs "
    "functions iterm iterm2 localshell powershell shell terminal windowscli windowscommandline "
    "zsh".split()
)


def raw_path(folder: str, content: str) -> str:
    """The file in *folder* that holds *content*: it follows from the content alone."""
    digest = sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{folder}/{digest[:16]}.txt"


def names_kept(words: str) -> bool:
    """Whether *words*, of a tool call, name what may be kept: by its file, or only by its id."""
    return _NAMED.search(words) is not None


@dataclass(frozen=True, slots=True)
class Stats:
    """What a store holds; `oldest` is seconds since the epoch, None where it is empty."""

    files: int
    bytes: int
    max_bytes: int
    max_age_s: float
    oldest: float | None


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    bytes: int
    kept: float


class RecoveryStore:
    """A folder of texts, each under an id that follows from its original content.

    At most *max_bytes* and MAX_FILES are kept, none longer than *max_age_s* after its last put.
    Several processes may share the folder; each then sees the others' files when it prunes.
    """

    def __init__(
        self,
        folder: Path,
        max_bytes: int,
        max_age_s: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._clock = clock
        self._lock = Lock()
        self._held = (0, 0)  # files and bytes after the last prune, and what was put since
        self._put_since = 0
        self._pruned: float | None = None
        self._looked: dict[str, float] = {}

    def path_of(self, content: str) -> Path:
        """The file that holds *content* once it is put; nothing is read or written here."""
        return Path(raw_path(str(self._folder), content))

    def put(self, content: str) -> Path:
        """Keep *content*, its secrets taken out; of what is kept already, only the time changes.

        Raises StoreError if it cannot be kept; whoever left it out must then send it whole.
        """
        path = self.path_of(content)
        try:
            if self._refreshed(path):
                return path
            # Markers name lines of the original.
            data = redact(content, keep_lines=True).encode("utf-8", "surrogatepass")
            if len(data) > self._max_bytes:
                raise StoreError(
                    f"{path}: {len(data)} bytes are more than the {self._max_bytes} that all raw "
                    "outputs may take; raise recovery_mb"
                )
            with self._lock:
                self._make_room(len(data))
                self._write(path, data)
        except OSError as error:
            raise StoreError(f"{path}: cannot keep a raw output: {error}") from error
        return path

    def refresh(self, ids: Iterable[str]) -> bool:
        """Let what *ids* name be kept anew, as it is still named; whether nothing of it is gone.

        Each is looked at once a minute at most: what is gone is told once, and may be put again.
        """
        now = self._clock()
        due = [id for id in ids if not 0 <= now - self._looked.get(id, now + 1) < _LOOK_EVERY_S]
        if len(self._looked) > MAX_FILES:
            self._looked.clear()
        gone = False
        for id in due:
            self._looked[id] = now
            try:
                gone |= not self._refreshed(self._folder / f"{id}.txt")
            except OSError:
                continue  # it is there, and whoever made it alone may change its time
        return not gone

    def get(self, id: str) -> str | None:
        """The redacted text under *id*; None if there is none, it expired or *id* is malformed."""
        if not _ID.fullmatch(id):
            return None
        try:
            number = os.open(self._folder / f"{id}.txt", os.O_RDONLY | _NO_FOLLOW)
        except OSError:
            return None
        with open(number, "rb") as file:
            found = os.fstat(number)
            if not stat.S_ISREG(found.st_mode) or self._is_expired(found.st_mtime):
                return None
            return file.read().decode("utf-8", "surrogatepass")

    def prune(self) -> int:
        """Remove what expired, then the oldest beyond the limits; how many files that were."""
        with self._lock:
            return self._prune(self._max_bytes, MAX_FILES)

    def stats(self) -> Stats:
        """How many files and bytes are kept, and the limits."""
        files = list(self._files())
        oldest = min((each.kept for each in files), default=None)
        total = sum(each.bytes for each in files)
        return Stats(len(files), total, self._max_bytes, self._max_age_s, oldest)

    def _is_expired(self, kept: float) -> bool:
        return kept + self._max_age_s < self._clock()

    def _refreshed(self, path: Path) -> bool:
        """Whether *path* is there; its time is now the present."""
        try:
            found = path.lstat()
        except FileNotFoundError:
            return False
        # A crash of the machine can leave a file empty whose rename was written first.
        if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
            return False
        try:
            self._touch(path)
        except FileNotFoundError:  # another process pruned it meanwhile
            return False
        return True

    def _touch(self, path: Path) -> None:
        now = self._clock()
        os.utime(path, (now, now), follow_symlinks=os.utime not in os.supports_follow_symlinks)

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)
        # mkstemp makes a new file with mode 0600 and never follows a link; replace does neither.
        number, name = tempfile.mkstemp(".tmp", ".raw-", self._folder)
        temporary = Path(name)
        try:
            with open(number, "wb") as file:
                file.write(data)
            self._touch(temporary)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        files, total = self._held
        self._held = (files + 1, total + len(data))
        self._put_since += len(data)

    def _make_room(self, wanted: int) -> None:
        """Prune if *wanted* more bytes would pass a limit, or it was long ago."""
        files, total = self._held
        due = (
            self._pruned is None
            or not 0 <= self._clock() - self._pruned < _PRUNE_EVERY_S
            or self._put_since > self._max_bytes * _ROOM
            or total + wanted > self._max_bytes
            or files >= MAX_FILES
        )
        if due:
            room = 1 - _ROOM
            self._prune(
                min(int(self._max_bytes * room), self._max_bytes - wanted), int(MAX_FILES * room)
            )

    def _prune(self, max_bytes: int, max_files: int) -> int:
        now = self._clock()
        files = sorted(self._files(), key=lambda each: (-each.kept, each.path.name))
        kept = total = 0
        for each in files:
            fits = kept < max_files and total + each.bytes <= max_bytes
            if not fits or self._is_expired(each.kept):
                break
            kept, total = kept + 1, total + each.bytes
        for each in files[kept:]:
            each.path.unlink(missing_ok=True)
        for each in self._files(_TEMPORARY):
            if each.kept + _TEMPORARY_MAX_AGE_S < now:
                each.path.unlink(missing_ok=True)
        self._held, self._put_since, self._pruned = (kept, total), 0, now
        return len(files) - kept

    def _files(self, name: re.Pattern[str] = _NAME) -> Iterator[_File]:
        """The regular files of ours; what else lies in the folder is left alone."""
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                if name.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        yield _File(Path(entry.path), found.st_size, found.st_mtime)


def is_recoverable_by(tools: Sequence[str]) -> bool:
    """Whether one of *tools*, by name, can read a local file or run a command."""
    return any(_reads(each) for each in tools)


def _reads(tool: str) -> bool:
    """Whether *tool* is in the table, whatever its case and underscores, and works here."""
    *space, own = re.split(r"__|[./:]", tool)
    return _letters(own) in _READERS and (not space or _server(space[-1]) in _HERE)


def _server(name: str) -> str:
    """The name of an MCP server without the words that say that it is one."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return "".join(each for each in words if each not in ("mcp", "server"))


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def raw_output_response(store: RecoveryStore, id: str) -> tuple[int, dict[str, object]]:
    """Status and body for `GET /api/context/rtk/raw-output/{id}`."""
    if not _ID.fullmatch(id):
        message = f"{id[:64]!r} is no id; expected 16 hexadecimal digits as a marker names them"
        return 400, {"error": {"message": message}}
    text = store.get(id)
    if text is None:
        return 404, {"error": {"message": f"no raw output {id}; it never was kept, or expired"}}
    size = len(text.encode("utf-8", "surrogatepass"))
    return 200, {"id": id, "bytes": size, "redacted": True, "text": text}

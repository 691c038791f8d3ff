#!/usr/bin/env python3
"""Real MySQL-family servers for tests, started from the folder that ci/setup filled.

In a test:

    with lab.start("mysql56", "--log-bin", "--server-id=7") as server:
        server.query("SELECT @@server_id")          # as root, by the socket
        run(["migdoctor", "check", "--source", server.uri])    # lab/lab over TCP

A server that is not there skips the test. Everything started is stopped when the process ends, by
its recorded pid and start time, also after an exception, SIGTERM or SIGINT.

At a desk:

    tests/lab/lab.py start mariadb1011 --log-bin --server-id=7
    tests/lab/lab.py list
    tests/lab/lab.py stop ID|all
"""

import argparse
import atexit
import contextlib
import fcntl
import json
import os
import pwd
import re
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import protocol  # noqa: E402 (found beside this file)

# Counts the ways in which pristine data folders were made: one of another recipe is made anew.
RECIPE = 1
START_SECONDS = 60
# sun_path holds 108 bytes with the NUL.
SOCKET_PATH_MAX = 107


class LabError(Exception):
    """A server could not be started or used."""


class Missing(unittest.SkipTest):
    """ci/setup could not fetch the server: the test is skipped."""


# --- folders --------------------------------------------------------------------------------------


def lab_folder():
    """Where the servers are unpacked; the same rule as in ci/setup."""
    chosen = os.environ.get("MIGDOCTOR_LAB")
    if chosen:
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/cache/migdoctor-lab")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(cache) / "migdoctor-lab"


def state_folder():
    """Where the running servers of this user, or of this test run, are recorded."""
    chosen = os.environ.get("MIGDOCTOR_LAB_STATE")
    if chosen:
        return Path(chosen)
    base = tempfile.gettempdir()
    if len(base) > 40:
        base = "/tmp"
    folder = Path(base) / f"migdoctor-lab-{os.geteuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise LabError(f"{folder} belongs to somebody else; set MIGDOCTOR_LAB_STATE")
    return folder


def server_account():
    """The uid and gid that servers run as: they refuse root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def own(folder):
    account = server_account()
    if account:
        os.chown(folder, *account)


# --- kinds ----------------------------------------------------------------------------------------


class Kind:
    """One product and version: how it is run and how its first data folder is made."""

    title = ""
    tree = ""
    options = ()

    def __init__(self, name):
        self.name = name

    @property
    def folder(self):
        return lab_folder() / self.name

    @property
    def binary(self):
        return self.folder / self.tree

    def is_there(self):
        return self.binary.exists()

    def command(self):
        return [str(self.binary)]

    def environment(self):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def init(self, data):
        """Fills an empty data folder."""
        raise NotImplementedError

    def unpacked(self, *libraries):
        """The command of a server that was unpacked with its own libc and loader."""
        path = ":".join(str(self.folder / library) for library in libraries)
        loader = next(
            str(self.folder / library / "ld-linux-x86-64.so.2")
            for library in libraries
            if (self.folder / library / "ld-linux-x86-64.so.2").exists()
        )
        return [loader, "--library-path", path, str(self.binary)]

    def run(self, arguments, sql=None):
        """Runs the server program to its end, in the foreground."""
        account = server_account()
        who = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
        done = subprocess.run(
            self.command() + ["--no-defaults", *arguments],
            input=sql, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment(),
            cwd="/", timeout=START_SECONDS * 2, check=False, **who,
        )
        if done.returncode != 0:
            raise LabError(f"{self.name}: making its data folder failed:\n"
                           + done.stdout.decode(errors="replace")[-3000:])

    def bootstrap(self, data, share, scripts):
        """Feeds the product's own scripts to --bootstrap, as its install script does."""
        (data / "mysql").mkdir()
        own(data / "mysql")
        lines = ["USE mysql;"]
        for script in scripts:
            text = (share / script).read_text(encoding="utf-8", errors="surrogateescape")
            lines += [line for line in text.splitlines() if "@current_hostname" not in line]
        sql = "\n".join(lines) + "\n"
        self.run(
            [*self.options, f"--datadir={data}", "--bootstrap", "--log-warnings=0",
             f"--tmpdir={data}"],
            sql.encode("utf-8", "surrogateescape"),
        )


class Mariadb(Kind):
    tree = "usr/sbin/mariadbd"

    def command(self):
        return self.unpacked("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")

    @property
    def share(self):
        return self.folder / "usr/share/mysql"

    @property
    def options(self):
        return (
            f"--basedir={self.folder / 'usr'}", f"--lc-messages-dir={self.share}",
            f"--character-sets-dir={self.share / 'charsets'}",
            f"--plugin-dir={self.folder / 'usr/lib/mysql/plugin'}",
            "--innodb-use-native-aio=0", "--innodb-log-file-size=8M",
            "--innodb-buffer-pool-size=32M", "--innodb-doublewrite=0", "--aria-log-file-size=8M",
        )

    def init(self, data):
        self.bootstrap(data, self.share, (
            "mysql_system_tables.sql", "mysql_performance_tables.sql",
            "mysql_system_tables_data.sql",
        ))


class Mysql56(Kind):
    tree = "package/server/mysqld"

    def environment(self):
        return {**super().environment(), "LD_LIBRARY_PATH": str(self.binary.parent)}

    @property
    def share(self):
        return self.folder / "package/server/share"

    @property
    def options(self):
        return (
            f"--basedir={self.folder / 'package/server'}", f"--lc-messages-dir={self.share}",
            f"--character-sets-dir={self.share / 'charsets'}", "--innodb-use-native-aio=0",
            "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=32M", "--innodb-doublewrite=0",
            "--performance-schema=OFF", "--explicit-defaults-for-timestamp=1",
        )

    def init(self, data):
        self.bootstrap(data, self.share, (
            "mysql_system_tables.sql", "mysql_system_tables_data.sql",
        ))


class Mysql97(Kind):
    tree = "usr/sbin/mysqld"

    def command(self):
        return self.unpacked("usr/lib/x86_64-linux-gnu")

    @property
    def options(self):
        share = self.folder / "usr/share/mysql"
        return (
            f"--basedir={self.folder / 'usr'}", f"--lc-messages-dir={share}",
            f"--character-sets-dir={share / 'charsets'}",
            f"--plugin-dir={self.folder / 'usr/lib/mysql/plugin'}", "--mysqlx=OFF",
            "--secure-file-priv=NULL",
            "--innodb-use-native-aio=0", "--innodb-redo-log-capacity=8M",
            "--innodb-buffer-pool-size=32M", "--innodb-doublewrite=0", "--performance-schema=OFF",
        )

    def init(self, data):
        self.run([*self.options, f"--datadir={data}", "--initialize-insecure", "--skip-log-bin"])


KINDS = {
    "mariadb1011": Mariadb("mariadb1011"),
    "mysql56": Mysql56("mysql56"),
    "mysql97": Mysql97("mysql97"),
}

ACCOUNTS = (
    # 5.6 and MariaDB make anonymous accounts, which would hide lab@'%' from localhost.
    "DELETE FROM mysql.db WHERE User = ''",
    "FLUSH PRIVILEGES",
    "CREATE USER 'lab'@'%' IDENTIFIED BY 'lab'",
    "GRANT ALL PRIVILEGES ON *.* TO 'lab'@'%' WITH GRANT OPTION",
)


def prepare_accounts(server):
    for user, host in server.query("SELECT User, Host FROM mysql.user"):
        if user == "" or (user == "root" and host != "localhost"):
            server.query(f"DROP USER '{user}'@'{host}'")
    for statement in ACCOUNTS:
        server.query(statement)


def pristine(kind):
    """The data folder that every start copies; made at the first start of a kind."""
    home = lab_folder()
    if not os.access(home, os.W_OK):
        home = state_folder()
    folder = home / f"pristine-{kind.name}-{RECIPE}-{os.geteuid()}"
    if folder.exists():
        return folder
    with open(home / f".lock-{kind.name}", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        part = Path(tempfile.mkdtemp(prefix=".pristine-", dir=home))
        part.chmod(0o755)
        try:
            data = part / "data"
            data.mkdir()
            own(data)
            kind.init(data)
            server = _start(kind, ["--skip-log-bin"], False, data)
            try:
                prepare_accounts(server)
                server.end_gently()
                # With it every copy would have the same server_uuid.
                (server.data / "auto.cnf").unlink(missing_ok=True)
                shutil.rmtree(data)
                os.rename(server.data, folder) if _same_device(server.data, home) else \
                    _copy(server.data, folder)
            finally:
                server.stop()
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return folder


def _same_device(one, other):
    return os.stat(one).st_dev == os.stat(other).st_dev


def _copy(source, target):
    part = f"{target}.part"
    subprocess.run(["cp", "-a", "--sparse=always", str(source), part], check=True)
    os.rename(part, target)


# --- processes ------------------------------------------------------------------------------------


def start_time(pid):
    """The start time of a process in ticks since boot; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[19])


def end_process(pid, started, sig=signal.SIGKILL, seconds=30):
    """Signals the process that has this pid and this start time, and waits for its end."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        # The handle holds the process: what has this start time now is what gets the signal.
        if start_time(pid) != started:
            return True
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, sig)
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


@contextlib.contextmanager
def no_signals():
    """Between the start of a server and its record no signal may come."""
    blocked = signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield lambda: signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


_running = []
_owner = None


def _stop_at_exit():
    if os.getpid() == _owner:
        stop_all_of_this_process()


def stop_all_of_this_process():
    while _running:
        _running[-1].stop()


def _watch_process():
    """Sees to it that an end of this process, other than by SIGKILL, stops its servers."""
    global _owner
    if _owner == os.getpid():
        return
    _owner = os.getpid()
    _running.clear()
    atexit.register(_stop_at_exit)
    for sig in (signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(ValueError):  # not the main thread
            if signal.getsignal(sig) == signal.SIG_DFL:
                signal.signal(sig, lambda number, _frame: sys.exit(128 + number))


def keep(started):
    """Sees to it that started.stop() is called when this process ends."""
    _watch_process()
    _running.append(started)


def forget(stopped):
    """Takes back keep()."""
    if stopped in _running:
        _running.remove(stopped)


# --- a server -------------------------------------------------------------------------------------


class Server:
    """A running server. `port`, `socket`, `uri`, `id`, `folder`, `data`, `pid`."""

    def __init__(self, kind, folder):
        self.kind = kind
        self.id = folder.name
        self.folder = folder
        self.data = folder / "data"
        self.socket = str(folder / "s")
        self.log_file = folder / "error.log"
        self.general_log_file = None
        self.port = None
        self.pid = None
        self.started = None
        self.process = None
        self.options = []

    @property
    def uri(self):
        return f"mysql://lab@127.0.0.1:{self.port}"

    @property
    def socket_uri(self):
        return f"mysql://lab@localhost?socket={self.socket}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def connect(self, user="root", password=""):
        return protocol.Client(self.socket, user, password)

    def query(self, sql, user="root", password=""):
        """Runs a statement on a connection of its own, by the socket; returns its rows."""
        with self.connect(user, password) as client:
            return client.query(sql)

    def statements(self):
        """What the general log holds, as (connection, command, text); needs general_log=True."""
        entries = []
        head = re.compile(r"(?:\d\S*(?: +\d\S*)?)?\t+ *(\d+) ([A-Z][A-Za-z]*(?: [A-Za-z]+)*)\t(.*)")
        text = self.general_log_file.read_text(encoding="utf-8", errors="surrogateescape")
        for line in text.splitlines():
            match = head.fullmatch(line)
            if match:
                entries.append([int(match[1]), match[2], match[3]])
            elif entries:
                entries[-1][2] += "\n" + line
        return [tuple(entry) for entry in entries]

    def restart(self, *options):
        """Stops gently and starts again on the same data, with other options."""
        self.end_gently()
        self.options = list(options)
        self._spawn()
        self._wait_ready()

    def end_gently(self):
        if not end_process(self.pid, self.started, signal.SIGTERM):
            raise LabError(f"{self.id} did not stop within 30 seconds")
        self._reap()

    def stop(self):
        """Ends the process at once and removes its folder: nothing of a throwaway is kept."""
        if self.pid is not None:
            end_process(self.pid, self.started)
            self._reap()
        forget(self)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reap(self):
        if self.process is not None:
            self.process.wait()
            self.process = None

    def _command(self):
        options = [
            "--no-defaults", *self.kind.options, f"--datadir={self.data}",
            f"--socket={self.socket}", f"--port={self.port}", "--bind-address=127.0.0.1",
            f"--pid-file={self.folder / 'pid'}", f"--log-error={self.log_file}",
            f"--tmpdir={self.folder / 'tmp'}",
            # Nothing needs to last.
            "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0",
        ]
        if self.general_log_file is not None:
            options += ["--general-log=1", f"--general-log-file={self.general_log_file}"]
        return self.kind.command() + options + self.options

    def _spawn(self):
        self.port = free_port()
        account = server_account()
        who = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
        with no_signals() as unblock:
            # pylint: disable-next=consider-using-with,subprocess-popen-preexec-fn
            self.process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=self.kind.environment(), cwd="/",
                start_new_session=True, preexec_fn=unblock, **who,
            )
            self.pid = self.process.pid
            self.started = start_time(self.pid)
            self._record()

    def _record(self):
        record = {"kind": self.kind.name, "pid": self.pid, "started": self.started,
                  "port": self.port}
        part = self.folder / "record.part"
        part.write_text(json.dumps(record), encoding="ascii")
        part.rename(self.folder / "record.json")

    def _wait_ready(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                self.connect().close()
                return
            except (OSError, protocol.ServerError):
                time.sleep(0.02)
        raise LabError(f"{self.id} does not start with {' '.join(self.options)}:\n"
                       + self.error_log_end())

    def error_log_end(self):
        if not self.log_file.exists():
            return "(it wrote no log)"
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        errors = [line for line in lines if "ERROR" in line]
        return "\n".join(errors[-10:] or lines[-20:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(kind, options, general_log, source):
    state = state_folder()
    folder = state / f"{kind.name}-{secrets.token_hex(3)}"
    if len(str(folder / "s")) > SOCKET_PATH_MAX:
        raise LabError(f"{folder} is too long a path for a socket; set MIGDOCTOR_LAB_STATE")
    server = Server(kind, folder)
    server.options = list(options)
    keep(server)
    try:
        folder.mkdir(mode=0o755)
        own(folder)
        (folder / "tmp").mkdir()
        own(folder / "tmp")
        subprocess.run(["cp", "-a", "--sparse=always", str(source), str(server.data)], check=True)
        if general_log:
            server.general_log_file = folder / "general.log"
        for attempt in range(3):
            server._spawn()
            try:
                server._wait_ready()
                return server
            except LabError:
                # Somebody took the port between its choice and its use.
                if attempt == 2 or "ddress already in use" not in server.error_log_end():
                    raise
                server._reap()
        return server
    except BaseException:
        server.stop()
        raise


def require(name):
    """The kind of this name, or the test is skipped."""
    if name not in KINDS:
        raise LabError(f"no kind {name}; there are {', '.join(KINDS)}")
    kind = KINDS[name]
    if not kind.is_there():
        raise Missing(f"no {name} server in {lab_folder()} (ci/setup test fetches it)")
    return kind


def start(name, *options, general_log=False):
    """Starts a server with a fresh data folder and the options given, and waits until it answers."""
    kind = require(name)
    return _start(kind, options, general_log, pristine(kind))


def query(server, sql):
    """As Server.query, for tests that read better so."""
    return server.query(sql)


# --- the command ----------------------------------------------------------------------------------


def records():
    """The recorded servers: pairs of folder and record; a half-made one has no record yet."""
    for folder in sorted(state_folder().iterdir()):
        with contextlib.suppress(OSError, ValueError):
            yield folder, json.loads((folder / "record.json").read_text(encoding="ascii"))


def command_start(arguments, options):
    server = start(arguments.kind, *options, general_log=arguments.general_log)
    forget(server)
    print(server.uri)
    print(server.id)
    if server.general_log_file:
        print(server.general_log_file)
    return 0


def command_list(_arguments, _options):
    for folder, record in records():
        alive = start_time(record["pid"]) == record["started"]
        print(f"{folder.name}\tmysql://lab@127.0.0.1:{record['port']}\t{folder / 's'}\t"
              f"{'running' if alive else 'ended'}")
    return 0


def stop_recorded(which):
    """Stops the recorded server of this id, or all of them; returns the ids of those stopped."""
    stopped = []
    for folder, record in records():
        if which in ("all", folder.name):
            stopped.append(folder.name)
            end_process(record["pid"], record["started"])
            shutil.rmtree(folder, ignore_errors=True)
    return stopped


def command_stop(arguments, _options):
    if stop_recorded(arguments.id) or arguments.id == "all":
        return 0
    print(f"lab.py: no server {arguments.id}; tests/lab/lab.py list shows them", file=sys.stderr)
    return 1


def main():
    parser = argparse.ArgumentParser(
        prog="tests/lab/lab.py", description="Throwaway database servers. Password of lab: lab.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("start", help="start one; further options go to the server")
    verb.add_argument("kind", choices=KINDS)
    verb.add_argument("--general-log", action="store_true", help="log every statement to a file")
    verb.set_defaults(run=command_start)
    verb = verbs.add_parser("list", help="what runs: id, URI, socket, state")
    verb.set_defaults(run=command_list)
    verb = verbs.add_parser("stop", help="stop one, or all of this user")
    verb.add_argument("id")
    verb.set_defaults(run=command_stop)
    arguments, options = parser.parse_known_args()
    if options and arguments.verb != "start":
        parser.error(f"unknown argument {options[0]}")
    try:
        return arguments.run(arguments, options)
    except (LabError, Missing) as problem:
        print(f"lab.py: {problem}", file=sys.stderr)
        return 69


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""A whole OMS to break: real supervisord and MetaDB, simulated CM, console and Supervisor agent.

In a test:

    class Health(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.oms = oms.start()
            cls.addClassCleanup(cls.oms.stop)

        def tearDown(self):
            self.oms.reset()

        def test_stopped_agent(self):
            self.oms.stop_program("oms_drc_supervisor")
            done = migdoctor("check", "--plan", self.oms.plan(), env=self.oms.env)

Everything started ends with the test's process, as lab.py's servers do. See class Oms.

At a desk, `tests/lab/oms.py` starts one, prints its plan, and holds it until Ctrl-C.
"""

import contextlib
import http.client
import http.server
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import xmlrpc.client
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import lab  # noqa: E402 (found beside this file)
import oms_console  # noqa: E402
import oms_files  # noqa: E402
import oms_http  # noqa: E402
import oms_services  # noqa: E402
import protocol  # noqa: E402
from oms_console import ago  # noqa: E402

SERVICES = {"cm": oms_services.Cm, "console": oms_services.Console, "agent": oms_services.Agent}
# supervisord's programs as `supervisorctl status` of a healthy OMS lists them (V4.2.2, "Check the
# deployment"), and the role that each plays here: nginx only sleeps.
PROGRAMS = {"nginx": None, "oms_console": "console", "oms_drc_cm": "cm",
            "oms_drc_supervisor": "agent", "sshd": "sshd"}
# Below the ports that the kernel gives to clients, and clear of those that OMS uses itself.
PORTS = range(20000, 31999)
WAIT_SECONDS = 20


# --- programs under supervisord -------------------------------------------------------------------

# A program ends with supervisord, however that ends.
BOUND = "/usr/bin/setpriv --pdeathsig KILL --"
NEVER = 1 << 30
ENDED = ("STOPPED", "EXITED", "FATAL")

# How a program comes to be in a state: what its ini says otherwise, and what is done then.
FATES = {
    "RUNNING": {},
    "STOPPED": {"then": "stop"},
    "EXITED": {"command": "/bin/sh -c 'exit 1'"},
    "FATAL": {"command": "/bin/sh -c 'exit 1'", "startsecs": 10},
    # A command that is not there never gets as far as STARTING, so that the state stands still.
    "BACKOFF": {"command": "/nonexistent/oms", "startsecs": 10, "startretries": NEVER},
    "STARTING": {"startsecs": NEVER},
    "STOPPING": {"command": f"{BOUND} /bin/sh -c 'trap \"\" TERM; exec sleep {NEVER}'",
                 "stopwaitsecs": NEVER, "then": "begin_stop"},
    "ABSENT": {"then": "remove"},
}


class UnixTransport(xmlrpc.client.Transport):
    """XML-RPC over a unix socket."""

    def __init__(self, path, user, password):
        headers = [("Authorization", oms_console.basic(user, password))] if user else []
        super().__init__(headers=headers)
        self.path = path

    def make_connection(self, host):
        connection = http.client.HTTPConnection(host, timeout=WAIT_SECONDS)
        self._connection = host, connection
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(WAIT_SECONDS)
        connection.sock.connect(self.path)
        return connection

    def request(self, *words, **more):
        """Each question has a connection of its own: supervisord may be another by the next."""
        try:
            return super().request(*words, **more)
        finally:
            self.close()


class Supervisord:
    """The real one, with the five programs of an OMS."""

    def __init__(self, oms, login):
        self.oms = oms
        self.folder = oms.folder
        self.socket = str(oms.folder / "s")
        self.port = oms.ports["supervisord"]
        self.login = login
        self.fates = {}
        self.process = None
        self.pid = None
        self.started = None

    @property
    def rpc(self):
        user, password = self.credentials("unix")
        return xmlrpc.client.ServerProxy(
            "http://localhost/RPC2", UnixTransport(self.socket, user, password),
            allow_none=True).supervisor

    def credentials(self, server):
        if self.login in (server, "both"):
            return "supervisor", self.oms.supervisord_password
        return None, None

    def values(self, name, fate="RUNNING"):
        """The program's ini. startretries and autorestart are those of a real OMS or stricter, so
        that a program that has gone stays gone; with startsecs 0 it is RUNNING at once."""
        log = self.folder / "log" / f"{name}.log"
        different = {key: value for key, value in FATES[fate].items() if key != "then"}
        return {"command": self.command(name), "autostart": "true", "autorestart": "false",
                "startsecs": 0, "startretries": 0, "stopwaitsecs": 5, "redirect_stderr": "true",
                "stdout_logfile": log, "directory": "/", **different}

    def command(self, name):
        role = PROGRAMS[name]
        if role is None:
            return f"{BOUND} /bin/sleep {NEVER}"
        return f"{BOUND} {self.oms.service_command(role)}"

    def write_ini(self, name, fate="RUNNING"):
        text = oms_files.program_ini(name, self.values(name, fate))
        (self.folder / "conf.d" / f"{name}.ini").write_text(text, encoding="ascii")
        self.fates[name] = fate

    def start(self, environment):
        for name in PROGRAMS:
            self.write_ini(name)
        text = oms_files.SUPERVISORD.format(
            folder=self.folder, socket=self.socket, port=self.port,
            user="user=root\n" if os.geteuid() == 0 else "",
            unix_login=oms_files.login_lines(*self.credentials("unix")),
            inet_login=oms_files.login_lines(*self.credentials("inet")))
        # By what it was started with its processes are known to be of this OMS and of no other that
        # runs on the machine.
        config = self.oms.root / "etc/supervisor/supervisord.conf"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(text, encoding="ascii")
        config.chmod(0o600)
        self.oms.spawn(["supervisord", "-c", str(config)], environment)

    def states(self):
        return {info["name"]: info["statename"] for info in self.rpc.getAllProcessInfo()}

    def wait(self, what, wanted, programs=tuple(PROGRAMS)):
        """Until each of the programs is in the wanted state, or is not there where that is None."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            states = {}
            # Every question wakes supervisord, which else looks at its programs once a second.
            with contextlib.suppress(OSError, http.client.HTTPException):
                states = self.states()
                if all(states.get(name) == wanted for name in programs):
                    return
            if self.process.poll() is not None or time.monotonic() > until:
                raise lab.LabError(f"{what}: {states}\n" + self.log_end())
            time.sleep(0.02)

    def log_end(self):
        log = self.folder / "log" / "supervisord.log"
        return log.read_text(encoding="utf-8", errors="replace")[-3000:] if log.exists() else ""

    def set_fate(self, name, fate):
        """Makes the program be in this state, by its ini and supervisord's own calls."""
        state = self.states().get(name)
        if state == "STOPPING":
            self.kill(name)
        before, self.fates[name] = self.fates[name], fate
        if state is None or self.values(name, fate) != self.values(name, before):
            self.write_ini(name, fate)
            self.rpc.reloadConfig()
            self.replace(name, state is not None)
        then = FATES[fate].get("then")
        if then is not None:
            self.end(name, then)
        elif fate == "RUNNING" and self.states()[name] in ENDED:
            self.rpc.startProcess(name, False)
        self.wait(f"{name} should be {fate}", None if fate == "ABSENT" else fate, [name])

    def replace(self, name, is_there):
        if is_there:
            self.stop_program(name)
            self.rpc.removeProcessGroup(name)
        self.rpc.addProcessGroup(name)

    def end(self, name, how):
        if how == "begin_stop":
            self.wait(f"{name} should start", "RUNNING", [name])
            pid = self.rpc.getProcessInfo(name)["pid"]
            until = time.monotonic() + WAIT_SECONDS
            while not ignores(pid, signal.SIGTERM) and time.monotonic() < until:
                time.sleep(0.01)
            self.rpc.stopProcess(name, False)
            return
        self.stop_program(name)
        if how == "remove":
            self.rpc.removeProcessGroup(name)

    def stop_program(self, name):
        """Without waiting in supervisord, which would see the end only a second later."""
        if self.states()[name] not in ENDED:
            self.wait_begun(name)
            self.rpc.stopProcess(name, False)
        until = time.monotonic() + WAIT_SECONDS
        while self.states()[name] not in ENDED:
            if time.monotonic() > until:
                raise lab.LabError(f"{name} does not stop\n" + self.log_end())
            time.sleep(0.01)

    def wait_begun(self, name):
        """Until the program is itself: a fork of supervisord that has not come to its exec yet
        loses a SIGTERM, and would be killed only after stopwaitsecs."""
        pid = self.rpc.getProcessInfo(name)["pid"]
        until = time.monotonic() + WAIT_SECONDS
        while pid and command_line(pid) == command_line(self.pid) and time.monotonic() < until:
            time.sleep(0.005)

    def kill(self, name):
        """Ends a program that does not heed SIGTERM, by the pid that supervisord has of it."""
        pid = self.rpc.getProcessInfo(name)["pid"]
        started = lab.start_time(pid)
        if started is not None and pid in children(self.pid):
            lab.end_process(pid, started)
        self.wait(name, "STOPPED", [name])

    def stop(self):
        if self.pid is None:
            return
        programs = [(pid, lab.start_time(pid)) for pid in children(self.pid)]
        lab.end_process(self.pid, self.started)
        for pid, started in programs:
            if started is not None:
                lab.end_process(pid, started)
        self.process.wait()
        self.pid = None
        Path(self.socket).unlink(missing_ok=True)


def children(pid):
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None


def ignores(pid, sig):
    """Whether the process has come so far as to ignore the signal."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("SigIgn:"):
                return bool(int(line.split()[1], 16) >> (sig - 1) & 1)
    return False


class Loose:
    """The services alone in one process, without a supervisord. They end as one."""

    def __init__(self, oms):
        self.oms = oms
        self.process = None
        self.pid = None
        self.started = None

    def start(self, environment):
        words = self.oms.service_command(*filter(None, PROGRAMS.values())).split()
        self.oms.spawn(words, environment)

    def stop(self):
        if self.pid is not None:
            lab.end_process(self.pid, self.started)
            self.process.wait()
            self.pid = None


# --- where redirects lead -------------------------------------------------------------------------


class Trap:
    """A port of the test's own that nobody should ask. `followed` is what asked all the same."""

    def __init__(self):
        self.followed = []
        trap = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Remembers, and gives an answer that would please."""

            def answer(self):
                trap.followed.append(self.requestline)
                body = b'{"isSuccess":true,"success":true,"data":{"healthy":true}}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, format, *args):  # pylint: disable=redefined-builtin
                """It is in `followed`."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/followed"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# --- the whole ------------------------------------------------------------------------------------


class Oms:
    """A running OMS. Made by start(); a context manager.

    What it is
        ports          cm, console, ghana (the console's other port), agent, sshd, supervisord
        cm_url, console_url, agent_url, supervisord_url (unix), supervisord_inet_url
        host_ip, ips   its own address, and those of all nodes
        metadb         lab.Server: .port, .query(), .socket; databases oms_rm, oms_cm,
                       oms_cm_heartbeat; the account oms_meta may read them and nothing else
        root           the folder that stands for / of its container
        store_name, subtopic, connector_name, project_id     of its one project
        env            the passwords that a plan names, for the environment of migdoctor
        secrets        every secret there is, also as Basic sign-ins: none may be in an output;
                       leaks(text) says which are

    For migdoctor
        plan_text(**changes), plan(**changes)    changes are to the map `oms`; None takes a key away
        config(**changes)    writes config.yaml with changes; None takes a key away
        limits(cpu=, memory=, disk=)    writes drc-cm.properties with these shares as thresholds
        write_file(path, text), append_file(path, text), remove_file(path)    below root

    To break it, each until reset()
        stop_program(name), start_program(name), set_program(name, STATE), program_states()
                       STATE: RUNNING STOPPED EXITED FATAL BACKOFF STARTING STOPPING ABSENT
        restart(host_ip_env=...)    supervisord anew, OMS_HOST_IP being another; None: not set
        sql(statement)    on the MetaDB, as root
        hold_heartbeat(*ips), age_heartbeat(seconds, *ips)    without ips: of every node
        misbehave(service, kind, **options), behave(service)
        set_projects([...]), console(healthy=False, as_printed=True, ...)     see oms_console.py
        add_store(name, begin=ago(3600), end=ago(1), **fields), remove_store(name)
        add_connector(name, state="running", config={...}), connector(name), connectors()

    What it was asked
        requests(service), writes(), connections(service), followed

    misbehave(service, kind, on="all", nth=None, match="", act=False, **options)
        service        cm, console, agent; supervisord and metadb know "hang" (and metadb "down",
                       after which its port is another: ask for the plan again)
        on             "all", "reads" or "writes" (requests that would change an OMS)
        nth            only the Nth such request from now on, so that it happens once
        match          only requests whose path and query hold this text
        act            does what was asked before it misbehaves
        kind           of the connection: down (nobody listens), refuse (reset at once)
                       of the answer: hang, cut (closed without a byte), act_and_cut (does what was
                       asked, then closed without a byte), reset, late (seconds=), drip (a byte each
                       `seconds`, 1 by default), half (the length is larger than what comes), huge
                       (10 GB), endless (chunks), endless_head, garbage (no HTTP), 500, status
                       (status=), html, not_json, empty, body (body=), redirect (to a port that
                       remembers, status=302), deep (nested 100000 times), types (leaves of other
                       types), types_top, is_success_false (errCode=, errMsg=, errorDetail=)
        Several may stand at once: the first that is for a request is taken.
    """

    def __init__(self, folder, nodes, with_supervisord, host_ip, host_ip_env, login):
        self.folder = folder
        self.id = folder.name
        self.root = folder / "root"
        self.host_ip = host_ip
        self.host_ip_env = host_ip_env
        # Of this OMS, then 127.0.0.2, ...: every one of 127.0.0.0/8 is this machine.
        self.ips = [host_ip, *(f"127.0.0.{at}" for at in range(2, nodes + 1))]
        self.user, self.meta_user = "admin", "oms_meta"
        self.console_password, self.meta_password, self.supervisord_password, \
            self.tsdb_password, self.source_password, self.sink_password = (
                f"{word}-{secrets.token_hex(6)}" for word in (
                    "console", "meta", "supervisord", "tsdb", "source", "sink"))
        self.project_id = "np_4w3lab"
        self.subtopic = f"{self.project_id}_source-000-0"
        self.store_name = f"{host_ip}-7100:{self.subtopic}:0000000007"
        self.connector_name = f"{host_ip}-9000:connector_v2:{self.project_id}" \
                              "-incr_trans-1-0:0000000001"
        self.metadb = None
        self.trap = None
        self.paused = []
        self.quiet = set()
        self.stopping = threading.Event()
        self.threads = []
        self.ports, self.reserved = pick_ports(
            "cm", "console", "ghana", "agent", "sshd", "supervisord")
        self.states = {name: oms_http.State(folder / "state" / f"{name}.json") for name in SERVICES}
        self.programs = Supervisord(self, login) if with_supervisord else Loose(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # --- addresses

    @property
    def cm_url(self):
        return f"http://{self.host_ip}:{self.ports['cm']}"

    @property
    def console_url(self):
        return f"http://{self.host_ip}:{self.ports['console']}"

    @property
    def agent_url(self):
        return f"http://{self.host_ip}:{self.ports['agent']}"

    @property
    def supervisord_url(self):
        return f"unix://{self.supervisord.socket}"

    @property
    def supervisord_inet_url(self):
        return f"http://127.0.0.1:{self.supervisord.port}"

    @property
    def supervisord(self):
        if not isinstance(self.programs, Supervisord):
            raise lab.LabError("this OMS was started without a supervisord")
        return self.programs

    @property
    def env(self):
        return {"OMS_CONSOLE_PASSWORD": self.console_password,
                "OMS_META_PASSWORD": self.meta_password}

    @property
    def secrets(self):
        passwords = [self.console_password, self.meta_password, self.supervisord_password,
                     self.tsdb_password, self.source_password, self.sink_password]
        basics = [oms_console.basic(self.user, self.console_password),
                  oms_console.basic("supervisor", self.supervisord_password)]
        return passwords + [basic.partition(" ")[2] for basic in basics]

    def leaks(self, text):
        """The secrets that stand in a text."""
        return [secret for secret in self.secrets if secret in text]

    # --- start and stop

    def begin(self):
        for name in ("state", "log", "conf.d"):
            (self.folder / name).mkdir()
        self.metadb = lab.start("mariadb1011")
        self.metadb.query(";".join(oms_files.schema_statements() + oms_files.account_statements(
            self.meta_user, self.meta_password)))
        self.heal_metadb()
        self.heal_services()
        self.heal_files()
        self.start_programs()
        thread = threading.Thread(target=self._beat_for_others, daemon=True)
        self.threads.append(thread)
        thread.start()

    def service_command(self, *roles):
        return " ".join([sys.executable, "-S", "-E", oms_services.__file__,
                         str(self.folder / "settings.json"), *roles])

    def write_settings(self):
        hosts = [host for host in dict.fromkeys(["127.0.0.1", *self.ips]) if is_own(host)]
        roles = {"cm": ["cm"], "console": ["console", "ghana"], "agent": ["agent"],
                 "sshd": ["sshd"]}
        settings = {
            "state": str(self.folder / "state"), "metadb_socket": self.metadb.socket,
            "databases": oms_files.DATABASES,
            "addresses": {role: [(host, self.ports[port]) for port in ports for host in hosts]
                          for role, ports in roles.items()},
        }
        (self.folder / "settings.json").write_text(json.dumps(settings), encoding="ascii")

    def start_programs(self):
        self.write_settings()
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                       "PYTHONDONTWRITEBYTECODE": "1"}
        if self.host_ip_env is not None:
            environment["OMS_HOST_IP"] = self.host_ip_env
        self.programs.start(environment)
        if isinstance(self.programs, Supervisord):
            self.programs.wait("supervisord does not come up", "RUNNING")
        for service in SERVICES:
            self._wait_port(service, True)

    def spawn(self, words, environment):
        """Starts a process and records it, so that it is stopped whatever happens."""
        with lab.no_signals() as unblock, \
                open(self.folder / "log" / "output", "ab") as output:
            # pylint: disable-next=consider-using-with,subprocess-popen-preexec-fn
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
                cwd="/", start_new_session=True, preexec_fn=unblock)
            programs = self.programs
            programs.process, programs.pid = process, process.pid
            programs.started = lab.start_time(process.pid)
            record = {"kind": "oms", "pid": process.pid, "started": programs.started,
                      "port": self.metadb.port}
            part = self.folder / "record.part"
            part.write_text(json.dumps(record), encoding="ascii")
            part.rename(self.folder / "record.json")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(10)
        self.threads = []
        self.programs.stop()
        if self.trap is not None:
            self.trap.close()
            self.trap = None
        if self.metadb is not None:
            self.metadb.stop()
        for sock in self.reserved:
            sock.close()
        lab.forget(self)
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self, host_ip_env=None):
        """Starts the programs anew with another OMS_HOST_IP, or with none."""
        self.programs.stop()
        self.host_ip_env = host_ip_env
        self.start_programs()

    # --- back to health

    def reset(self):
        """Undoes whatever a test did by the methods above, and forgets the requests."""
        self.resume_paused()
        self.heal_services()
        self.quiet.clear()
        if self.host_ip_env != self.host_ip:
            self.restart(self.host_ip)
        elif isinstance(self.programs, Supervisord):
            self._heal_programs()
        self.heal_metadb()
        self.heal_files()
        for service in SERVICES:
            self._wait_port(service, True)
        if self.trap is not None:
            self.trap.followed.clear()

    def _heal_programs(self):
        states = self.supervisord.states()
        for name in PROGRAMS:
            if states.get(name) != "RUNNING" or self.supervisord.fates[name] != "RUNNING":
                self.supervisord.set_fate(name, "RUNNING")

    def heal_metadb(self):
        """The tables as they were made, with fresh rows; all anew where a test took some away."""
        columns = {}
        for database, name, column in self.metadb.query(
                "SELECT table_schema, table_name, column_name FROM information_schema.columns"
                f" WHERE table_schema IN ({', '.join(map(oms_files.quoted, DATABASE_NAMES))})"
                " ORDER BY ordinal_position"):
            columns.setdefault(f"{database}.{name}", []).append(column)
        statements = [] if columns == expected_columns() else oms_files.schema_statements()
        statements += oms_files.account_statements(self.meta_user, self.meta_password)
        statements += oms_files.healthy_rows(self.ips, self.cm_url)
        self.locked_sql(*statements)

    def heal_services(self):
        for name, service in SERVICES.items():
            state = self.states[name]
            edition = state.read().get("edition", 0) + 1 if state.path.exists() else 0
            state.write({**service.default, **self._own_state(name), "rules": [],
                         "edition": edition})
            (self.folder / "state" / f"{name}.requests").write_bytes(b"")

    def _own_state(self, name):
        if name == "cm":
            return {"stores": {self.store_name: {"begin": ago(3600), "end": ago(1)}},
                    "connectors": {self.connector_name: new_connector(
                        "running", self._connector_config())}}
        if name == "console":
            return {"user": self.user, "password": self.console_password,
                    "projects": [self.healthy_project()]}
        return {}

    def healthy_project(self):
        """The one project that is there: a migration in its incremental phase."""
        return oms_console.project(
            self.project_id, stores=[oms_console.store(self.store_name)],
            incr_syncs=[oms_console.incr_sync(self.connector_name, subtopics=self.subtopic,
                                              config=self._masked_config())])

    def _connector_config(self):
        prefix = f"home/ds/run/{self.connector_name}/conf/"
        return {Path(path).stem: json.loads(text)
                for path, text in oms_files.component_files(self).items()
                if path.startswith(prefix)}

    def _masked_config(self):
        """As the console prints it: "******" for every password."""
        config = self._connector_config()
        for part in config.values():
            if "password" in part:
                part["password"] = "******"
        return config

    def heal_files(self):
        # supervisord, which goes on running, reads its own again.
        for path in self.root.glob("*"):
            if path.name != "etc":
                shutil.rmtree(path, ignore_errors=True)
        oms_files.write_root(self.root, oms_files.root_files(self))

    # --- plan and files

    def plan_values(self, **changes):
        values = {
            "cm": self.cm_url,
            "console": {"url": self.console_url, "user": self.user,
                        "password_env": "OMS_CONSOLE_PASSWORD"},
            "supervisor": self.agent_url,
            "supervisord": None,
            "metadb": {"host": "127.0.0.1", "port": self.metadb.port, "user": self.meta_user,
                       "password_env": "OMS_META_PASSWORD",
                       **{f"{name}_db": database
                          for name, database in oms_files.DATABASES.items()}},
            "config": f"/{oms_files.CONFIG}",
            "cm_properties": f"/{oms_files.CM_PROPERTIES}",
            "root": str(self.root),
            "host_ip": self.host_ip,
        }
        if isinstance(self.programs, Supervisord):
            values["supervisord"] = self.supervisord_url
        values.update(changes)
        return {name: value for name, value in values.items() if value is not None}

    def plan_text(self, profile="oms-health", **changes):
        return oms_files.yaml_text({"profile": profile, "oms": self.plan_values(**changes)})

    def plan(self, path=None, **changes):
        """Writes a plan, by default into the lab's folder; returns its path."""
        path = Path(path) if path else self.folder / "plan.yaml"
        path.write_text(self.plan_text(**changes), encoding="utf-8")
        return path

    def config(self, **changes):
        values = {**oms_files.config_values(self), **changes}
        values = {name: value for name, value in values.items() if value is not None}
        return self.write_file(oms_files.CONFIG, oms_files.config_text(values))

    def limits(self, **shares):
        return self.write_file(oms_files.CM_PROPERTIES, oms_files.limits_text(**shares))

    def write_file(self, path, text):
        """Writes a file below root; text may be bytes."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes)
                         else text.encode("utf-8", "surrogateescape"))
        return file

    def append_file(self, path, text):
        old = (self.root / path).read_bytes() if (self.root / path).exists() else b""
        return self.write_file(path, old + text.encode("utf-8", "surrogateescape"))

    def remove_file(self, path):
        (self.root / path).unlink()

    # --- programs

    def program_states(self):
        return self.supervisord.states()

    def set_program(self, name, state):
        if state not in FATES or name not in PROGRAMS:
            raise lab.LabError(f"no state {state} of {name}; there are {', '.join(FATES)}")
        self.supervisord.set_fate(name, state)
        service = PROGRAMS[name]
        if service in SERVICES:
            self._wait_port(service, state in ("RUNNING", "STARTING")
                            and not self._has_rule(service, "down"))

    def stop_program(self, name):
        self.set_program(name, "STOPPED")

    def start_program(self, name):
        self.set_program(name, "RUNNING")

    # --- MetaDB and heartbeat

    def sql(self, statement):
        return self.metadb.query(statement)

    def locked_sql(self, *statements):
        """While no heartbeat comes between."""
        self.sql(";".join((oms_services.TAKE_LOCK, *statements, oms_services.DROP_LOCK)))

    def _beat_for_others(self):
        """What the agents of the other nodes do: this lab runs the agent of the first alone."""
        while not self.stopping.wait(oms_services.BEAT_SECONDS):
            for ip in self.ips[1:]:
                # A test may have taken a table away, or the whole server.
                with contextlib.suppress(OSError, protocol.ServerError):
                    self._beat_for(ip)

    def _beat_for(self, ip):
        if "metadb" in dict(self.paused):
            return
        with protocol.Client(self.metadb.socket, timeout=2) as client:
            oms_services.write_beat(client, oms_files.DATABASES, ip, lambda: ip not in self.quiet)

    def hold_heartbeat(self, *ips):
        """The agents go on answering but report no more; host_status stays as SQL sets it, too."""
        self.quiet.update(ips or self.ips)
        if self.host_ip in self.quiet:
            with self.states["agent"].change() as data:
                data["beats"] = False
        # Whatever beat was on its way has come by then, and the next one asks again.
        self.locked_sql()

    def age_heartbeat(self, seconds, *ips):
        """The last heartbeat is this many seconds old, and stays so."""
        self.hold_heartbeat(*ips)
        listed = ", ".join(map(oms_files.quoted, ips or self.ips))
        self.sql(f"UPDATE {oms_files.table('heartbeat.heart_beat')} SET gmt_modified ="
                 f" NOW() - INTERVAL {int(seconds)} SECOND WHERE host_ip IN ({listed})")

    # --- console and CM

    def set_projects(self, projects):
        self.console(projects=list(projects))

    def console(self, **changes):
        with self.states["console"].change() as data:
            data.update(changes)

    def add_store(self, name, begin=None, end=None, **fields):
        """A store of CM; `fields` are those of /crawler/detail: active, status, errMsg, ..."""
        with self.states["cm"].change() as data:
            data["stores"][name] = {"begin": ago(3600) if begin is None else begin,
                                    "end": ago(1) if end is None else end, "fields": fields}

    def remove_store(self, name):
        with self.states["cm"].change() as data:
            del data["stores"][name]

    def add_connector(self, name, state="running", config=None):
        """A connector of CM; state is running, stopped or abnormal."""
        with self.states["cm"].change() as data:
            data["connectors"][name] = new_connector(
                state, self._connector_config() if config is None else config)

    def connectors(self):
        """By name: state, config, and the flags of each resume."""
        return self.states["cm"].read()["connectors"]

    def connector(self, name):
        return self.connectors().get(name)

    # --- misbehaviour

    def misbehave(self, service, kind, on="all", nth=None, match="", act=False, **options):
        if service in ("supervisord", "metadb"):
            self._pause(service, kind)
            return
        if kind not in oms_http.KINDS and kind not in oms_http.CONNECTION_KINDS:
            raise lab.LabError(f"no misbehaviour {kind}; there are {', '.join(oms_http.KINDS)}, "
                               + ", ".join(oms_http.CONNECTION_KINDS))
        if on not in ("all", "reads", "writes"):
            raise lab.LabError("on is all, reads or writes")
        if kind == "redirect":
            self.trap = self.trap or Trap()
            options.setdefault("location", self.trap.url)
        rule = {"id": secrets.token_hex(4), "kind": kind, "on": on, "nth": nth, "match": match,
                "act": act, **options}
        with self.states[service].change() as data:
            data["rules"].append(rule)
        if kind == "down":
            self._wait_port(service, False)

    def behave(self, service):
        if service in ("supervisord", "metadb"):
            self.resume_paused(service)
            return
        with self.states[service].change() as data:
            data["rules"] = []
            data["edition"] += 1
        if not isinstance(self.programs, Supervisord) \
                or self.program_states().get(program_of(service)) in ("RUNNING", "STARTING"):
            self._wait_port(service, True)

    def _has_rule(self, service, kind):
        return any(rule["kind"] == kind for rule in self.states[service].read()["rules"])

    def _pause(self, name, kind):
        if kind == "down" and name == "metadb":
            self.metadb.end_gently()
        elif kind == "hang":
            send(self.supervisord if name == "supervisord" else self.metadb, signal.SIGSTOP)
        else:
            raise lab.LabError(f"{name} does not know {kind}")
        self.paused.append((name, kind))

    def resume_paused(self, only=None):
        for name, kind in [one for one in self.paused if only in (None, one[0])]:
            if kind == "hang":
                send(self.supervisord if name == "supervisord" else self.metadb, signal.SIGCONT)
            else:
                self.metadb.restart()
                self.heal_files()
            self.paused.remove((name, kind))

    # --- what was asked

    def _lines(self, service):
        log = self.folder / "state" / f"{service}.requests"
        with open(log, encoding="ascii") as lines:
            return [json.loads(line) for line in lines]

    def requests(self, service):
        """What this service was asked since the last reset: oms_http.Request each."""
        return [oms_http.Request.from_line(line) for line in self._lines(service)
                if "method" in line]

    def writes(self):
        """The requests to any service that would have changed an OMS, in their order."""
        found = [request for service in SERVICES for request in self.requests(service)]
        return sorted((request for request in found if request.write),
                      key=lambda request: request.time)

    def connections(self, service):
        """How many connections were made to it, also by those who then asked nothing."""
        return sum("connection" in line and "method" not in line for line in self._lines(service))

    @property
    def followed(self):
        """The requests that followed a redirect."""
        return list(self.trap.followed) if self.trap else []

    # --- waiting

    def _wait_port(self, service, is_open):
        """Until somebody listens there, or nobody does."""
        until = time.monotonic() + WAIT_SECONDS
        while is_listening(self.ports[service]) != is_open:
            if time.monotonic() > until:
                said = (self.folder / "log" / "output").read_text(encoding="utf-8")
                raise lab.LabError(f"{self.id}: the {service} is {'not ' if is_open else ''}"
                                   f"listening:\n{said[-2000:]}{self._program_log(service)}")
            time.sleep(0.01)

    def _program_log(self, service):
        log = self.folder / "log" / f"{program_of(service)}.log"
        return log.read_text(encoding="utf-8")[-2000:] if log.exists() else ""


DATABASE_NAMES = tuple(oms_files.DATABASES.values())


def expected_columns():
    return {oms_files.table(name): [part.split()[0] for part in columns.split(", ")]
            for name, columns in oms_files.TABLES.items()}


def new_connector(state, config):
    return {"state": state, "config": config, "resumes": []}


def program_of(service):
    return next(name for name, role in PROGRAMS.items() if role == service)


def send(process, sig):
    """Signals what has this pid and this start time."""
    handle = os.pidfd_open(process.pid)
    try:
        if lab.start_time(process.pid) == process.started:
            signal.pidfd_send_signal(handle, sig)
    finally:
        os.close(handle)


def is_listening(port):
    """Whether a TCP port of this machine is listened on, without connecting to it."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].partition(":")[2], 16) == port:
            return True
    return False


def is_own(host):
    """Whether this machine can listen on the address."""
    with socket.socket() as probe:
        try:
            probe.bind((host, 0))
            return True
        except OSError:
            return False


def pick_ports(*names):
    """A free port for each name, and the sockets that keep others from them.

    The same number is free on every address of this machine. A socket that is bound and does not
    listen is in nobody's way who sets SO_REUSEADDR, as our programs do; and while it is there no
    other lab is given the port, even when the program that listens there is stopped.
    """
    ports, sockets = {}, []
    for port in random.sample(PORTS, len(PORTS)):
        if len(ports) == len(names):
            break
        sock = socket.socket()
        try:
            sock.bind(("", port))
        except OSError:
            sock.close()
            continue
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ports[names[len(ports)]] = port
        sockets.append(sock)
    return ports, sockets


OWN = object()


def start(nodes=1, supervisord=True, host_ip="127.0.0.1", host_ip_env=OWN, login=None):
    """Starts a healthy OMS.

    nodes          2 makes 127.0.0.2 a second node: in cm_nodes, host and heart_beat, kept fresh
    supervisord    False: the services run without one, and their programs cannot be stopped
    host_ip        its address; services listen there and on 127.0.0.1
    host_ip_env    OMS_HOST_IP of the programs, by default host_ip; None: it is not set
    login          "inet", "unix" or "both": where supervisord wants a user and a password
    """
    if supervisord and shutil.which("supervisord") is None:
        raise lab.Missing("no supervisord (ci/setup demo installs it)")
    lab.require("mariadb1011")
    folder = lab.state_folder() / f"oms-{secrets.token_hex(3)}"
    if len(str(folder / "s")) > lab.SOCKET_PATH_MAX:
        raise lab.LabError(f"{folder} is too long a path for a socket; set MIGDOCTOR_LAB_STATE")
    # It holds passwords.
    folder.mkdir(mode=0o700)
    started = Oms(folder, nodes, supervisord, host_ip,
                  host_ip if host_ip_env is OWN else host_ip_env, login)
    lab.keep(started)
    try:
        started.begin()
    except BaseException:
        started.stop()
        raise
    return started


def main():
    try:
        with start() as oms:
            print(oms.plan_text())
            print(f"# {oms.plan()}")
            for name, value in oms.env.items():
                print(f"# {name}={value}")
            sys.stdout.flush()
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
    except (lab.LabError, lab.Missing) as problem:
        print(f"oms.py: {problem}", file=sys.stderr)
        return 69
    return 0


if __name__ == "__main__":
    sys.exit(main())

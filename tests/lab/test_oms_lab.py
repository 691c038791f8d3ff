"""The OMS of the lab is what oms.py says: healthy, breakable, and gone when its test is."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import xmlrpc.client
from pathlib import Path

import lab
import oms
import oms_console
import oms_http
import protocol

LAB = Path(lab.__file__).parent
STORE_TARGET = "/crawler/detail?filters=&crawler="


def ask(port, method, target, body=None, headers=None, seconds=10):
    """One request on a connection of its own: HTTP status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def raw(port, data, seconds=10):
    """Sends bytes and returns all that comes until the peer closes."""
    with socket.create_connection(("127.0.0.1", port), seconds) as sock:
        sock.sendall(data)
        found = b""
        while True:
            more = sock.recv(65536)
            if not more:
                return found
            found += more


def environment_of(pid):
    text = Path(f"/proc/{pid}/environ").read_bytes()
    return dict(entry.partition(b"=")[::2] for entry in text.split(b"\0") if entry)


class OneOms(unittest.TestCase):
    """Tests that share an OMS; each finds it healthy."""

    options = {}

    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start(**cls.options)
        cls.addClassCleanup(cls.oms.stop)

    def tearDown(self):
        self.oms.reset()

    def cm(self, method, target, body=None, **more):
        return ask(self.oms.ports["cm"], method, target, body, **more)

    def connector(self, verb, name, more="", body=None):
        status, text = self.cm("POST", f"/connector/task/v2/{verb}?taskName={name}{more}", body)
        self.assertEqual(status, 200)
        return json.loads(text)

    def console(self, action, body, password=None):
        headers = {"Content-Type": "application/json", "Authorization": oms_console.basic(
            self.oms.user, self.oms.console_password if password is None else password)}
        return ask(self.oms.ports["console"], "POST", f"/api/v2?Action={action}",
                   json.dumps(body), headers)

    def describe(self, action, body):
        status, text = self.console(action, body)
        self.assertEqual(status, 200)
        return json.loads(text)

    def meta(self, sql):
        """As the account that a plan names, over TCP."""
        with protocol.Client(("127.0.0.1", self.oms.metadb.port), self.oms.meta_user,
                             self.oms.meta_password) as client:
            return client.query(sql)

    def beats(self):
        return dict(self.meta("SELECT host_ip, gmt_modified FROM oms_cm_heartbeat.heart_beat"
                              " WHERE task_name = 'supervisor'"))

    def ages(self):
        rows = self.meta("SELECT host_ip, TIMESTAMPDIFF(SECOND, gmt_modified, NOW())"
                         " FROM oms_cm_heartbeat.heart_beat")
        return {ip: int(age) for ip, age in rows}

    def until(self, holds, what):
        for _ in range(1000):
            if holds():
                return
            time.sleep(0.02)
        self.fail(what)


class Healthy(OneOms):
    def test_programs(self):
        url = self.oms.supervisord_inet_url + "/RPC2"
        with xmlrpc.client.ServerProxy(url) as proxy:
            infos = proxy.supervisor.getAllProcessInfo()
        self.assertEqual([info["name"] for info in infos], list(oms.PROGRAMS))
        self.assertEqual({info["statename"] for info in infos}, {"RUNNING"})
        for info in infos:
            self.assertEqual(environment_of(info["pid"])[b"OMS_HOST_IP"], b"127.0.0.1")
        self.assertEqual(set(self.oms.program_states().values()), {"RUNNING"})

    def test_services(self):
        self.assertEqual(self.cm("GET", "/")[0], 200)
        status, text = ask(self.oms.ports["console"], "GET", "/oms/health")
        self.assertEqual((status, json.loads(text)), (200, {"data": {"healthy": True}}))
        self.assertEqual(ask(self.oms.ports["agent"], "GET", "/")[0], 404)
        for port in self.oms.ports.values():
            self.assertTrue(oms.is_listening(port))

    def test_store(self):
        status, text = self.cm("GET", STORE_TARGET + self.oms.store_name)
        answer = json.loads(text)
        self.assertEqual((status, answer["isSuccess"]), (200, True))
        self.assertEqual(set(answer["crawler"]), {
            "active", "cfg", "checkpoints", "datasource", "errMsg", "location", "name", "port",
            "role", "status", "userData"})
        begin, end = answer["crawler"]["checkpoints"][0]
        self.assertEqual(set(begin), {
            "checkpoint", "dataSource", "dbIp", "dbIpString", "dbPort", "fileIdx", "gmt", "msgId",
            "offset", "timestamp"})
        self.assertLess(abs(time.time() - 1 - end["timestamp"]), 5)
        self.assertLess(begin["timestamp"], end["timestamp"])
        self.oms.add_store("10.0.0.3-7101:p_1_source-000-0:0000000001", begin=100, end=200,
                           active=False, status=1, errMsg="gone\n")
        found = json.loads(self.cm(
            "GET", STORE_TARGET + "10.0.0.3-7101:p_1_source-000-0:0000000001")[1])["crawler"]
        self.assertEqual((found["active"], found["status"], found["errMsg"]), (False, 1, "gone\n"))
        self.assertEqual([one["timestamp"] for one in found["checkpoints"][0]], [100, 200])
        self.oms.remove_store(self.oms.store_name)
        answer = json.loads(self.cm("GET", STORE_TARGET + self.oms.store_name)[1])
        self.assertIs(answer["isSuccess"], False)

    def test_metadb(self):
        self.assertEqual(self.meta("SELECT ip, host_status, resource_group_id FROM oms_cm.host"),
                         [("127.0.0.1", "ONLINE", "1")])
        self.assertEqual(self.meta("SELECT id, name FROM oms_cm.resource_group"), [("1", "100")])
        self.assertEqual(
            self.meta("SELECT region, region_cn, cm_url, code, is_default_cm"
                      " FROM oms_rm.cluster_info"),
            [("cn-anhui", "cn-anhui", self.oms.cm_url, "100", "1")])
        ha_config = self.meta("SELECT cfg_value FROM oms_rm.oms_normal_config"
                              " WHERE cfg_name = 'ha.config'")[0][0]
        self.assertEqual(json.loads(ha_config)["checkHostDownIntervalSec"], 540)
        self.assertEqual(self.meta("SELECT DISTINCT task_name, task_type"
                                   " FROM oms_cm_heartbeat.heart_beat"),
                         [("supervisor", "supervisor")])
        for refused in ("DELETE FROM oms_cm.host", "SELECT * FROM mysql.user",
                        "CREATE TABLE oms_rm.t (id INT)"):
            with self.assertRaises(protocol.ServerError, msg=refused):
                self.meta(refused)

    def test_heartbeat_goes_on_with_the_agent(self):
        def sequence():
            return self.meta("SELECT MAX(id) FROM oms_cm_heartbeat.heatbeat_sequence")

        self.oms.sql("UPDATE oms_cm.host SET host_status = 'Down'")
        self.oms.sql("UPDATE oms_cm_heartbeat.heart_beat SET gmt_modified = '2020-01-01'")
        self.until(lambda: self.ages()["127.0.0.1"] < 60, "no beat came")
        self.until(lambda: self.meta("SELECT host_status FROM oms_cm.host") == [("ONLINE",)],
                   "host_status was not mended")
        self.oms.stop_program("oms_drc_supervisor")
        before = self.beats(), sequence()
        time.sleep(1.5)
        self.assertEqual((self.beats(), sequence()), before)
        self.oms.start_program("oms_drc_supervisor")
        self.until(lambda: sequence() != before[1], "no beat came after the start")

    def test_aged_heartbeat_stays_old(self):
        self.oms.age_heartbeat(1000)
        time.sleep(1.5)
        self.assertGreaterEqual(self.ages()["127.0.0.1"], 1000)
        self.assertEqual(ask(self.oms.ports["agent"], "GET", "/")[0], 404)
        self.oms.reset()
        self.assertLess(self.ages()["127.0.0.1"], 60)

    def test_files(self):
        config = (self.oms.root / "home/admin/conf/config.yaml").read_text(encoding="utf-8")
        for line in (f"oms_meta_port: {self.oms.metadb.port}", f"cm_url: {self.oms.cm_url}",
                     "drc_cm_heartbeat_db: oms_cm_heartbeat", "cm_nodes:", "  - 127.0.0.1",
                     f"oms_meta_password: '{self.oms.meta_password}'"):
            self.assertIn(line, config.splitlines())
        properties = self.oms.root / "home/ds/cm/package/config/drc-cm.properties"
        self.assertIn("drcCfg.memUsedPercentThresHold=1.0\n", properties.read_text())
        component = self.oms.root / "home/ds/run" / self.oms.connector_name
        source = json.loads((component / "conf/source.json").read_text(encoding="utf-8"))
        self.assertEqual(list(json.loads(source["checkpoint"])), [self.oms.subtopic])
        self.assertTrue((self.oms.root / "home/ds/store/store7100/log/store.log").exists())

        self.oms.config(cm_location=None, cm_nodes=["10.9.9.9"])
        changed = self.oms.plan_values()["config"]
        text = Path(f"{self.oms.root}{changed}").read_text(encoding="utf-8")
        self.assertIn("  - 10.9.9.9\n", text)
        self.assertNotIn("cm_location", text)
        added = self.oms.write_file("home/admin/logs/more.log", b"\xff")
        self.oms.append_file("home/admin/logs/ghana/Ghana/common-error.log", "bad\n")
        self.oms.remove_file("home/ds/cm/package/config/jdbc.properties")
        self.oms.reset()
        text = Path(f"{self.oms.root}{changed}").read_text(encoding="utf-8")
        self.assertEqual(text, config)
        self.assertFalse(added.exists())
        self.assertTrue((self.oms.root / "home/ds/cm/package/config/jdbc.properties").exists())

    def test_plan(self):
        text = self.oms.plan().read_text(encoding="utf-8")
        self.assertIn(f'  cm: "{self.oms.cm_url}"\n', text)
        self.assertIn(f'  supervisord: "unix://{self.oms.supervisord.socket}"\n', text)
        self.assertIn('    password_env: "OMS_META_PASSWORD"\n', text)
        self.assertIn("  root:", text)
        self.assertNotIn("  root:", self.oms.plan_text(root=None))
        self.assertIn('  cm: "http://10.0.0.9:1"\n', self.oms.plan_text(cm="http://10.0.0.9:1"))
        self.assertEqual(self.oms.leaks(text), [])
        self.assertEqual(self.oms.leaks(f"x{self.oms.meta_password}"), [self.oms.meta_password])
        self.assertLess(set(self.oms.env.values()), set(self.oms.secrets))

    def test_reset_makes_tables_anew(self):
        self.oms.sql("DROP TABLE oms_cm.host; DROP DATABASE oms_rm;"
                     " ALTER TABLE oms_cm.resource_group ADD more INT;"
                     " REVOKE ALL PRIVILEGES, GRANT OPTION FROM oms_meta@'%'")
        self.oms.reset()
        self.test_metadb()


class Programs(OneOms):
    def info(self, name):
        return self.oms.supervisord.rpc.getProcessInfo(name)

    def test_states(self):
        for state in oms.FATES:
            with self.subTest(state):
                self.oms.set_program("oms_drc_cm", state)
                expected = None if state == "ABSENT" else state
                self.assertEqual(self.oms.program_states().get("oms_drc_cm"), expected)
                alive = state in ("RUNNING", "STARTING")
                self.assertEqual(oms.is_listening(self.oms.ports["cm"]), alive)
                # It stands still, also while somebody looks again and again.
                for _ in range(20):
                    self.assertEqual(self.oms.program_states().get("oms_drc_cm"), expected)
                others = {name: found for name, found in self.oms.program_states().items()
                          if name != "oms_drc_cm"}
                self.assertEqual(set(others.values()), {"RUNNING"})
                self.oms.reset()
                self.assertEqual(set(self.oms.program_states().values()), {"RUNNING"})
                self.assertEqual(self.cm("GET", "/")[0], 200)

    def test_from_state_to_state(self):
        for name, state in (("nginx", "STOPPING"), ("nginx", "FATAL"), ("nginx", "BACKOFF"),
                            ("nginx", "ABSENT"), ("nginx", "EXITED"), ("sshd", "STARTING"),
                            ("nginx", "STOPPED"), ("nginx", "RUNNING")):
            self.oms.set_program(name, state)
            self.assertEqual(self.oms.program_states().get(name),
                             None if state == "ABSENT" else state)

    def test_what_supervisord_says_of_them(self):
        self.oms.set_program("nginx", "FATAL")
        self.assertIn("Exited too quickly", self.info("nginx")["spawnerr"])
        self.oms.set_program("nginx", "EXITED")
        self.assertEqual(self.info("nginx")["exitstatus"], 1)

    def test_environment(self):
        for value in (None, "10.9.9.9"):
            self.oms.restart(host_ip_env=value)
            for name in oms.PROGRAMS:
                found = environment_of(self.info(name)["pid"]).get(b"OMS_HOST_IP")
                self.assertEqual(found, value and value.encode())
        # What the agent reports is what it was told to be.
        self.until(lambda: "10.9.9.9" in self.beats(), "no beat under the other address")
        self.oms.reset()
        self.assertEqual(environment_of(self.info("nginx")["pid"])[b"OMS_HOST_IP"], b"127.0.0.1")
        self.assertEqual(set(self.beats()), {"127.0.0.1"})

    def test_without_host_ip_no_heartbeat(self):
        self.oms.restart(host_ip_env=None)
        before = self.beats()
        time.sleep(1.5)
        self.assertEqual(self.beats(), before)

    def test_port_of_a_stopped_program_stays_ours(self):
        self.oms.stop_program("oms_drc_cm")
        with socket.socket() as other, self.assertRaises(OSError):
            other.bind(("127.0.0.1", self.oms.ports["cm"]))

    def test_unknown_state(self):
        with self.assertRaises(lab.LabError):
            self.oms.set_program("nginx", "ASLEEP")

    def test_supervisord_hangs(self):
        self.oms.misbehave("supervisord", "hang")
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(0.3)
            sock.connect(self.oms.supervisord.socket)
            sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with self.assertRaises(TimeoutError):
                sock.recv(1)
        self.oms.behave("supervisord")
        self.assertEqual(len(self.oms.program_states()), 5)

    def test_metadb_hangs_and_is_down(self):
        self.oms.misbehave("metadb", "hang")
        with self.assertRaises(TimeoutError):
            protocol.Client(("127.0.0.1", self.oms.metadb.port), timeout=0.3)
        self.oms.behave("metadb")
        self.test_metadb_answers()
        self.oms.misbehave("metadb", "down")
        with self.assertRaises(ConnectionRefusedError):
            self.meta("SELECT 1")
        self.oms.reset()
        self.test_metadb_answers()
        self.assertIn(f"oms_meta_port: {self.oms.metadb.port}\n",
                      (self.oms.root / "home/admin/conf/config.yaml").read_text())

    def test_metadb_answers(self):
        self.assertEqual(self.meta("SELECT ip FROM oms_cm.host"), [("127.0.0.1",)])


class Connectors(OneOms):
    def test_documented_pullback(self):
        name = self.oms.connector_name
        self.assertIs(self.connector("update", name, body="{}")["isSuccess"], False)
        self.assertEqual(self.connector("stop", name), {
            "errCode": None, "errMsg": None, "errorDetail": None, "isSuccess": True,
            "result": name, "retryable": None})
        self.assertEqual(self.oms.connector(name)["state"], "stopped")
        checkpoint = json.dumps({self.oms.subtopic: "1700000000"})
        body = json.dumps({"source": {"checkpoint": checkpoint}, "more": {"key": "value"}})
        done = self.connector("update", name, "&deleteParams=source.checkpoint,sink.timezone", body)
        self.assertIs(done["isSuccess"], True)
        config = self.oms.connector(name)["config"]
        self.assertEqual(config["source"]["checkpoint"], checkpoint)
        self.assertEqual(config["more"], {"key": "value"})
        self.assertNotIn("timezone", config["sink"])
        self.connector("resume", name, "&pullBackFlag=true")
        self.assertEqual(self.oms.connector(name)["state"], "running")
        self.assertEqual(self.oms.connector(name)["resumes"],
                         [{"pullBackFlag": True, "restartFlag": False}])

    def test_migrate_and_delete(self):
        old = "127.0.0.1-9000:connector_v2:np_4w4lab-full_trans-1-0:0000000999"
        self.oms.add_connector(old, state="abnormal")
        new = self.connector("migrate", old)["result"]
        self.assertEqual(new, old.replace("0000000999", "0000001000"))
        self.assertIsNone(self.oms.connector(old))
        moved = self.connector("migrate", new, "&ip=10.0.0.8")["result"]
        self.assertEqual(moved, "10.0.0.8-9000:connector_v2:np_4w4lab-full_trans-1-0:0000001001")
        self.assertIs(self.connector("delete", moved)["isSuccess"], True)
        self.assertEqual(list(self.oms.connectors()), [self.oms.connector_name])

    def test_refusals(self):
        for verb in ("resume", "stop", "update", "migrate", "delete"):
            answer = self.connector(verb, "no-such:task:0000000001")
            self.assertIs(answer["isSuccess"], False, verb)
            self.assertIn("no-such", answer["errMsg"])
        self.oms.add_connector("a:b:0000000001", state="abnormal")
        for body in ("[", "[]", '{"a": 1}', '{"a": {"b": 1}}'):
            self.assertIs(self.connector("update", "a:b:0000000001", body=body)["isSuccess"],
                          False, body)
        self.assertEqual(self.cm("GET", "/connector/task/v2/stop?taskName=a:b:0000000001")[0], 405)
        self.assertEqual(self.oms.connector("a:b:0000000001")["state"], "abnormal")
        self.assertEqual(self.cm("GET", "/nothing")[0], 404)

    def test_state_outlives_the_program(self):
        self.connector("stop", self.oms.connector_name)
        self.oms.stop_program("oms_drc_cm")
        with self.assertRaises(ConnectionRefusedError):
            self.cm("GET", "/")
        self.oms.start_program("oms_drc_cm")
        self.assertEqual(self.oms.connector(self.oms.connector_name)["state"], "stopped")
        self.assertEqual(len(self.oms.writes()), 1)


class Records(OneOms):
    def test_byte_for_byte(self):
        head = (b"POST //connector/task/v2/stop?taskName=a%20b:c&x=+ HTTP/1.1\r\n"
                b"host:  lab\r\nX-Odd:\tkept \r\nContent-Length: 4\r\nConnection: close\r\n\r\n")
        raw(self.oms.ports["cm"], head + b"\x00\xff\r\n")
        request, = self.oms.requests("cm")
        self.assertEqual(request.head, head)
        self.assertEqual(request.body, b"\x00\xff\r\n")
        self.assertEqual(request.target, "//connector/task/v2/stop?taskName=a%20b:c&x=+")
        self.assertEqual(request.query, {"taskName": "a b:c", "x": " "})
        self.assertTrue(request.write)

    def test_reads_and_writes(self):
        reads = [("cm", "GET", "/"), ("cm", "GET", STORE_TARGET + "x"),
                 ("console", "GET", "/oms/health"), ("agent", "GET", "/"),
                 ("console", "POST", "/api/v2?Action=ListProjects"),
                 ("console", "POST", "/api/v2?Action=DescribeProject")]
        writes = [("cm", "POST", "/connector/task/v2/resume?taskName=x"),
                  ("cm", "GET", "/crawler/restore?crawler=x"), ("cm", "POST", "/crawler/clear"),
                  ("agent", "POST", "/operateService?action=clear"),
                  ("console", "POST", "/api/v2?Action=StopProject"), ("console", "PUT", "/x")]
        for service, method, target in reads + writes:
            ask(self.oms.ports[service], method, target, "")
        self.assertEqual([(request.service, request.method, request.target)
                          for request in self.oms.writes()], writes)
        self.assertEqual(len(self.oms.requests("console")), 5)
        self.oms.reset()
        self.assertEqual(self.oms.writes(), [])

    def test_connections(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.oms.ports["cm"], timeout=10)
        for _ in range(2):
            connection.request("GET", "/")
            connection.getresponse().read()
        connection.close()
        self.cm("GET", "/")
        numbers = [request.connection for request in self.oms.requests("cm")]
        self.assertEqual((numbers[0] == numbers[1], numbers[1] == numbers[2]), (True, False))
        self.assertEqual(self.oms.connections("cm"), 2)


class Projects(OneOms):
    def test_sign_in(self):
        self.assertEqual(self.console("ListProjects", {}, password="wrong")[0], 401)
        self.assertEqual(ask(self.oms.ports["console"], "POST", "/api/v2?Action=ListProjects",
                             "{}")[0], 401)
        self.assertEqual(self.console("ListProjects", {})[0], 200)

    def test_envelope(self):
        answer = self.describe("DescribeProject", {"id": self.oms.project_id})
        self.assertEqual(set(answer), {
            "success", "errorDetail", "code", "message", "advice", "requestId", "pageNumber",
            "pageSize", "totalCount", "cost", "data"})
        self.assertIs(answer["success"], True)
        self.assertEqual(answer["data"]["status"], "RUNNING")
        self.assertIs(self.describe("DescribeProject", {"id": "np_none"})["success"], False)

    def test_paging(self):
        self.oms.set_projects(
            [oms_console.project(f"np_{at:03d}", gmtCreate=f"2026-01-01T00:{at % 60:02d}:00",
                                 kind="SYNC" if at % 2 else "MIGRATION",
                                 status="FAILED" if at == 7 else "RUNNING")
             for at in range(25)])
        seen = []
        for number, count in ((1, 10), (2, 10), (3, 5), (4, 0)):
            answer = self.describe("ListProjects", {"pageNumber": number})
            self.assertEqual((answer["pageNumber"], answer["pageSize"], answer["totalCount"]),
                             (number, 10, 25))
            self.assertEqual(len(answer["data"]), count)
            seen += [item["id"] for item in answer["data"]]
        self.assertEqual(seen, [f"np_{at:03d}" for at in reversed(range(25))])
        everything = self.describe("ListProjects", {"pageSize": 150, "order": "asc"})
        self.assertEqual([item["id"] for item in everything["data"]], seen[::-1])
        for body, count in (({"type": "SYNC"}, 12), ({"status": "FAILED"}, 1),
                            ({"status": ["FAILED"]}, 1), ({"searchKey": "np_01"}, 10)):
            self.assertEqual(self.describe("ListProjects", body)["totalCount"], count, body)
        self.assertIs(self.describe("ListProjects", {"pageSize": 151})["success"], False)
        self.oms.console(as_printed=True)
        answer = self.describe("ListProjects", {})
        self.assertEqual((answer["success"], answer["totalCount"]), ("true", "25"))

    def test_failed_step(self):
        self.oms.set_projects([oms_console.project(
            "np_bad", status="FAILED", steps=oms_console.migration_steps(
                failed="FULL_TRANSFER", code="CONNECTOR-SIOO00000942",
                message="table not existed"))])
        body = {"id": "np_bad"}
        steps = self.describe("DescribeProjectSteps", body)["data"]
        self.assertEqual([step["order"] for step in steps], list(range(1, 10)))
        self.assertEqual([step["status"] for step in steps],
                         ["FINISHED"] * 3 + ["FAILED"] + ["INIT"] * 5)
        self.assertEqual(steps[3]["extraInfo"]["errorCode"], "CONNECTOR-SIOO00000942")
        self.assertRegex(steps[3]["extraInfo"]["failedTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
        progress = self.describe("DescribeProjectProgress", body)["data"]
        self.assertEqual((progress["status"], progress["currentStep"]), ("FAILED", "FULL_TRANSFER"))
        self.assertIsInstance(progress["incrSyncCheckpoint"], int)

    def test_components(self):
        data = self.describe("DescribeProjectComponents", {"id": self.oms.project_id})["data"]
        store, = data["storeList"]
        self.assertEqual(set(store), {
            "name", "ip", "region", "topic", "subtopic", "tps", "delay", "gmt", "conn", "status",
            "errorDetails", "toSwitch", "port", "storePort", "beginCheckpoint", "endCheckpoint",
            "config", "errMsg", "gmtCreate", "gmtModified", "latelyHeartbeatTimeSec"})
        self.assertEqual((store["ip"], store["subtopic"]), ("127.0.0.1", self.oms.subtopic))
        self.assertIsInstance(store["gmt"], int)
        incr, = data["incrSyncComponents"]
        self.assertEqual(incr["identity"], self.oms.project_id)
        self.assertEqual(set(incr["config"]), {"coordinator", "condition", "source", "sink"})
        self.assertIsNone(data["fullImportComponents"])
        self.assertEqual(self.oms.leaks(json.dumps(data)), [])
        self.oms.set_projects([oms_console.project(
            "np_x", stores=[oms_console.store(self.oms.store_name, delay=4000)],
            full_imports=[oms_console.full_import("10.0.0.3-9000:connector_v2:np_x-full_trans-1-0"
                                                  ":0000000002", status="UNEXPECTED_EXIT")],
            full_verifies=[oms_console.full_verify("10.0.0.3-9000:np_x-checker:0000000003")])])
        data = self.describe("DescribeProjectComponents", {"id": "np_x"})["data"]
        self.assertEqual(data["storeList"][0]["delay"], 4000)
        self.assertEqual(data["fullImportComponents"][0]["status"], "UNEXPECTED_EXIT")
        self.assertEqual(data["fullVerifyComponents"][0]["ip"], "10.0.0.3")

    def test_health(self):
        self.oms.console(healthy=False)
        text = ask(self.oms.ports["console"], "GET", "/oms/health")[1]
        self.assertEqual(json.loads(text), {"data": {"healthy": False}})

    def test_writes_are_refused(self):
        for action in ("StopProject", "ReleaseProject", "UpdateStore"):
            answer = self.describe(action, {"id": self.oms.project_id})
            self.assertIs(answer["success"], False)
        self.assertEqual(len(self.oms.writes()), 3)


class Misbehaviour(OneOms):
    HEALTH = b"GET /oms/health HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"

    def said(self, kind, **options):
        """The bytes with which the console answers a request for its health."""
        self.oms.misbehave("console", kind, **options)
        found = raw(self.oms.ports["console"], self.HEALTH)
        self.oms.behave("console")
        return found

    def body(self, kind, **options):
        head, _, body = self.said(kind, **options).partition(b"\r\n\r\n")
        return head.split(b"\r\n")[0], body

    def test_down(self):
        for service in oms.SERVICES:
            self.oms.misbehave(service, "down")
            with self.assertRaises(ConnectionRefusedError):
                ask(self.oms.ports[service], "GET", "/")
            self.oms.behave(service)
            self.assertGreater(ask(self.oms.ports[service], "GET", "/")[0], 0)
        self.assertEqual(set(self.oms.program_states().values()), {"RUNNING"})

    def test_refuse_and_reset(self):
        for kind in ("refuse", "reset"):
            with self.assertRaises(ConnectionResetError):
                self.said(kind)
            self.oms.behave("console")

    def test_hang(self):
        self.oms.misbehave("console", "hang")
        with socket.create_connection(("127.0.0.1", self.oms.ports["console"]), 0.3) as sock:
            sock.sendall(self.HEALTH)
            with self.assertRaises(TimeoutError):
                sock.recv(1)
            # The end of the misbehaviour ends what hangs.
            self.oms.behave("console")
            sock.settimeout(10)
            self.assertEqual(sock.recv(1), b"")

    def test_drip(self):
        whole = self.said("drip", seconds=0.001)
        self.assertTrue(whole.endswith(b'{"data": {"healthy": true}}'))
        self.oms.misbehave("console", "drip")
        with socket.create_connection(("127.0.0.1", self.oms.ports["console"]), 10) as sock:
            sock.sendall(self.HEALTH)
            self.assertEqual(sock.recv(100), b"H")
            self.assertEqual(sock.recv(100), b"T")

    def test_cut_and_half(self):
        self.assertEqual(self.said("cut"), b"")
        head, _, body = self.said("half").partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        self.assertLess(0, len(body))
        self.assertLess(len(body), length)

    def test_late(self):
        self.assertTrue(self.said("late", seconds=0.01).startswith(b"HTTP/1.1 200 "))

    def test_endless(self):
        for kind, sign in (("huge", b"Content-Length: 10737418240\r\n"),
                           ("endless", b"Transfer-Encoding: chunked\r\n"),
                           ("endless_head", b"X-More: ")):
            self.oms.misbehave("console", kind)
            with socket.create_connection(("127.0.0.1", self.oms.ports["console"]), 10) as sock:
                sock.sendall(self.HEALTH)
                found = b""
                while len(found) < 4 << 20:
                    more = sock.recv(1 << 20)
                    self.assertTrue(more)
                    found += more
            self.assertIn(sign, found)
            self.oms.behave("console")

    def test_other_answers(self):
        cases = (
            ("500", {}, b" 500 ", b"</html>"), ("status", {"status": 503}, b" 503 ", b"</html>"),
            ("html", {}, b" 200 ", b"</html>"), ("not_json", {}, b" 200 ", b"ok\n"),
            ("empty", {}, b" 200 ", b""), ("body", {"body": "\xff\x1b"}, b" 200 ", b"\xff\x1b"),
        )
        for kind, options, status, end in cases:
            line, body = self.body(kind, **options)
            self.assertIn(status, line, kind)
            self.assertTrue(body.endswith(end), kind)
        self.assertEqual(self.body("empty")[1], b"")
        self.assertEqual(self.said("garbage"), oms_http.GARBAGE)

    def test_wrong_types(self):
        self.assertEqual(json.loads(self.body("types")[1]), {"data": {"healthy": [True]}})
        self.assertEqual(json.loads(self.body("types_top")[1]), {"data": 7})
        body = self.body("deep")[1]
        self.assertIn(b"[" * oms_http.DEPTH + b"]" * oms_http.DEPTH, body)
        with self.assertRaises(RecursionError):
            json.loads(body)

    def test_is_success_false(self):
        self.oms.misbehave("cm", "is_success_false", errCode="CM-RESONF000003", errMsg="none")
        answer = json.loads(self.cm("GET", STORE_TARGET + self.oms.store_name)[1])
        self.assertEqual((answer["isSuccess"], answer["errCode"], answer["errMsg"]),
                         (False, "CM-RESONF000003", "none"))

    def test_redirect(self):
        line, _ = self.body("redirect")
        self.assertIn(b" 302 ", line)
        self.assertEqual(self.oms.followed, [])
        head = self.said("redirect", status=307)
        location = head.partition(b"Location: ")[2].partition(b"\r\n")[0].decode()
        port = int(location.split(":")[2].partition("/")[0])
        self.assertEqual(ask(port, "POST", "/followed", "{}")[0], 200)
        self.assertEqual(self.oms.followed, ["POST /followed HTTP/1.1"])
        self.oms.reset()
        self.assertEqual(self.oms.followed, [])

    def test_once_and_for_whom(self):
        name = self.oms.connector_name
        self.oms.misbehave("cm", "500", on="writes", nth=2)
        self.assertEqual(self.cm("GET", "/")[0], 200)
        target = f"/connector/task/v2/stop?taskName={name}"
        self.assertEqual([self.cm("POST", target)[0] for _ in range(3)], [200, 500, 200])
        self.oms.behave("cm")
        self.oms.misbehave("cm", "html", match="/crawler/")
        self.assertIn(b"</html>", self.cm("GET", STORE_TARGET + "x")[1])
        self.assertEqual(self.cm("GET", "/")[1], b"")

    def test_what_was_done_all_the_same(self):
        name = self.oms.connector_name
        target = f"/connector/task/v2/stop?taskName={name}"
        for kind, act, state in (("cut", False, "running"), ("act_and_cut", False, "stopped"),
                                 ("500", False, "running"), ("500", True, "stopped"),
                                 ("half", False, "stopped"), ("reset", True, "stopped")):
            self.oms.misbehave("cm", kind, act=act)
            try:
                self.cm("POST", target)
            except (OSError, http.client.HTTPException):
                pass
            self.assertEqual(self.oms.connector(name)["state"], state, (kind, act))
            self.assertEqual(len(self.oms.writes()), 1)
            self.oms.reset()

    def test_unknown_kind(self):
        with self.assertRaises(lab.LabError):
            self.oms.misbehave("cm", "sulk")
        with self.assertRaises(lab.LabError):
            self.oms.misbehave("metadb", "drip")


class TwoNodes(OneOms):
    options = {"nodes": 2}

    def test_second_node_is_kept_fresh(self):
        self.assertEqual(self.meta("SELECT ip, host_status FROM oms_cm.host ORDER BY ip"),
                         [("127.0.0.1", "ONLINE"), ("127.0.0.2", "ONLINE")])
        self.assertIn("cm_nodes:\n  - 127.0.0.1\n  - 127.0.0.2\n", (
            self.oms.root / "home/admin/conf/config.yaml").read_text(encoding="utf-8"))
        connection = http.client.HTTPConnection("127.0.0.2", self.oms.ports["agent"], timeout=10)
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 404)
        connection.close()
        # Its heartbeat does not depend on the first one's agent.
        self.oms.stop_program("oms_drc_supervisor")
        self.oms.sql("UPDATE oms_cm_heartbeat.heart_beat SET gmt_modified = '2020-01-01'")
        self.until(lambda: self.ages()["127.0.0.2"] < 60, "no beat of the second node")
        self.assertGreater(self.ages()["127.0.0.1"], 60)

    def test_second_node_alone_is_down(self):
        self.oms.age_heartbeat(1000, "127.0.0.2")
        time.sleep(1.5)
        ages = self.ages()
        self.assertGreaterEqual(ages["127.0.0.2"], 1000)
        self.assertLess(ages["127.0.0.1"], 60)


class Login(OneOms):
    options = {"login": "inet"}

    def test_supervisord_asks_for_a_password(self):
        port = self.oms.supervisord.port
        self.assertEqual(ask(port, "POST", "/RPC2", "")[0], 401)
        url = f"http://supervisor:{self.oms.supervisord_password}@127.0.0.1:{port}/RPC2"
        with xmlrpc.client.ServerProxy(url) as proxy:
            self.assertEqual(proxy.supervisor.getState()["statename"], "RUNNING")
        self.assertEqual(len(self.oms.program_states()), 5)


class Loose(OneOms):
    options = {"supervisord": False, "host_ip_env": None}

    def test_services_without_supervisord(self):
        self.assertEqual(self.cm("GET", "/")[0], 200)
        self.assertNotIn("supervisord:", self.oms.plan_text())
        with self.assertRaises(lab.LabError):
            self.oms.stop_program("oms_drc_cm")
        self.oms.misbehave("cm", "down")
        self.assertFalse(oms.is_listening(self.oms.ports["cm"]))
        self.oms.reset()
        self.assertEqual(self.cm("GET", "/")[0], 200)
        self.assertEqual(environment_of(self.oms.programs.pid)[b"OMS_HOST_IP"], b"127.0.0.1")


class Ends(unittest.TestCase):
    """Whatever ends a test's process or supervisord, nothing is left."""

    START = (
        "import os, signal, time\n"
        "import lab, oms\n"
        "o = oms.start()\n"
        "pids = [o.metadb.pid, o.programs.pid, *oms.children(o.programs.pid)]\n"
        "print(*(f'{pid}:{lab.start_time(pid)}' for pid in pids), flush=True)\n"
    )

    def processes_of(self, code, end=None):
        """The processes of an OMS whose test ran this code and then ended."""
        with tempfile.TemporaryDirectory(prefix="mgd-", dir="/tmp") as state:
            os.chmod(state, 0o755)
            environment = {**os.environ, "MIGDOCTOR_LAB_STATE": state, "PYTHONPATH": str(LAB)}
            with subprocess.Popen(
                    [sys.executable, "-c", self.START + code], env=environment, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                words = process.stdout.readline().split()
                found = [tuple(map(int, word.split(":"))) for word in words]
                self.assertEqual(len(found), 7)
                if end is not None:
                    process.send_signal(end)
                process.wait(30)
            if end == signal.SIGKILL:
                self.stop_by_the_record(environment)
            self.assertEqual([name for name in os.listdir(state) if "-" in name
                              and not name.startswith((".", "pristine"))], [])
            return found

    def stop_by_the_record(self, environment):
        subprocess.run([str(LAB / "lab.py"), "stop", "all"], env=environment, check=True)

    def assert_gone(self, found):
        for pid, started in found:
            for _ in range(500):
                if lab.start_time(pid) != started:
                    break
                time.sleep(0.01)
            else:
                self.fail(f"{pid} still runs")

    def test_exception(self):
        self.assert_gone(self.processes_of("raise RuntimeError"))

    def test_sigterm(self):
        self.assert_gone(self.processes_of("time.sleep(60)", signal.SIGTERM))

    def test_sigkill_of_the_test(self):
        self.assert_gone(self.processes_of("time.sleep(60)", signal.SIGKILL))

    def test_stopped_while_it_hangs(self):
        self.assert_gone(self.processes_of(
            "o.misbehave('supervisord', 'hang'); o.misbehave('metadb', 'hang')\n"))

    def test_programs_end_with_supervisord(self):
        with oms.start() as started:
            found = [(pid, lab.start_time(pid)) for pid in oms.children(started.programs.pid)]
            self.assertEqual(len(found), 5)
            lab.end_process(started.programs.pid, started.programs.started)
            self.assert_gone(found)

    def test_missing_supervisord_skips(self):
        path = os.environ["PATH"]
        os.environ["PATH"] = "/nonexistent"
        try:
            with self.assertRaises(lab.Missing):
                oms.start()
        finally:
            os.environ["PATH"] = path


if __name__ == "__main__":
    unittest.main()

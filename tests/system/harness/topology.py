"""The four processes over a real Kafka, made one origin by nginx. Each can be killed and started again by itself."""

import secrets
import signal
import socket
from contextlib import contextmanager
from pathlib import Path

from harness.broker import Broker, fresh_topic
from harness.deployment import BINARY, EASY_ACCOUNTS, ROOT
from harness.ports import free_port
from harness.process import Process
from harness.waiting import until

PARTS = ["projector", "broadcaster", "ingest", "query-api"]  # in the order of starting


class Topology:
    def __init__(self, folder: Path, broker: Broker, auth=None, limits=None, uploads=()):
        """`auth`: options about tokens, instead of a secret and development mode. Without limits by rate, save for those of
        `limits`: options by part. `uploads` are options of query-api."""
        self.folder = folder
        self.auth = auth
        self.broker = broker
        self.topic = fresh_topic()
        self.limits = limits or {}
        self.uploads = uploads
        self.processes = {}
        self.ports = {name: free_port() for name in ["edge", *PARTS, "projector-grpc", "broadcaster-grpc"]}
        self.url = f"http://{self.at('edge')}"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ["internal", "auth"]:
            secret = folder / f"{name}.secret"
            secret.write_text(secrets.token_hex(32))
            secret.chmod(0o600)

    def at(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    @property
    def secret(self):
        return (self.folder / "auth.secret").read_text()

    @property
    def address(self):
        return "127.0.0.1", self.ports["edge"]

    def options(self, part):
        log = ["--brokers", self.broker.address, "--topic", self.topic]
        internal = ["--internal-secret-file", self.folder / "internal.secret"]
        auth = self.auth or ["--auth-secret-file", self.folder / "auth.secret", "--dev", "on"]
        readers = ["--read-model", self.at("projector-grpc")]
        limits = ["--trusted-proxies", "127.0.0.1", *self.limits.get(part, ["--rate-limits", "off"])]
        return [
            "--listen",
            self.at(part),
            *internal,
            *{
                "projector": [*log, "--grpc-listen", self.at("projector-grpc"), "--data", self.folder / "projector"],
                "broadcaster": [*log, "--grpc-listen", self.at("broadcaster-grpc"), "--data", self.folder / "broadcaster"],
                "ingest": [*log, *auth, *readers, "--broadcaster", self.at("broadcaster-grpc"), *EASY_ACCOUNTS, *limits],
                "query-api": [*auth, *readers, *limits, *self.uploads],
            }[part],
        ]

    def start(self):
        for part in PARTS:
            self.start_part(part)
        self._start_edge()
        return self

    def start_part(self, part):
        process = Process([BINARY, part, *self.options(part)], self.folder / f"{part}.log")
        self.processes[part] = process
        process.ready()

    def _start_edge(self):
        env = {
            "EDGE_RUN": str(self.folder / "edge"),
            "EDGE_LISTEN": self.at("edge"),
            "EDGE_INGEST": self.at("ingest"),
            "EDGE_QUERY_API": self.at("query-api"),
        }
        self.processes["edge"] = Process([ROOT / "infra/edge/edge"], self.folder / "edge.log", env)
        until(self._edge_listens, message="nginx does not listen")

    def _edge_listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(self.address) == 0

    def kill_part(self, part):
        self.processes[part].kill()

    def stop_part(self, part):
        assert self.processes[part].terminate() == 0, self.processes[part].complaints()

    @contextmanager
    def paused(self, part):
        self.processes[part].send(signal.SIGSTOP)
        try:
            yield
        finally:
            self.processes[part].send(signal.SIGCONT)

    def stop(self):
        """In the order of draining: the edge, then those who take, then those who keep. Each must end well."""
        order = [name for name in ["edge", "ingest", "query-api", "broadcaster", "projector"] if name in self.processes]
        codes = {name: self.processes[name].terminate() for name in order}
        assert set(codes.values()) == {0}, codes

    def died(self):
        """The last words of those that have ended though nobody asked them to, who are then started again."""
        words = []
        for part in PARTS:
            if not self.processes[part].running():
                words.append(f"{part} died\n{self.processes[part].complaints()}")
                self.start_part(part)
        return words

    def end(self):
        for process in self.processes.values():
            process.kill()

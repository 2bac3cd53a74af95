"""A bucket at a real S3 server, which is built and started when somebody first needs it."""

import secrets
import subprocess
from pathlib import Path

import httpx

from harness.ports import free_port
from harness.process import Process
from harness.waiting import until

SCRIPT = Path(__file__).resolve().parents[2] / "s3" / "versitygw.sh"
NAME = "uploads"
BUILD_S = 900  # the first time; then it is kept


class Bucket:
    def __init__(self, folder: Path):
        self._folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self._key_id, self._secret = "parley", secrets.token_hex(16)
        self.credentials = folder / "credentials"
        self.credentials.write_text(f"{self._key_id}\n{self._secret}\n")
        self._server = None

    def options(self):
        return [
            *["--s3-endpoint", f"http://{self.address}", "--s3-bucket", NAME],
            *["--s3-credentials-file", self.credentials, "--upload-max-bytes", "1000000"],
        ]

    def start(self):
        if self._server is None:
            built = subprocess.run([SCRIPT], capture_output=True, text=True, timeout=BUILD_S, check=False)
            assert built.returncode == 0, built.stderr
            store = self._folder / "store"
            (store / NAME).mkdir(parents=True)
            command = [built.stdout.strip(), "--port", self.address, "--access", self._key_id, "--secret", self._secret]
            self._server = Process([*command, "--quiet", "posix", store], self._folder / "versitygw.log")
            until(self._answers, message="the S3 server does not answer")
        return self

    def _answers(self):
        try:
            return httpx.get(f"http://{self.address}/{NAME}").status_code == 403
        except httpx.TransportError:
            return False

    def objects(self):
        """The keys of what is in it."""
        root = self._folder / "store" / NAME
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def end(self):
        if self._server:
            self._server.kill()

"""An OpenID Connect provider that nobody here wrote, run by tests/oidc/oidc.sh."""

from pathlib import Path

import httpx

from harness.ports import free_port
from harness.process import Process
from harness.waiting import until

SCRIPT = Path(__file__).resolve().parents[2] / "oidc" / "oidc.sh"


class OidcProvider:
    def __init__(self, folder: Path, algorithm):
        self.issuer = f"http://127.0.0.1:{free_port()}/parley"
        port = self.issuer.rsplit(":", 1)[1].removesuffix("/parley")
        self.process = Process([SCRIPT, "run", port, algorithm], folder / "oidc.log")
        until(self._answers, deadline_s=120, message="the provider does not answer")  # the first time it fetches its jars

    def _answers(self):
        assert self.process.running(), self.process.complaints()
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration").status_code == 200
        except httpx.TransportError:
            return False

    def about(self):
        """What it tells about itself, as an operator would look it up."""
        return httpx.get(f"{self.issuer}/.well-known/openid-configuration").json()

    def token(self, user):
        form = {"grant_type": "client_credentials", "client_id": user, "client_secret": "any", "scope": "parley"}
        answer = httpx.post(self.about()["token_endpoint"], data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def end(self):
        self.process.kill()

"""An account of a server: its access key is its name, and it sees no tables but its own."""

import functools
import os
import subprocess
import threading

from .error import ShoalError
from .journal import Journal
from .program import program

_making = threading.Lock()  # boto3's sessions are not for several threads at once.


class Account:
    """world = server.isolated(); world.client().create_table(...)"""

    def __init__(self, server, access_key: str, secret_key: str = "local", region: str = "us-east-1"):
        self.server, self.url = server, server.url
        self.access_key, self.secret_key, self.region = access_key, secret_key, region

    def client(self, service: str = "dynamodb", **settings):
        """A boto3 client; `settings` are those of boto3's. "dynamodbstreams" and "lambda" (triggers) are served, too."""
        with _making:
            return _session().client(service, **self._settings(settings))

    def resource(self, service: str = "dynamodb", **settings):
        """A boto3 resource; `settings` are those of boto3's."""
        with _making:
            return _session().resource(service, **self._settings(settings))

    def journal(self, requests_max: int = 10_000) -> Journal:
        """with world.journal() as journal: notes what is asked of this account meanwhile, and what that uses."""
        return Journal(self, requests_max)

    def seed(self, *paths, parameters=None, into_existing: bool = False) -> None:
        """Makes tables and items from folders and files of JSON, CSV, CloudFormation templates or Terraform plans, as
        `shoal seed` does (docs/operations.md). `parameters` are those of templates: {"Stage": "test"}"""
        words = [word for name, value in (parameters or {}).items() for word in ("--parameter", f"{name}={value}")]
        ran = subprocess.run(
            [program(), "seed", *words, *(["--into-existing"] if into_existing else []), "--", *map(str, paths)],
            env={**os.environ, "AWS_ENDPOINT_URL": self.url, "AWS_SESSION_TOKEN": "", **self.environ},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if ran.returncode != 0:
            raise ShoalError(ran.stderr.strip())

    def reset(self) -> None:
        """Deletes all that this account has."""
        self.server.control("POST", "reset", {"account": self.access_key})

    @property
    def environ(self) -> dict:
        """Environment variables by which the SDK of any language finds here on its own."""
        return {"AWS_ENDPOINT_URL_DYNAMODB": self.url, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": self.url,
                "AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key,
                "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}

    def _settings(self, given: dict) -> dict:
        import botocore.config

        # A proxy of the environment would be asked for 127.0.0.1 of its own machine.
        config = botocore.config.Config(proxies={})
        if given.get("config") is not None:
            config = config.merge(given["config"])
        return {"endpoint_url": self.url, "region_name": self.region, "aws_access_key_id": self.access_key,
                "aws_secret_access_key": self.secret_key, **given, "config": config}

    def __repr__(self):
        return f"<account {self.access_key} of {self.url}>"


@functools.lru_cache(maxsize=None)
def _session():
    """boto3 with nothing of the developer's own profile and files. One for all, as the first client of a session takes 50 ms."""
    try:
        import boto3
        import botocore.session
    except ImportError as missing:
        raise ShoalError("clients are boto3's, which is not installed: pip install 'pytest-shoal[boto3]'") from missing
    return boto3.Session(botocore_session=botocore.session.Session(session_vars={
        "profile": (None, None, None, None), "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None)}))

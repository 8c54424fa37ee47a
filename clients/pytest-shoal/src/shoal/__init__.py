"""A DynamoDB of the tests' own: Shoal, started in memory on a free port, gone with the tests.

    with shoal.Server() as server:
        world = server.isolated()          # an empty one, which nobody else sees
        world.client().list_tables()       # boto3's client; world.resource() is its resource

Under pytest the fixtures of shoal.pytest_plugin do this: `shoal_client`, `shoal_resource`, and what they rest on.
"""

from .account import Account
from .error import ShoalError
from .remote import Remote
from .server import Server

__all__ = ["Account", "Remote", "Server", "ShoalError"]

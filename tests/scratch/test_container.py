"""PostgreSQL in a container; needs an engine and the image named by SCHEMASYNC_TEST_IMAGE (postgres:15)."""

import importlib.util
import os
from contextlib import closing

import pytest
from holding import hold, wait_until

from schemasync.errors import ScratchError
from schemasync.scratch import scratch_server
from schemasync.scratch.base import connect, execute
from schemasync.urls import connection_parameters

IMAGE = os.environ.get("SCHEMASYNC_TEST_IMAGE", "postgres:15")

if importlib.util.find_spec("testcontainers") is None:
    pytest.skip("the package testcontainers is not installed", allow_module_level=True)


def engine_is_missing() -> bool:
    import docker

    try:
        with closing(docker.from_env()) as engine:
            engine.ping()
    except (docker.errors.DockerException, OSError):
        return True
    return False


needs_engine = pytest.mark.skipif(engine_is_missing(), reason="no Docker engine answers")


def containers() -> list[str]:
    """The names of our containers, stopped ones too."""
    import docker

    with closing(docker.from_env()) as engine:
        # One may be removed between being listed and being looked at.
        found = engine.containers.list(all=True, filters={"name": "schemasync-scratch"}, ignore_removed=True)
        return [one.name for one in found]


@needs_engine
def test_databases_in_a_container() -> None:
    with scratch_server(f"container:{IMAGE}") as server:
        assert server.kind == "container"
        assert containers() == []
        with server.create_database() as database:
            assert len(containers()) == 1
            password = connection_parameters(database.url)["password"]
            assert password not in repr(database)
            with closing(connect(database.url)) as connection:
                settings = "SELECT current_setting('fsync'), current_setting('TimeZone'), upper('ä')"
                assert execute(connection, settings) == [("off", "UTC", "Ä")]
                assert connection.server_version == server.version
        with pytest.raises(ScratchError, match="does not exist"):
            database.connect()
    assert containers() == []


@needs_engine
def test_a_killed_process_leaves_no_container() -> None:
    with hold(f"container:{IMAGE}") as (owner, _):
        assert len(containers()) == 1
        owner.kill()
        owner.wait()
        wait_until(lambda: containers() == [])


@needs_engine
def test_an_image_that_there_is_not() -> None:
    with pytest.raises(ScratchError, match=r"no container of schemasync\.invalid/none:0 could be started"):
        scratch_server("container:schemasync.invalid/none:0").create_database()
    assert containers() == []


def test_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(ScratchError, match="no container of postgres:18 could be started") as caught:
        scratch_server("container").create_database()
    assert "is a Docker engine running" in caught.value.hint

"""Settings that follow the memory of the machine or the container."""

import pytest

from tellerdesk.core.embedded.memory import MB, memory, settings_for

GB = 1024 * MB


def setting(name: str, *, of: int, shared: int | None = 24 * GB) -> str:
    lines = dict(line.split(" = ") for line in settings_for(of, shared).splitlines())
    return lines[name]


@pytest.mark.parametrize(
    ("there", "buffers"), [(GB // 2, "128MB"), (2 * GB, "256MB"), (24 * GB, "3072MB"), (512 * GB, "4096MB")]
)
def test_an_eighth_within_limits(there, buffers):
    assert setting("shared_buffers", of=there) == buffers


@pytest.mark.parametrize(("there", "reserved"), [(GB // 2, "16MB"), (16 * GB, "512MB"), (512 * GB, "1024MB")])
def test_a_part_is_reserved_for_workers(there, reserved):
    assert setting("min_dynamic_shared_memory", of=there) == reserved


def test_half_of_it_caches_files():
    assert setting("effective_cache_size", of=8 * GB) == "4096MB"


@pytest.mark.parametrize(("shared", "kind"), [(64 * MB, "mmap"), (8 * GB, "posix"), (None, "posix")])
def test_workers_meet_in_a_file_where_a_container_has_little_shared_memory(shared, kind):
    assert setting("dynamic_shared_memory_type", of=8 * GB, shared=shared) == kind


@pytest.mark.parametrize(("said", "counts"), [(f"{64 * MB}\n", True), ("max\n", False), ("", False)])
def test_a_containers_limit_counts_where_it_is_one(tmp_path, said, counts):
    limit = tmp_path / "memory.max"
    limit.write_text(said, encoding="ascii")
    machine = memory(())
    assert memory((limit, tmp_path / "missing")) == (64 * MB if counts else machine)

"""The embedded server's configuration: sized for the machine, quiet about what people typed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

GIB = 1024**3

COMMON = {
    "listen_addresses": "''",
    "max_connections": "80",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # pglz, the only method of the embedded build, costs an intake three times the CPU of the work itself and saves little
    "wal_compression": "off",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    # rows of people must not reach the log: no statements, no values of a violated key
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "logging_collector": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "1GB",
}


def settings(*, disposable: bool) -> dict[str, str]:
    """Settings by name; a disposable cluster (for tests) trades safety for speed."""
    chosen = COMMON | sized(memory())
    if shared_memory_is_small():
        chosen["dynamic_shared_memory_type"] = "mmap"
    return chosen | DISPOSABLE if disposable else chosen


def written(chosen: dict[str, str]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in chosen.items())


def sized(memory_bytes: int) -> dict[str, str]:
    roomy = memory_bytes >= 8 * GIB
    return {
        "shared_buffers": f"{min(max(memory_bytes // 12 // 1024**2, 256), 8192)}MB",
        "work_mem": "32MB" if roomy else "16MB",
        "maintenance_work_mem": "512MB" if roomy else "128MB",
        "effective_cache_size": f"{max(memory_bytes // 2 // 1024**2, 512)}MB",
    }


def memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def shared_memory_is_small() -> bool:
    place = Path("/dev/shm")  # noqa: S108 - containers give 64 MB, too little for a parallel hash join
    return place.is_dir() and shutil.disk_usage(place).total < GIB // 2

"""The clock: wakes the services that work by time. It decides nothing itself."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.calendar import ZONE

#: Seconds between two sweeps.
SWEEP = 5


def clockwork(sweep: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
    """The jobs, not yet started. One run at a time each; a run that was missed is made up once."""
    scheduler = AsyncIOScheduler(
        timezone=ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(sweep, "interval", seconds=SWEEP, id="sweep")
    return scheduler

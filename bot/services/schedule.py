"""The clock: wakes the services that work by time. It decides nothing itself."""

from collections.abc import Awaitable, Callable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.calendar import ZONE

#: Seconds between two sweeps.
SWEEP = 5


def clockwork(
    sweep: Callable[[], Awaitable[None]], each_minute: Mapping[str, Callable[[], Awaitable[None]]]
) -> AsyncIOScheduler:
    """The jobs, not yet started. One run at a time each; a run that was missed is made up once.

    `each_minute`: jobs by their names.
    """
    scheduler = AsyncIOScheduler(
        timezone=ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(sweep, "interval", seconds=SWEEP, id="sweep")
    for name, job in each_minute.items():
        scheduler.add_job(job, "interval", minutes=1, id=name)
    return scheduler

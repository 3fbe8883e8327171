import datetime
from datetime import date, time, timedelta, timezone
from datetime import datetime as dt
date(2024, 2, 29), dt(2024, 1, 2), dt(2024, 1, 2, 3, 4, 5, 6), time(9, 30), time(9, 30, 15)
str(date(2024, 2, 29)), str(dt(2024, 1, 2)), str(dt(2024, 1, 2, 3, 4, 5, 6)), str(time(9, 30))
date(2023, 2, 29)
date(2023, 13, 1)
date(0, 1, 1)
dt(2024, 1, 1, 25)
date(2024, 1, 31) + timedelta(days=1), date(2024, 3, 1) - date(2024, 2, 1), dt(2024, 1, 1) + timedelta(hours=36), dt(2024, 1, 2) - dt(2024, 1, 1, 12)
timedelta(days=1, hours=2), timedelta(minutes=90), str(timedelta(days=1, hours=2)), str(timedelta(minutes=-5)), timedelta(0), timedelta(weeks=1).days, timedelta(hours=1.5).total_seconds()
timedelta(days=1) + timedelta(hours=1), timedelta(days=1) * 2, timedelta(days=3) > timedelta(hours=1), timedelta(days=1) / timedelta(hours=1), -timedelta(days=1)
date(2024, 1, 1) < date(2024, 1, 2), date(2024, 1, 1) == date(2024, 1, 1), max(date(2024, 1, 1), date(2023, 1, 1))
date(2024, 1, 1) < 5
date(2024, 1, 1) + 5
d = dt(2024, 5, 6, 7, 8, 9)
d.year, d.month, d.day, d.hour, d.minute, d.second, d.microsecond, d.date(), d.time(), d.weekday(), d.isoweekday()
d.isoformat(), d.date().isoformat(), d.isoformat(" "), d.strftime("%Y-%m-%d %H:%M:%S %a %b %B %A %j %p %I %y %%"), d.replace(year=2020, hour=0)
f"{d:%d.%m.%Y} {d}"
date.fromisoformat("2024-01-05"), dt.fromisoformat("2024-01-05T10:00:00"), dt.fromisoformat("2024-01-05 10:00:00.5"), dt.strptime("2024-03-04", "%Y-%m-%d"), dt.strptime("04/03/2024 10:11", "%d/%m/%Y %H:%M")
date.fromisoformat("nope")
dt.strptime("x", "%Y")
dt(2024, 1, 1, tzinfo=timezone.utc), str(dt(2024, 1, 1, tzinfo=timezone.utc)), dt(2024, 1, 1, tzinfo=timezone.utc).isoformat()
dt(2024, 1, 1, tzinfo=timezone.utc) < dt(2024, 1, 1)
dt(2024, 1, 1, tzinfo=timezone.utc) - dt(2024, 1, 1)
dt(2024, 1, 1) == dt(2024, 1, 1, tzinfo=timezone.utc)
isinstance(d, date), isinstance(d.date(), dt), type(d), type(d.date()), type(timedelta())
{date(2024, 1, 1): 1}[date(2024, 1, 1)]
import uuid
u = uuid.UUID("12345678123456781234567812345678")
u, str(u), u.hex, u == uuid.UUID(str(u)), type(u)
uuid.UUID("x")
datetime.datetime(2024, 1, 1), datetime.date.min if False else datetime.timedelta(seconds=1)
d.foo

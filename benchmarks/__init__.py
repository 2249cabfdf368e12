"""What the performance goals are measured with: `python -m benchmarks` (or `make bench`).

Everything runs against a scratch database of its own beside the bank's, made and dropped by the run, and a site of its
own on 127.0.0.1, served as `manage.py serve` serves it (gunicorn, 2 workers x 4 threads). Each line stands beside a
floor measured in the same run, interleaved with it: trust the ratio, not the milliseconds.

    python -m benchmarks                         all three, 1,000,000 customers
    python -m benchmarks lookup --customers 50000
    python -m benchmarks race chain
    python -m benchmarks what_if dashboard --customers 10000000 --keep ten    one filling; `--keep ten` finds it again

lookup   The counter's look-up (POST of number or document), the file it leads to, both by page and by interface, with
         eight clients at once. Floor: `/accounts/settings/`, the plainest page behind the login. Goal: the p99 of the
         look-up at most 1.5 times the floor's. An answer counts only with its status and a word of its body.
race     64 clients open 8 distinct persons at once. Goal: 8 customers, everyone else 409 with the number, no 500.
approvals  1,000 changes wait; eight checkers approve whatever their branch may decide, all at once. Goal: each applied
         once, everybody else 409, no other answer, the audit chain whole.
chain    Commits of audit events by 8 writers, one event each. Floor: the same inserts into a table without the trigger.
delta    What a night does after the load, on a bank of its own: the first day that fills everything, then three days on
         each of which 8 % of the customers have another AUM. Floor: a parallel scan of the day's table with an
         aggregate, in the same transaction. Goal: finding, writing and keeping the tier moves in 3 times the floor.
night    Snapshot files through `manage.py nightly`, on a bank of its own: three days each at 1, 2 and 5 times the
         customers, and once each files with bad lines, corrections, and the same file again. Floor: a plain COPY of the
         same file into an unlogged typed table. Goals: the whole load, key and tier included, in 3 times the floor,
         Python below 200 MB, and no step that grows faster than the customers.
duplicates  The search for customers who may be one person, on a bank of its own. Floor: every customer in use read once
         with the primary document, in parallel. Goals: 10 times the floor; process and sessions below 500 MB.
dashboard, what_if, assessment  share the night's bank after three nights. A branch's board beside the plainest page
         (goal: its p99 at most 1.5 times the floor's); a draft of the policy tried, from sums and from every line, and
         a quarter, both beside a parallel scan of the day's lines with an aggregate. Goal of the trial: 100 ms.
churn    (alone, with --file) A published churn file through customer import and night; every tier, band and owner is
         compared with arithmetic of its own. A trial, not a measurement.
"""

"""Papers that go from department to department: forms and routes as versions of data, tasks that belong to seats, votes bound to what was read.

A paper has one open step. Its tasks belong to seats (`head:12`, `duty:9`, `post:3-7`, `user:41`), so whoever stands in or takes over a post sees
them by themselves. Every act is a service that locks the paper's row first, then its steps, then its tasks, then what issues numbers; nothing else
is locked, in no other order. Contents, votes and events only grow; the database refuses what would break this (`migrations/0002_invariants.py`).
"""

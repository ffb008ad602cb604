"""Mail inside the plant: everyone has one mailbox, nothing is lost, and who wrote knows what was read.

A message is written once and never changes; a mailbox has a placement of it. Who has a placement may see the message, and nobody else: no administrator
either. What it says is handed out by the request that notes that it was read, so that reading and recalling are one race on one row.
Blind copies are known to the sender and to the recipient alone. It stands below the modules: they may send mail by it, it knows of none of them.
"""

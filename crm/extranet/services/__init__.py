"""Writing for the customers' site. What orders, requests and complaints are is said by the services of their own apps."""

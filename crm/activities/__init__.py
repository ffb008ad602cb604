"""What is promised to customers and done with them: regular visits and calls, the week that is laid by the line of calls, visits written in a shop."""

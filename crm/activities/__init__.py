"""What is promised to customers and done with them: regular visits and calls, the week that is laid by the line, questions with a clock, diaries."""

"""What is done with papers. One order of locks: the paper's row, its steps, its tasks, then what issues numbers."""
